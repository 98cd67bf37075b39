import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Queue as BullQueue } from 'bullmq';
import { z } from 'zod';
import { HandBack, Permanent, type Job, type JobRun } from '#src/model/job.ts';
import { createQueues, DELIVERIES, JOBS, type Queues } from '#src/queue/queue.ts';
import { startDeliveryWorker, startJobWorker, type Stoppable, type WorkerOptions } from '#src/queue/workers.ts';
import { QUEUE_PREFIX } from '#src/store/keys.ts';
import { servicesWith, until, workerOptions } from '#test/build/queue.ts';
import { onEveryRedis, onRealRedis, type RedisUnderTest } from '#test/build/redis.ts';
import { createKeptLog, type KeptLog } from '#test/fakes/log.ts';

interface Greeting {
  readonly who: string;
}

const base: Job<Greeting> = {
  name: 'greet',
  summary: 'Greet.',
  payload: z.strictObject({ who: z.string() }),
  attempts: 3,
  backoffMs: 1,
  timeoutMs: 5000,
  repeat: 'Greeting twice does no harm.',
  run: () => Promise.resolve(),
};

describe('src/queue/workers.ts', () => {
  onEveryRedis(({ redis }) => {
    const open: Stoppable[] = [];
    let queues: Queues;
    let log: KeptLog;
    beforeEach(() => {
      log = createKeptLog();
      queues = createQueues(redis(), QUEUE_PREFIX, log);
    });
    afterEach(async () => {
      for (const worker of open.splice(0)) await worker.stop();
      await queues.close();
    });
    const started = <T extends Stoppable>(worker: T): T => {
      open.push(worker);
      return worker;
    };
    const work = (job: Partial<Job<Greeting>>, options: Partial<WorkerOptions> = {}): Stoppable =>
      started(startJobWorker([{ ...base, ...job }], servicesWith({}, log), workerOptions(redis(), { log, ...options })));
    const greet = (who: string, job: Partial<Job<Greeting>> = {}) => queues.add({ job: { ...base, ...job }, payload: { who }, id: `greet-${who}` });

    describe('a job', () => {
      test('runs with its payload, as its first attempt', async () => {
        const runs: unknown[] = [];
        work({ run: (payload, _services, { attempt, last }) => Promise.resolve(void runs.push([payload, attempt, last])) });

        await greet('Ann');
        await until(() => runs.length === 1);

        expect(runs).toEqual([[{ who: 'Ann' }, 1, false]]);
      });

      test('that fails is tried as often as it says, and knows its last attempt', async () => {
        const runs: (readonly [number, boolean])[] = [];
        const givenUp: unknown[] = [];
        work({
          run: (_payload, _services, { attempt, last }) => {
            runs.push([attempt, last]);
            return Promise.reject(new Error('no'));
          },
          onGivenUp: (payload, _services, reason) => Promise.resolve(void givenUp.push([payload, reason])),
        });

        await greet('Ann');
        await until(() => givenUp.length === 1);

        expect(runs).toEqual([[1, false], [2, false], [3, true]]);
        expect(givenUp).toEqual([[{ who: 'Ann' }, 'the bot has a fault']]);
        expect(log.texts('error')).toEqual(['a job failed for good']);
        expect((await queues.counts()).failed).toBe(1);
      });

      test('that fails for good is not tried again', async () => {
        let runs = 0;
        const givenUp: string[] = [];
        work({
          run: () => {
            runs += 1;
            return Promise.reject(new Permanent('there is no such cluster'));
          },
          onGivenUp: ({ who }) => Promise.resolve(void givenUp.push(who)),
        });

        await greet('Ann');
        await until(() => givenUp.length === 1);

        expect(runs).toBe(1);
      });

      test('that takes too long is told so, and tried again', async () => {
        const reasons: unknown[] = [];
        work({ timeoutMs: 20, attempts: 2, run: (_payload, _services, run) => untilAborted(run).finally(() => reasons.push(run.signal.reason)) });

        await greet('Ann', { attempts: 2 });
        await until(() => reasons.length === 2);

        expect(reasons.map((reason) => (reason as Error).name)).toEqual(['TimeoutError', 'TimeoutError']);
      });

      test('that is a scan may take as long as configured', async () => {
        const reasons: unknown[] = [];
        work({ timeoutMs: 'scan', attempts: 1, run: (_payload, _services, run) => untilAborted(run).finally(() => reasons.push(run.signal.reason)) }, { scanTimeoutMs: 20 });

        await greet('Ann', { attempts: 1 });
        await until(() => reasons.length === 1);

        expect((reasons[0] as Error).name).toBe('TimeoutError');
      });

      test('of a name that this version does not know is dropped with a warning', async () => {
        work({});

        await greet('Ann', { name: 'salute' });
        await until(async () => !(await queues.isPending('greet-Ann')));

        expect(log.texts('warn')).toEqual(['a job of a name that this version does not know was dropped']);
        expect((await queues.counts()).failed).toBe(0);
      });

      test('with a payload that does not fit fails at once, and says so without the payload', async () => {
        const givenUp: unknown[] = [];
        work({ onGivenUp: (payload) => Promise.resolve(void givenUp.push(payload)) });
        const raw = new BullQueue(JOBS, { connection: redis(), prefix: QUEUE_PREFIX });

        await raw.add('greet', { who: 'Ann', password: 'canary-3f9c' }, { jobId: 'greet-Ann', attempts: 3 });
        await until(async () => (await queues.counts()).failed === 1);
        await until(() => log.texts('error').length === 1);
        await raw.close();

        expect(givenUp).toEqual([]);
        expect(log.lines.map(({ fields }) => JSON.stringify(fields, (_key, value: unknown) => (value instanceof Error ? value.message : value))).join('')).not.toContain('canary');
      });

      test('whose giving up fails leaves a line in the log, and the worker goes on', async () => {
        const done: string[] = [];
        work({
          run: ({ who }) => (who === 'Ann' ? Promise.reject(new Permanent('no')) : Promise.resolve(void done.push(who))),
          onGivenUp: () => Promise.reject(new Error('Redis is away')),
        });

        await greet('Ann');
        await greet('Bo');
        await until(() => done.length === 1 && log.lines.length === 2);

        expect(log.texts('error').toSorted()).toEqual(['a job failed for good', 'nobody could be told that a job failed']);
      });
    });

    describe('stopping', () => {
      test('hands a running job to another worker, which does not count as an attempt', async () => {
        const begun = Promise.withResolvers<void>();
        const first = work({
          attempts: 1,
          run: async (_payload, _services, run) => {
            begun.resolve();
            await untilAborted(run);
          },
        });
        await greet('Ann', { attempts: 1 });
        await begun.promise;

        await first.stop();
        expect(await queues.counts()).toEqual({ waiting: 1, active: 0, delayed: 0, failed: 0 });
        const runs: (readonly [number, boolean])[] = [];
        work({ attempts: 1, run: (_payload, _services, { attempt, last }) => Promise.resolve(void runs.push([attempt, last])) });
        await until(() => runs.length === 1);

        expect(runs).toEqual([[2, true]]);
        expect(log.texts('error')).toEqual([]);
      });

      test('takes whatever a job throws then for a consequence of it', async () => {
        const begun = Promise.withResolvers<void>();
        const first = work({
          run: async (_payload, _services, run) => {
            begun.resolve();
            await untilAborted(run).catch(() => undefined);
            throw new Error('the connection broke off');
          },
        });
        await greet('Ann');
        await begun.promise;

        await first.stop();

        expect(await queues.counts()).toEqual({ waiting: 1, active: 0, delayed: 0, failed: 0 });
      });

      test('waits for a job that ends by itself, and begins no further one', async () => {
        const begun = Promise.withResolvers<void>();
        const end = Promise.withResolvers<void>();
        const done: string[] = [];
        const worker = work({
          run: async ({ who }) => {
            begun.resolve();
            await end.promise;
            done.push(who);
          },
        });
        await greet('Ann');
        await greet('Bo');
        await begun.promise;

        const stopped = worker.stop();
        end.resolve();
        await stopped;

        expect(done).toEqual(['Ann']);
        expect((await queues.counts()).waiting).toBe(1);
      });

      test('a job may hand itself back at any time', async () => {
        const runs: number[] = [];
        work({
          attempts: 1,
          run: (_payload, _services, { attempt }) => {
            runs.push(attempt);
            return attempt < 3 ? Promise.reject(new HandBack()) : Promise.resolve();
          },
        });

        await greet('Ann', { attempts: 1 });
        await until(() => runs.length === 3);

        expect(runs).toEqual([1, 2, 3]);
      });
    });

    describe('deliveries', () => {
      const deliveries = (look: (channel: string, signal: AbortSignal) => Promise<number | undefined>): Stoppable => started(startDeliveryWorker(look, workerOptions(redis(), { log })));
      /** One look that waits for the test. */
      const gate = () => ({ entered: Promise.withResolvers<void>(), leave: Promise.withResolvers<number | undefined>() });

      test('many wake-ups at once lead to one look, or to two when some came during the first', async () => {
        const looks: string[] = [];
        deliveries((channel) => Promise.resolve(void looks.push(channel)));

        await Promise.all(Array.from({ length: 50 }, () => queues.wake('C1')));
        await untilQuiet();

        expect(looks.length).toBeGreaterThanOrEqual(1);
        expect(looks.length).toBeLessThanOrEqual(2);
      });

      test('a wake-up during a look is followed by another look', async () => {
        const gates = [gate(), gate()];
        let looks = 0;
        deliveries(() => enter(gates[looks++]));
        await queues.wake('C1');
        await gates[0]?.entered.promise;

        await queues.wake('C1');
        gates[0]?.leave.resolve(undefined);
        await gates[1]?.entered.promise;
        gates[1]?.leave.resolve(undefined);
        await untilQuiet();

        expect(looks).toBe(2);
      });

      test('a wake-up during a look that wants to come again much later is not put off until then', async () => {
        const gates = [gate(), gate()];
        let looks = 0;
        deliveries(() => enter(gates[looks++]));
        await queues.wake('C1');
        await gates[0]?.entered.promise;

        await queues.wake('C1');
        gates[0]?.leave.resolve(3600_000);
        await gates[1]?.entered.promise;
        gates[1]?.leave.resolve(undefined);
        await untilQuiet();

        expect(looks).toBe(2);
      });

      test('one channel is looked at by one worker at a time, others meanwhile', async () => {
        let now = 0;
        let most = 0;
        const looks: string[] = [];
        const look = async (channel: string): Promise<undefined> => {
          looks.push(channel);
          if (channel === 'C1') most = Math.max(most, (now += 1));
          await new Promise((resolve) => setTimeout(resolve, 10));
          if (channel === 'C1') now -= 1;
        };
        for (let replica = 0; replica < 3; replica += 1) deliveries(look);

        for (let round = 0; round < 10; round += 1) {
          await Promise.all(['C1', 'C1', 'C2', 'C3'].map((channel) => queues.wake(channel)));
          await new Promise((resolve) => setTimeout(resolve, 4));
        }
        await untilQuiet();

        expect(most).toBe(1);
        expect([...new Set(looks)].sort()).toEqual(['C1', 'C2', 'C3']);
      });

      test('come again when they said they would, and sooner when they are woken', async () => {
        const waits = [30, 3600_000, undefined];
        const at: number[] = [];
        deliveries(() => {
          at.push(Date.now());
          return Promise.resolve(waits[at.length - 1]);
        });

        await queues.wake('C1');
        await until(() => at.length === 2);
        expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThanOrEqual(29);
        await until(async () => (await delayedDeliveries()) === 1);
        await queues.wake('C1');
        await until(() => at.length === 3);
        await untilQuiet();

        expect(at).toHaveLength(3);
      });

      test('that fail are made again and say so', async () => {
        let looks = 0;
        deliveries(() => {
          looks += 1;
          return looks === 1 ? Promise.reject(new Error('Redis is away')) : Promise.resolve(undefined);
        });

        await queues.wake('C1');
        await until(async () => (await delayedDeliveries()) === 1);
        await queues.wake('C1');
        await until(() => looks === 2);
        await untilQuiet();

        expect(log.texts('error')).toEqual(['a delivery failed and is made again']);
      });

      test('that are broken off because the process stops are taken up by another one', async () => {
        const begun = Promise.withResolvers<void>();
        const first = deliveries(async (_channel, signal) => {
          begun.resolve();
          await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('stopped'))));
          return undefined;
        });
        await queues.wake('C1');
        await begun.promise;

        await first.stop();
        let looks = 0;
        deliveries(() => Promise.resolve(void (looks += 1)));
        await until(() => looks === 1);

        expect(log.texts('error')).toEqual([]);
      });

      test('leave nothing behind in the queue', async () => {
        let looks = 0;
        deliveries(() => Promise.resolve(void (looks += 1)));
        await queues.wake('C1');
        await until(() => looks === 1);
        await untilQuiet();

        const left = await redis().keys(`${QUEUE_PREFIX}:${DELIVERIES}:*`);
        expect(left.filter((key) => !/:(meta|events|id|stalled-check|marker)$/.test(key))).toEqual([]);
      });

      function enter(at: ReturnType<typeof gate> | undefined): Promise<number | undefined> {
        if (at === undefined) return Promise.reject(new Error('one look too many'));
        at.entered.resolve();
        return at.leave.promise;
      }

      async function delayedDeliveries(): Promise<number> {
        return redis().zcard(`${QUEUE_PREFIX}:${DELIVERIES}:delayed`);
      }

      async function untilQuiet(): Promise<void> {
        const lists = ['wait', 'active'].map((list) => `${QUEUE_PREFIX}:${DELIVERIES}:${list}`);
        await until(async () => (await Promise.all([...lists.map((list) => redis().llen(list)), delayedDeliveries()])).every((count) => count === 0));
      }
    });
  });

  onRealRedis((under) => {
    const open: (Stoppable | Queues)[] = [];
    afterEach(async () => {
      for (const made of open.splice(0)) await ('stop' in made ? made.stop() : made.close());
    });

    test('a job whose worker was killed goes to another one, as a further attempt', async () => {
      await killedWhileGreeting(under, open);
      const runs: (readonly [number, boolean])[] = [];

      open.push(startJobWorker([{ ...base, run: (_payload, _services, { attempt, last }) => Promise.resolve(void runs.push([attempt, last])) }], servicesWith(), workerOptions(under.redis(), { holdMs: 200 })));
      await until(() => runs.length === 1);

      expect(runs).toEqual([[2, false]]);
    });

    test('a job whose workers died again and again is given up without another run', async () => {
      await killedWhileGreeting(under, open);
      await under.redis().hset(`${QUEUE_PREFIX}:${JOBS}:greet-Ann`, 'stc', 3);
      const givenUp: string[] = [];
      let runs = 0;

      const job: Job<Greeting> = { ...base, run: () => Promise.resolve(void (runs += 1)), onGivenUp: (_payload, _services, reason) => Promise.resolve(void givenUp.push(reason)) };
      open.push(startJobWorker([job], servicesWith(), workerOptions(under.redis(), { holdMs: 200 })));
      await until(() => givenUp.length === 1);

      expect(givenUp).toEqual(['its worker stopped again and again']);
      expect(runs).toBe(0);
    });
  });
});

