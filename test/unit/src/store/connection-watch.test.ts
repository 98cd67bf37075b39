import { describe, expect, test } from '@jest/globals';
import { createConnectionWatch } from '#src/store/connection-watch.ts';
import { onEveryRedis } from '#test/build/redis.ts';

const MINUTE_MS = 60_000;
const GAP_MS = 10 * MINUTE_MS;
const WEB = { namespace: 'shop', kind: 'Deployment', name: 'web' };
const CART = { namespace: 'shop', kind: 'Deployment', name: 'cart' };

describe('src/store/connection-watch.ts', () => {
  onEveryRedis(({ redis }) => {
    test('time counts while the source tells something, and a gap does not', async () => {
      const watch = createConnectionWatch(redis());
      const at = (minute: number) => watch.seenUntil('prod', minute * MINUTE_MS, GAP_MS);

      expect([await at(100), await at(101), await at(110), await at(300), await at(302)]).toEqual([0, 1, 10, 10, 12].map((minutes) => minutes * MINUTE_MS));
    });

    test('what comes late or again adds nothing', async () => {
      const watch = createConnectionWatch(redis());
      for (const minute of [10, 12, 11, 12]) await watch.seenUntil('prod', minute * MINUTE_MS, GAP_MS);

      expect(await watch.seenUntil('prod', 13 * MINUTE_MS, GAP_MS)).toBe(3 * MINUTE_MS);
    });

    test('a workload is watched from when it was seen first', async () => {
      const watch = createConnectionWatch(redis());
      await watch.seenUntil('prod', 0, GAP_MS);
      await watch.begin('prod', [WEB]);
      await watch.seenUntil('prod', 5 * MINUTE_MS, GAP_MS);

      expect(await watch.begin('prod', [WEB, CART])).toEqual([0, 5 * MINUTE_MS]);
      await watch.seenUntil('prod', 6 * MINUTE_MS, GAP_MS);
      expect(await watch.watchedMs('prod', [WEB, CART, { ...CART, name: 'unseen' }])).toEqual([6 * MINUTE_MS, MINUTE_MS, undefined]);
      expect((await watch.all('prod')).toSorted()).toEqual([6 * MINUTE_MS, MINUTE_MS].toSorted());
      expect(await watch.watchedMs('dev', [WEB])).toEqual([undefined]);
    });

    test('a workload whose learning is ended counts as watched since ever, seen before or not', async () => {
      const watch = createConnectionWatch(redis());
      await watch.begin('prod', [WEB]);
      await watch.endLearning('prod', [WEB, CART]);

      expect(await watch.watchedMs('prod', [WEB, CART])).toEqual([Infinity, Infinity]);
      expect(await watch.begin('prod', [WEB, CART])).toEqual([-Infinity, -Infinity]);
      expect(await watch.all('prod')).toEqual([Infinity, Infinity]);
    });

    test('what could not be told is counted by day', async () => {
      const watch = createConnectionWatch(redis());
      await watch.countUntold('prod', '2026-11-24', { uncertain: 2 });
      await watch.countUntold('prod', '2026-11-24', { uncertain: 1, 'no address': 4 });

      expect(await watch.untold('prod', '2026-11-24')).toEqual({ uncertain: 3, 'no address': 4 });
      expect(await watch.untold('prod', '2026-11-25')).toEqual({});
      await watch.countUntold('prod', '2026-11-25', { uncertain: 1 });
      expect(await watch.untold('prod', '2026-11-25')).toEqual({ uncertain: 1 });
    });
  });
});
