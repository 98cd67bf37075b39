import { describe, expect, test } from '@jest/globals';
import { createPace } from '#src/store/pace.ts';
import { onEveryRedis } from '#test/build/redis.ts';

const NOW = Date.parse('2026-11-23T08:00:00.000Z');
const MINUTE_MS = 60_000;

describe('src/store/pace.ts', () => {
  onEveryRedis(({ redis }) => {
    const pace = () => createPace(redis());

    test('lets a channel be posted to again 1.1 seconds after the last post', async () => {
      await pace().posted('C1', NOW);

      expect(await pace().postAt('C1')).toBe(NOW + 1100);
      expect(await pace().postAt('C2')).toBe(0);
    });

    test('keeps the longer of two pauses', async () => {
      await pace().pause('chat.update', NOW + 30_000);
      await pace().pause('chat.update', NOW + 5000);

      expect(await pace().pausedUntil('chat.update')).toBe(NOW + 30_000);
      expect(await pace().pausedUntil('C1')).toBe(0);
    });

    test('gives out 45 updates a minute for results, over all replicas', async () => {
      const waits = await Promise.all(Array.from({ length: 60 }, () => pace().takeUpdates(1, 'result', NOW)));

      expect(waits.filter((wait) => wait === 0)).toHaveLength(45);
      expect(new Set(waits)).toEqual(new Set([0, MINUTE_MS]));
    });

    test('keeps fifteen of them for results while progress asks for all', async () => {
      for (let index = 0; index < 30; index += 1) expect(await pace().takeUpdates(1, 'progress', NOW + index)).toBe(0);

      expect(await pace().takeUpdates(1, 'progress', NOW + 30)).toBe(MINUTE_MS - 30);
      for (let index = 0; index < 15; index += 1) expect(await pace().takeUpdates(1, 'result', NOW + 30)).toBe(0);
      expect(await pace().takeUpdates(1, 'result', NOW + 30)).toBe(MINUTE_MS - 30);
    });

    test('says exactly when there is one again', async () => {
      for (let index = 0; index < 45; index += 1) await pace().takeUpdates(1, 'result', NOW + index * 100);

      const wait = await pace().takeUpdates(1, 'result', NOW + 5000);
      expect(await pace().takeUpdates(1, 'result', NOW + 5000 + wait - 1)).toBe(1);
      expect(await pace().takeUpdates(1, 'result', NOW + 5000 + wait)).toBe(0);

      // Sixteen have to lapse before progress is below its thirty: the last of them was taken at 1.6 seconds.
      expect(await pace().takeUpdates(1, 'progress', NOW + 5000 + wait)).toBe(NOW + 1600 + MINUTE_MS - (NOW + 5000 + wait));
    });

    test('takes several at once, or none', async () => {
      expect(await pace().takeUpdates(43, 'result', NOW)).toBe(0);
      expect(await pace().takeUpdates(3, 'result', NOW + 1000)).toBe(MINUTE_MS - 1000);
      expect(await pace().takeUpdates(2, 'result', NOW + 1000)).toBe(0);
    });

    test('lets a message with more posts than a minute allows be changed all the same', async () => {
      expect(await pace().takeUpdates(100, 'result', NOW)).toBe(0);
      expect(await pace().takeUpdates(1, 'result', NOW)).toBe(MINUTE_MS);
    });

    test('counts the messages that have shown progress within a minute', async () => {
      expect(await pace().live('scan/a', NOW)).toBe(1);
      expect(await pace().live('scan/b', NOW + 1000)).toBe(2);
      expect(await pace().live('scan/b', NOW + 2000)).toBe(2);
      expect(await pace().live('scan/b', NOW + MINUTE_MS)).toBe(1);
    });
  });
});
