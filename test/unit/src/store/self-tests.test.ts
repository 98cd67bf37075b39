import { describe, expect, test } from '@jest/globals';
import { createSelfTests } from '#src/store/self-tests.ts';
import { onEveryRedis } from '#test/build/redis.ts';

const [A, B] = ['a1'.repeat(16), 'b2'.repeat(16)] as [string, string];

describe('src/store/self-tests.ts', () => {
  onEveryRedis(({ redis }) => {
    test('nothing is known before the first mark', async () => {
      expect(await createSelfTests(redis()).of('prod')).toEqual({});
    });

    test('marks are missing from the first one that is not back, until one is', async () => {
      const tests = createSelfTests(redis());
      for (const [mark, atMs] of [[A, 1000], [B, 2000]] as const) {
        await tests.announce('prod', mark);
        await tests.left('prod', atMs);
      }
      expect(await tests.of('prod')).toEqual({ leftMs: 2000, missingSinceMs: 1000 });

      await tests.came('prod', [B, B], 2500);
      expect(await tests.of('prod')).toEqual({ leftMs: 2000, backMs: 2500 });

      await tests.left('prod', 3000);
      expect(await tests.of('prod')).toEqual({ leftMs: 3000, missingSinceMs: 3000, backMs: 2500 });
    });

    test('a mark that comes by the feed of another cluster is told there', async () => {
      const tests = createSelfTests(redis());
      await tests.announce('staging', A);
      await tests.came('prod', [A], 1000);

      expect(await tests.of('prod')).toEqual({ foreign: { cluster: 'staging', atMs: 1000 } });
      expect(await tests.of('staging')).toEqual({});
    });

    test('a mark that nobody announced means nothing', async () => {
      const tests = createSelfTests(redis());
      await tests.came('prod', [A], 1000);

      expect(await tests.of('prod')).toEqual({});
    });
  });
});
