import { afterEach, describe, expect, test } from '@jest/globals';
import { createApprovals } from '#src/approvals/approvals.ts';
import type { ApprovalRuns, Approvals } from '#src/model/approvals.ts';
import type { Services } from '#src/model/services.ts';
import { createQueues, type Queues } from '#src/queue/queue.ts';
import { startJobWorker, type Stoppable } from '#src/queue/workers.ts';
import { systemClock } from '#src/clock.ts';
import { QUEUE_PREFIX } from '#src/store/keys.ts';
import { job } from '#jobs/carry-out.ts';
import { anOutside, asked, caller, depsOf, stored, type Outside } from '#test/build/approvals-world.ts';
import { servicesWith, until, workerOptions } from '#test/build/queue.ts';
import { onEveryRedis } from '#test/build/redis.ts';
import { createKeptLog } from '#test/fakes/log.ts';

/** The embedded Redis takes about a second for each attempt. */
const SLOW_MS = 20_000;

/** The same job, which waits less between attempts. */
const hasty = { ...job, backoffMs: 1 };

describe('jobs/carry-out.ts', () => {
  onEveryRedis(({ redis }) => {
    const open: (Queues | Stoppable)[] = [];
    afterEach(async () => {
      for (const made of open.splice(0).reverse()) await ('stop' in made ? made.stop() : made.close());
    });
    /** A bot with a real queue and a real worker, by the real clock. */
    const start = (outside: Outside): Approvals & ApprovalRuns => {
      const queues = createQueues(redis(), QUEUE_PREFIX, createKeptLog());
      const deps = depsOf(outside);
      const bot = createApprovals({ ...deps, world: { ...deps.world, clock: systemClock }, queue: queues, job: hasty });
      const services: Services = servicesWith({ approvals: bot, approvalRuns: bot });
      open.push(queues, startJobWorker([hasty], services, workerOptions(redis())));
      return bot;
    };
    const stateOf = async (outside: Outside, id: string) => (await stored(outside, id)).state;
    const approved = async (bot: Approvals): Promise<string> => {
      const { id, planHash } = await asked(bot);
      await bot.decide(id, { verdict: 'approve', planHash }, caller('bo'));
      return id;
    };

    test('carries out what was approved, and takes it back by itself within moments of its end', async () => {
      const outside = anOutside(redis());
      outside.wish = { lastsMs: 400 };
      const id = await approved(start(outside));
      await until(async () => (await stateOf(outside, id)) === 'applied');
      const { endsAt = '' } = await stored(outside, id);
      await until(async () => (await stateOf(outside, id)) === 'reverted');

      expect(outside.deeds).toEqual([`made ${id}/ops-bob`, `took back ${id}/ops-bob`]);
      const late = Date.now() - Date.parse(endsAt);
      expect(late).toBeGreaterThanOrEqual(0);
      expect(late).toBeLessThan(3000);
    });

    test('takes back when a person says so, also right after it was carried out', async () => {
      const outside = anOutside(redis());
      const bot = start(outside);
      const id = await approved(bot);
      await until(async () => (await stateOf(outside, id)) === 'applied');
      await bot.undo(id, caller('cy'));
      await until(async () => (await stateOf(outside, id)) === 'reverted');

      expect(outside.deeds).toEqual([`made ${id}/ops-bob`, `took back ${id}/ops-bob`]);
    });

    test('tries again what could not be done, and says so when no attempt is left', async () => {
      const outside = anOutside(redis());
      outside.away.add('prod-eu');
      const bot = start(outside);
      const id = await approved(bot);
      await until(async () => (await stateOf(outside, id)) === 'failed');
      expect(await stored(outside, id)).toMatchObject({ results: [{ state: 'failed', problem: 'prod-eu does not answer' }] });

      outside.away.clear();
      await bot.retry(id, caller('bo'));
      await until(async () => (await stateOf(outside, id)) === 'applied');
      expect(outside.deeds).toEqual([`made ${id}/ops-bob`]);
    }, SLOW_MS);
  });
});
