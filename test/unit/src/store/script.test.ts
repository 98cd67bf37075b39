import { describe, expect, test } from '@jest/globals';
import { script } from '#src/store/script.ts';
import { onEveryRedis } from '#test/build/redis.ts';

const ADD = script(`return redis.call('INCRBY', KEYS[1], ARGV[1])`);
const BROKEN = script(`return redis.call('INCRBY', KEYS[1], 'no number')`);

describe('src/store/script.ts', () => {
  onEveryRedis(({ redis }) => {
    test('runs where it has never been seen, and where it has', async () => {
      await redis().script('FLUSH');

      expect(await ADD(redis(), ['{k8ssec}:n'], [2])).toBe(2);
      expect(await ADD(redis(), ['{k8ssec}:n'], [3])).toBe(5);
    });

    test('passes on any other error', async () => {
      await expect(BROKEN(redis(), ['{k8ssec}:n'], [])).rejects.toThrow(/not an integer/);
    });
  });
});
