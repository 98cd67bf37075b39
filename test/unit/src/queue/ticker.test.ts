import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { getTasks } from 'node-cron';
import { z } from 'zod';
import { systemClock } from '#src/clock.ts';
import { defineJob, type QueuedJob } from '#src/model/job.ts';
import type { Schedule } from '#src/model/schedules.ts';
import { createQueues } from '#src/queue/queue.ts';
import { createSchedules, createTicker, latestDue, type Ticker, type TickSource, type TickStore } from '#src/queue/ticker.ts';
import { QUEUE_PREFIX } from '#src/store/keys.ts';
import { createTimes } from '#src/store/times.ts';
import { onEveryRedis } from '#test/build/redis.ts';
import { createMovedClock } from '#test/fakes/clock.ts';
import { createKeptLog, type KeptLog } from '#test/fakes/log.ts';

const HOURLY: Schedule = { name: 'scan-prod', text: 'Scan of prod', cron: '0 * * * *', timeZone: 'UTC' };

const job = defineJob({
  name: 'greet',
  summary: 'Greet.',
  payload: z.strictObject({ due: z.iso.datetime() }),
  attempts: 1,
  backoffMs: 1,
  timeoutMs: 1000,
  repeat: 'Greeting twice does no harm.',
  run: () => Promise.resolve(),
});

function sourceFor(schedule: Schedule = HOURLY): TickSource {
  return { schedule, jobFor: (due) => ({ job, payload: { due: due.toISOString() } }) };
}

/** Redis as the clock sees it: what was queued, each id once, and the last tick of each schedule. */
function fakeRedis() {
  const queued = new Map<string, string>();
  const ticks = new Map<string, Date>();
  const state = { away: false, adds: 0 };
  const check = <T>(value: T): Promise<T> => (state.away ? Promise.reject(new Error('Redis is away')) : Promise.resolve(value));
  return {
    state,
    /** Times that jobs are due, oldest first. */
    due: () => [...queued.values()],
    ids: () => [...queued.keys()],
    last: (name: string) => ticks.get(name)?.toISOString(),
    queue: {
      add: async <Payload>({ id, payload }: QueuedJob<Payload>): Promise<void> => {
        await check(undefined);
        state.adds += 1;
        if (!queued.has(id)) queued.set(id, (payload as { due: string }).due);
      },
    },
    ticks: {
      get: (name) => check(ticks.get(name)),
      raise: async (name, at) => {
        await check(undefined);
        if ((ticks.get(name)?.getTime() ?? 0) < at.getTime()) ticks.set(name, at);
      },
    } satisfies TickStore,
  };
}

