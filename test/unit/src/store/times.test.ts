import { describe, expect, test } from '@jest/globals';
import { createTimes } from '#src/store/times.ts';
import { onEveryRedis } from '#test/build/redis.ts';

const NINE = new Date('2026-11-23T09:00:00.000Z');
const TEN = new Date('2026-11-23T10:00:00.000Z');

describe('src/store/times.ts', () => {
  onEveryRedis(({ redis }) => {
    test('knows no time of a name before the first', async () => {
      expect(await createTimes(redis(), 'ticks').get('digest-daily')).toBeUndefined();
    });

    test('moves forward only', async () => {
      const times = createTimes(redis(), 'ticks');
      await times.raise('digest-daily', NINE);
      await times.raise('digest-daily', TEN);
      await times.raise('digest-daily', NINE);

      expect(await times.get('digest-daily')).toEqual(TEN);
    });

    test('ends at the latest of many replicas at once', async () => {
      const moments = Array.from({ length: 20 }, (_, index) => new Date(NINE.getTime() + ((index * 7) % 20) * 1000));

      await Promise.all(moments.map((at) => createTimes(redis(), 'ticks').raise('digest-daily', at)));

      expect(await createTimes(redis(), 'ticks').get('digest-daily')).toEqual(new Date(NINE.getTime() + 19_000));
    });

    test('keeps kinds and names apart', async () => {
      await createTimes(redis(), 'ticks').raise('daily', NINE);

      expect(await createTimes(redis(), 'digests').get('daily')).toBeUndefined();
      expect(await createTimes(redis(), 'ticks').get('weekly')).toBeUndefined();
    });
  });
});
