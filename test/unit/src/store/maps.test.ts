import { describe, expect, test } from '@jest/globals';
import type { MapSnapshot } from '#src/model/network-map.ts';
import { keys } from '#src/store/keys.ts';
import { createMapSnapshots } from '#src/store/maps.ts';
import { onEveryRedis } from '#test/build/redis.ts';

const KEEP_MS = 60_000;

describe('src/store/maps.ts', () => {
  onEveryRedis(({ redis }) => {
    const maps = () => createMapSnapshots(redis(), KEEP_MS);

    test('knows the last map of an earlier day, whether it was yesterday or long ago', async () => {
      await maps().keep('prod-eu', '2026-11-09', snapshot('2026-11-09T08:00:00.000Z'));
      await maps().keep('prod-eu', '2026-11-20', snapshot('2026-11-20T08:00:00.000Z'));
      await maps().keep('prod-eu', '2026-11-23', snapshot('2026-11-23T08:00:00.000Z'));

      expect(await maps().before('prod-eu', '2026-11-23')).toEqual(snapshot('2026-11-20T08:00:00.000Z'));
      expect(await maps().before('prod-eu', '2026-11-09')).toBeUndefined();
      expect(await maps().before('dev-us', '2026-11-23')).toBeUndefined();
    });

    test('has one map of a day, the last', async () => {
      await maps().keep('prod-eu', '2026-11-22', snapshot('2026-11-22T08:00:00.000Z'));
      await maps().keep('prod-eu', '2026-11-22', snapshot('2026-11-22T19:00:00.000Z'));

      expect((await maps().before('prod-eu', '2026-11-23'))?.at).toBe('2026-11-22T19:00:00.000Z');
    });

    test('keeps eight days, and none for ever', async () => {
      for (let day = 10; day < 30; day += 1) await maps().keep('prod-eu', `2026-11-${day}`, snapshot(`2026-11-${day}T08:00:00.000Z`));

      expect((await redis().hkeys(keys.maps('prod-eu'))).sort()).toEqual([22, 23, 24, 25, 26, 27, 28, 29].map((day) => `2026-11-${day}`));
      expect(await redis().pttl(keys.maps('prod-eu'))).toBeGreaterThan(0);
    });
  });
});

function snapshot(at: string): MapSnapshot {
  return { at, workloads: ['shop/web[Deployment]'], links: [{ from: 'any workload', to: 'shop/web[Deployment]', ports: ['all'] }], unlisted: 0, unread: 0 };
}