describe('src/queue/ticker.ts', () => {
  describe('in moved time', () => {
    const running: Ticker[] = [];
    let log: KeptLog;
    beforeEach(() => {
      log = createKeptLog();
      jest.useFakeTimers({ now: Date.parse('2026-11-23T08:30:00.000Z'), doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    });
    afterEach(async () => {
      for (const ticker of running.splice(0)) await ticker.stop();
      expect(jest.getTimerCount()).toBe(0);
      jest.useRealTimers();
    });
    const started = async (redis: Pick<ReturnType<typeof fakeRedis>, 'queue' | 'ticks'>, ...sources: readonly TickSource[]): Promise<Ticker> => {
      const ticker = createTicker({ sources: sources.length > 0 ? sources : [sourceFor()], queue: redis.queue, ticks: redis.ticks, clock: systemClock, log });
      running.push(ticker);
      await ticker.start();
      return ticker;
    };
    const pass = (minutes: number) => jest.advanceTimersByTimeAsync(minutes * 60_000);

    describe('ticks', () => {
      test('queue a job with the time it was due, under an id of schedule and time', async () => {
        const redis = fakeRedis();
        await started(redis);

        await pass(90);

        expect(redis.due()).toEqual(['2026-11-23T09:00:00.000Z', '2026-11-23T10:00:00.000Z']);
        expect(redis.ids()[0]).toBe('scan-prod-20261123T090000000Z');
        expect(redis.last('scan-prod')).toBe('2026-11-23T10:00:00.000Z');
      });

      test('of three replicas queue one job each', async () => {
        const redis = fakeRedis();
        for (let replica = 0; replica < 3; replica += 1) await started(redis);

        await pass(3 * 60);

        expect(redis.due()).toHaveLength(3);
      });

      test('follow the zone of their schedule, also over a change of the clocks', async () => {
        jest.setSystemTime(Date.parse('2026-10-23T12:00:00.000Z'));
        const redis = fakeRedis();
        await started(redis, sourceFor({ ...HOURLY, cron: '0 7 * * *', timeZone: 'Europe/Paris' }));

        await pass(3 * 24 * 60);

        expect(redis.due()).toEqual(['2026-10-24T05:00:00.000Z', '2026-10-25T06:00:00.000Z', '2026-10-26T06:00:00.000Z']);
      });

      test('do not come of a schedule that is off, nor after the end', async () => {
        const redis = fakeRedis();
        const ticker = await started(redis, sourceFor({ ...HOURLY, cron: 'off' }), sourceFor({ ...HOURLY, name: 'other' }));
        await pass(60);
        await ticker.stop();

        await pass(600);

        expect(redis.ids()).toEqual(['other-20261123T090000000Z']);
      });

      test('that pass while the machine sleeps are made up for by the latest one', async () => {
        const redis = fakeRedis();
        await started(redis);

        jest.setSystemTime(Date.parse('2026-11-23T12:20:00.000Z'));
        await pass(0.5);
        await pass(60);

        expect(redis.due()).toEqual(['2026-11-23T12:00:00.000Z', '2026-11-23T13:00:00.000Z']);
      });
    });

    describe('at the start', () => {
      test('queues the latest missed tick and no other', async () => {
        const redis = fakeRedis();
        await redis.ticks.raise('scan-prod', new Date('2026-11-22T20:00:00.000Z'));

        await started(redis);

        expect(redis.due()).toEqual(['2026-11-23T08:00:00.000Z']);
        expect(redis.last('scan-prod')).toBe('2026-11-23T08:00:00.000Z');
      });

      test('queues nothing that was queued before, however long ago its job was forgotten', async () => {
        const redis = fakeRedis();
        await redis.ticks.raise('scan-prod', new Date('2026-11-23T08:00:00.000Z'));

        await started(redis);

        expect(redis.state.adds).toBe(0);
      });

      test('queues nothing for a schedule that is new', async () => {
        const redis = fakeRedis();

        await started(redis);
        await running.splice(0)[0]?.stop();
        await started(redis);

        expect(redis.due()).toEqual([]);
        expect(redis.last('scan-prod')).toBe('2026-11-23T08:30:00.000Z');
      });

      test('queues nothing that was missed more than a day ago', async () => {
        const redis = fakeRedis();
        await redis.ticks.raise('weekly', new Date('2026-11-01T09:00:00.000Z'));

        await started(redis, sourceFor({ ...HOURLY, name: 'weekly', cron: '0 8 * * 0' }));

        expect(redis.due()).toEqual([]);
      });

      test('queues a missed tick once for several replicas', async () => {
        const redis = fakeRedis();
        await redis.ticks.raise('scan-prod', new Date('2026-11-22T20:00:00.000Z'));

        await Promise.all([started(redis), started(redis), started(redis)]);

        expect(redis.due()).toHaveLength(1);
      });

      test('queues again what was queued by a process that died before it had noted it, under the same id', async () => {
        const redis = fakeRedis();
        await redis.ticks.raise('scan-prod', new Date('2026-11-23T07:00:00.000Z'));
        const dying = { ...redis, ticks: { ...redis.ticks, raise: () => Promise.reject(new Error('killed')) } };
        await started(dying);
        await running.splice(0)[0]?.stop();

        await started(redis);

        expect(redis.state.adds).toBe(2);
        expect(redis.due()).toEqual(['2026-11-23T08:00:00.000Z']);
      });
    });

    describe('while Redis is away', () => {
      test('tries a tick again until it is queued', async () => {
        const redis = fakeRedis();
        await started(redis);
        redis.state.away = true;
        await pass(40);
        expect(log.texts('warn').length).toBeGreaterThan(10);

        redis.state.away = false;
        await pass(1);

        expect(redis.due()).toEqual(['2026-11-23T09:00:00.000Z']);
      });

      test('gives up a tick for the one after it', async () => {
        const redis = fakeRedis();
        await started(redis);
        redis.state.away = true;
        await pass(4 * 60);

        redis.state.away = false;
        await pass(1);

        expect(redis.due()).toEqual(['2026-11-23T12:00:00.000Z']);
      });

      test('gives up a tick for the one after it also where commands wait instead of failing', async () => {
        const redis = fakeRedis();
        const back = Promise.withResolvers<void>();
        let isAway = false;
        const patient = {
          queue: redis.queue,
          ticks: { ...redis.ticks, get: (name: string) => (isAway ? back.promise.then(() => redis.ticks.get(name)) : redis.ticks.get(name)) },
        };
        await started(patient);
        isAway = true;
        await pass(4 * 60);

        back.resolve();
        await pass(1);

        expect(redis.due()).toEqual(['2026-11-23T12:00:00.000Z']);
      });

      test('gives up a tick that is a day late', async () => {
        const redis = fakeRedis();
        await started(redis, sourceFor({ ...HOURLY, name: 'weekly', cron: '0 9 * * 1' }));
        redis.state.away = true;

        await pass(25 * 60);
        redis.state.away = false;
        await pass(60);

        expect(redis.due()).toEqual([]);
      });

      test('can be stopped', async () => {
        const redis = fakeRedis();
        const ticker = await started(redis);
        redis.state.away = true;
        await pass(31);

        await ticker.stop();
        redis.state.away = false;
        await pass(60);

        expect(redis.due()).toEqual([]);
      });
    });

    describe('schedules', () => {
      test('tell their next times, soonest first, and none when they are off', () => {
        const schedules = createSchedules([sourceFor(), sourceFor({ ...HOURLY, name: 'none', cron: 'off' })]);
        const [hourly, off] = schedules.all();
        if (hourly === undefined || off === undefined) throw new Error('there are two');

        expect(schedules.next(hourly, 3).map((at) => at.toISOString())).toEqual(['2026-11-23T09:00:00.000Z', '2026-11-23T10:00:00.000Z', '2026-11-23T11:00:00.000Z']);
        expect(schedules.next(off, 3)).toEqual([]);
      });

      test('leave nothing behind when they are asked about', async () => {
        const before = getTasks().size;

        createSchedules([sourceFor()]).next(HOURLY, 3);
        latestDue(HOURLY, new Date());
        await (await started(fakeRedis())).stop();

        expect(getTasks().size).toBe(before);
      });

      test.each([
        ['0 * * * *', 'UTC', '2026-11-23T08:30:59.999Z', '2026-11-23T08:00:00.000Z'],
        ['0 * * * *', 'UTC', '2026-11-23T08:00:00.000Z', '2026-11-23T08:00:00.000Z'],
        ['0 7 * * *', 'Asia/Kolkata', '2026-11-23T08:30:00.000Z', '2026-11-23T01:30:00.000Z'],
        ['0 9 * * *', 'UTC', '2026-11-23T08:59:59.000Z', '2026-11-22T09:00:00.000Z'],
        ['0 9 * * 1-5', 'UTC', '2026-11-22T08:00:00.000Z', undefined],
        ['0 9 1 1 *', 'UTC', '2026-11-22T08:00:00.000Z', undefined],
      ])('%s in %s was last due before %s at %s', (cron, timeZone, now, due) => {
        expect(latestDue({ ...HOURLY, cron, timeZone }, new Date(now))?.toISOString()).toBe(due);
      });
    });
  });

  onEveryRedis(({ redis }) => {
    test('one job comes of a tick of three replicas in the queue itself', async () => {
      const log = createKeptLog();
      const queues = createQueues(redis(), QUEUE_PREFIX, log);
      const ticks = createTimes(redis(), 'ticks');
      await ticks.raise('leap', new Date('2024-02-29T04:30:00.000Z'));
      const sources = [sourceFor({ ...HOURLY, name: 'leap', cron: '30 4 29 2 *' })];
      const replicas = Array.from({ length: 3 }, () => createTicker({ sources, queue: queues, ticks, clock: createMovedClock('2028-02-29T05:00:00.000Z'), log }));

      await Promise.all(replicas.map((replica) => replica.start()));
      for (const replica of replicas) await replica.stop();

      expect((await queues.counts()).waiting).toBe(1);
      expect(await queues.isPending('leap-20280229T043000000Z')).toBe(true);
      expect(await ticks.get('leap')).toEqual(new Date('2028-02-29T04:30:00.000Z'));
      await queues.close();
    });
  });
});