function untilAborted({ signal }: JobRun): Promise<void> {
  return new Promise((_resolve, reject) => {
    const abort = () => reject(signal.reason as Error);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort);
  });
}

/** Leaves a job behind in the hands of a process that is no more. */
async function killedWhileGreeting({ redis, server }: RedisUnderTest, open: (Stoppable | Queues)[]): Promise<void> {
  const queues = createQueues(redis(), QUEUE_PREFIX, createKeptLog());
  open.push(queues);
  await queues.add({ job: base, payload: { who: 'Ann' }, id: 'greet-Ann' });
  const script = `
    import { Redis } from 'ioredis';
    import { startJobWorker } from '#src/queue/workers.ts';
    import { servicesWith, workerOptions } from '#test/build/queue.ts';
    const redis = new Redis(process.argv[1], { maxRetriesPerRequest: null });
    const job = { name: 'greet', payload: { safeParse: (data) => ({ success: true, data }) }, attempts: 3, timeoutMs: 60000, run: () => { console.log('begun'); return new Promise(() => {}); } };
    startJobWorker([job], servicesWith(), workerOptions(redis, { holdMs: 200 }));`;
  const worker = spawn(process.execPath, ['--conditions=source', '--input-type=module', '--eval', script, server().url], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(worker.stdout, 'data');
  worker.kill('SIGKILL');
  await once(worker, 'exit');
}
