import { describe, expect, test } from '@jest/globals';
import { keys } from '#src/store/keys.ts';
import { createOnce } from '#src/store/once.ts';
import { onEveryRedis } from '#test/build/redis.ts';

const LAST_DELIVERY_MS = 6 * 60_000;

describe('src/store/once.ts', () => {
  onEveryRedis(({ redis }) => {
    test('is true for the first of many deliveries at once, over all replicas', async () => {
      const firsts = await Promise.all(Array.from({ length: 20 }, () => createOnce(redis()).isFirst('command/123.456')));

      expect(firsts.filter(Boolean)).toHaveLength(1);
    });

    test('tells deliveries of different things apart', async () => {
      const once = createOnce(redis());

      expect(await once.isFirst('command/1')).toBe(true);
      expect(await once.isFirst('press/1')).toBe(true);
      expect(await once.isFirst('command/1')).toBe(false);
    });

    test('remembers longer than Slack delivers again', async () => {
      await createOnce(redis()).isFirst('command/1');

      expect(await redis().pttl(keys.seen('command/1'))).toBeGreaterThan(LAST_DELIVERY_MS);
    });
  });
});
