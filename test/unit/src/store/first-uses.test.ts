import { describe, expect, test } from '@jest/globals';
import { keys } from '#src/store/keys.ts';
import { createFirstUses } from '#src/store/first-uses.ts';
import { onEveryRedis } from '#test/build/redis.ts';

const DAY_MS = 24 * 3600_000;
const NOW_MS = Date.UTC(2026, 10, 25, 8);
const HOME = { name: 'ann from home', fingerprint: 'f1' };
const HOME_AGAIN = { name: 'ann from home', fingerprint: 'f2' };
const CAFE = { name: 'ann from a cafe', fingerprint: 'f3' };

describe('src/store/first-uses.ts', () => {
  onEveryRedis(({ redis }) => {
    function add(uses: Parameters<ReturnType<typeof createFirstUses>['add']>[1], differs: { readonly cluster?: string; readonly days?: number; readonly isLearning?: boolean } = {}) {
      const { cluster = 'prod', days = 0, isLearning = false } = differs;
      return createFirstUses(redis()).add(cluster, uses, { nowMs: NOW_MS + days * DAY_MS, isLearning });
    }

    test('the first use is one, also when the same batch comes again; later ones and those in the same batch are none', async () => {
      expect(await add([HOME, HOME_AGAIN, CAFE])).toEqual([true, false, true]);
      expect(await add([HOME, HOME_AGAIN, CAFE])).toEqual([true, false, true]);
      expect(await add([HOME], { cluster: 'staging' })).toEqual([true]);
    });

    test('what was learned is no first use afterwards, not even by the event of which it was learned', async () => {
      expect(await add([HOME], { isLearning: true })).toEqual([false]);
      expect(await add([HOME, HOME_AGAIN])).toEqual([false, false]);
    });

    test('what was not used for 180 days is forgotten, and what is used meanwhile is not', async () => {
      await add([HOME, CAFE]);
      await add([HOME_AGAIN], { days: 100 });

      expect(await add([{ ...CAFE, fingerprint: 'f4' }, { ...HOME, fingerprint: 'f5' }], { days: 181 })).toEqual([true, false]);
    });

    test('nothing is kept for ever, and both parts forget alike', async () => {
      await add([HOME, CAFE]);
      await add([CAFE], { days: 181 });

      expect([await redis().hlen(keys.firstUses('prod')), await redis().zcard(keys.firstUseTimes('prod'))]).toEqual([1, 1]);
      expect(await redis().pttl(keys.firstUses('prod'))).toBeGreaterThan(179 * DAY_MS);
      expect(await redis().pttl(keys.firstUseTimes('prod'))).toBeGreaterThan(179 * DAY_MS);
    });

    test('of more than there is room for, what was used longest ago is forgotten', async () => {
      const uses = createFirstUses(redis(), 2);
      for (const [minutes, use] of [HOME, CAFE, HOME_AGAIN, { name: 'ann from a train', fingerprint: 'f6' }].entries()) await uses.add('prod', [use], { nowMs: NOW_MS + minutes * 60_000, isLearning: false });

      expect([await redis().hlen(keys.firstUses('prod')), await redis().zcard(keys.firstUseTimes('prod'))]).toEqual([2, 2]);
      expect(await add([{ ...HOME, fingerprint: 'f7' }], { days: 1 })).toEqual([false]);
      expect(await add([{ ...CAFE, fingerprint: 'f8' }], { days: 1 })).toEqual([true]);
    });

    test('the beginning is the first moment that was given, for each cluster', async () => {
      const uses = createFirstUses(redis());

      expect([await uses.since('prod', NOW_MS), await uses.since('prod', NOW_MS + DAY_MS), await uses.since('staging', NOW_MS + 1)]).toEqual([NOW_MS, NOW_MS, NOW_MS + 1]);
    });
  });
});
