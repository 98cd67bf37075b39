import { afterEach, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { defineJob, type QueuedJob } from '#src/model/job.ts';
import { createQueues, type Queues } from '#src/queue/queue.ts';
import { startJobWorker, type Stoppable } from '#src/queue/workers.ts';
import { keys, QUEUE_PREFIX } from '#src/store/keys.ts';
import { servicesWith, until, workerOptions } from '#test/build/queue.ts';
import { onEveryRedis } from '#test/build/redis.ts';
import { createKeptLog } from '#test/fakes/log.ts';

const job = defineJob({
  name: 'greet',
  summary: 'Greet.',
  payload: z.strictObject({ who: z.string() }),
  attempts: 1,
  backoffMs: 1,
  timeoutMs: 5000,
  repeat: 'Greeting twice does no harm.',
  run: () => Promise.resolve(),
});

const greeting = (who: string): QueuedJob<{ who: string }> => ({ job, payload: { who }, id: `greet-${who}` });

describe('src/queue/queue.ts', () => {
  onEveryRedis(({ redis }) => {
    const open: (Queues | Stoppable)[] = [];
    const queues = (): Queues => {
      const made = createQueues(redis(), QUEUE_PREFIX, createKeptLog());
      open.push(made);
      return made;
    };
    /** Runs `greet` and `farewell` until the test ends; answers what was greeted, in order. */
    const work = (greet: (who: string) => Promise<void> = () => Promise.resolve()): readonly string[] => {
      const done: string[] = [];
      const run = async ({ who }: { who: string }) => {
        await greet(who);
        done.push(who);
      };
      open.push(startJobWorker([{ ...job, run }, { ...job, name: 'farewell', run }], servicesWith(), workerOptions(redis())));
      return done;
    };
    afterEach(async () => {
      for (const made of open.splice(0)) await ('stop' in made ? made.stop() : made.close());
    });

    test('keeps every key in one slot of a Redis Cluster', async () => {
      const queue = queues();
      await queue.add(greeting('Ann'));
      await queue.wake('C1');

      const stored = await redis().keys('*');
      expect(stored.length).toBeGreaterThan(2);
      expect(stored.filter((key) => !key.startsWith('{k8ssec}:'))).toEqual([]);
      expect(stored.filter((key) => key === keys.scan('a1'))).toEqual([]);
    });

    test('runs an id once, also when it is added again after its end', async () => {
      const queue = queues();
      const done = work();
      await queue.add(greeting('Ann'));
      await until(() => done.length === 1);

      await queue.add(greeting('Ann'));
      await queue.add(greeting('Bo'));
      await until(() => done.includes('Bo'));

      expect(done).toEqual(['Ann', 'Bo']);
    });

    test('begins what is delayed when its time has come', async () => {
      const queue = queues();
      const done = work();
      await queue.add({ ...greeting('Ann'), delayMs: 3600_000 });
      await queue.add({ ...greeting('Cy'), delayMs: 50 });
      await queue.add({ ...greeting('Bo'), delayMs: -5 });
      await until(() => done.length === 2);

      expect(done).toEqual(['Bo', 'Cy']);
      expect(await queue.isPending('greet-Ann')).toBe(true);
    });

    test('runs an id that is to be forgotten again after its end, and not before', async () => {
      const queue = queues();
      const forgotten = { ...greeting('Ann'), forget: true } as const;
      await queue.add(forgotten);
      await queue.add(forgotten);
      const done = work();
      await until(async () => done.length === 1 && !(await queue.isPending('greet-Ann')));
      await queue.add(forgotten);
      await until(() => done.length === 2);

      expect(done).toEqual(['Ann', 'Ann']);
    });

    test('runs what is to follow itself once more when it is asked for while it runs, and not when it still waits', async () => {
      const queue = queues();
      const follow = { ...greeting('Ann'), follow: true } as const;
      await queue.add(follow);
      await queue.add(follow);
      let isAsked = false;
      const done = work(async () => {
        if (isAsked) return;
        isAsked = true;
        await queue.add(follow);
        await queue.add({ ...follow, delayMs: 10 });
      });
      await until(async () => done.length === 2 && Object.values(await queue.counts()).every((count) => count === 0));

      expect(done).toEqual(['Ann', 'Ann']);
    });

    test('refuses a payload that does not fit when it is queued', async () => {
      const wrong = { job, payload: { who: 7 }, id: 'greet-7' } as unknown as QueuedJob<{ who: string }>;

      await expect(queues().add(wrong)).rejects.toThrow();
      await expect(queues().addFlow(wrong, [])).rejects.toThrow();
    });

    test('knows what is still to be done', async () => {
      const queue = queues();
      expect(await queue.isPending('greet-Ann')).toBe(false);
      await queue.add(greeting('Ann'));
      expect(await queue.isPending('greet-Ann')).toBe(true);
      expect(await queue.counts()).toEqual({ waiting: 1, active: 0, delayed: 0, failed: 0 });

      const done = work();
      await until(() => done.length === 1);
      await until(async () => !(await queue.isPending('greet-Ann')));
      expect(await queue.counts()).toEqual({ waiting: 0, active: 0, delayed: 0, failed: 0 });
    });

    test('a parent runs once after all its children, failed ones included', async () => {
      const queue = queues();
      const done = work((who) => (who === 'Bo' ? Promise.reject(new Error('no')) : Promise.resolve()));

      await queue.addFlow({ job: { ...job, name: 'farewell' }, payload: { who: 'all' }, id: 'farewell-all' }, ['Ann', 'Bo', 'Cy'].map(greeting));
      await until(() => done.includes('all'));

      expect(done.toSorted()).toEqual(['Ann', 'Cy', 'all']);
      expect(done.at(-1)).toBe('all');
    });

    test('a parent waits while one of its children is still to be tried again', async () => {
      const queue = queues();
      let tries = 0;
      const done = work((who) => (who === 'Bo' && (tries += 1) < 3 ? Promise.reject(new Error('not yet')) : Promise.resolve()));
      const patient = (who: string): QueuedJob<{ who: string }> => ({ ...greeting(who), job: { ...job, attempts: 3 } });

      await queue.addFlow({ job: { ...job, name: 'farewell' }, payload: { who: 'all' }, id: 'farewell-all' }, [patient('Ann'), patient('Bo')]);
      await until(() => done.includes('all'));

      expect(done).toEqual(['Ann', 'Bo', 'all']);
    });

    test('a flow added twice at once is one flow', async () => {
      const [queue, other] = [queues(), queues()];
      const done = work();
      const parent = { job: { ...job, name: 'farewell' }, payload: { who: 'all' }, id: 'farewell-all' };

      await Promise.all([queue, other].map((one) => one.addFlow(parent, ['Ann', 'Bo'].map(greeting))));
      await until(() => done.includes('all'));
      await queue.add(greeting('Cy'));
      await until(() => done.includes('Cy'));

      expect(done.toSorted()).toEqual(['Ann', 'Bo', 'Cy', 'all']);
    });

    test('a parent whose children have all ended already runs at once', async () => {
      const queue = queues();
      const done = work();
      await queue.add(greeting('Ann'));
      await until(() => done.includes('Ann'));
      await until(async () => !(await queue.isPending('greet-Ann')));

      await queue.addFlow({ job: { ...job, name: 'farewell' }, payload: { who: 'all' }, id: 'farewell-all' }, [greeting('Ann')]);
      await until(() => done.includes('all'));

      expect(done).toEqual(['Ann', 'all']);
    });
  });
});
