import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { limitAnswerTime } from '#src/store/answer-time.ts';
import { onRealRedis, type RedisUnderTest } from '#test/build/redis.ts';

const ANSWER_MS = 300;

async function connected({ server }: RedisUnderTest, options: { readonly commandTimeout?: number } = {}): Promise<Redis> {
  const redis = new Redis(server().url, { ...options, lazyConnect: true });
  await redis.connect();
  return redis;
}

/** Nothing of this process happens meanwhile. */
function block(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** Runs something while Redis takes commands that write and answers none of them. */
async function whileSilent({ redis }: RedisUnderTest, run: () => Promise<void>): Promise<void> {
  await redis().call('CLIENT', 'PAUSE', '60000', 'WRITE');
  try {
    await run();
  } finally {
    await redis().call('CLIENT', 'UNPAUSE');
  }
}

describe('src/store/answer-time.ts', () => {
  onRealRedis((under) => {
    test('what Redis does not answer fails, each command after its own time, and Redis can be used again', async () => {
      const redis = await connected(under);
      limitAnswerTime(redis, ANSWER_MS);
      await redis.set('a', '1');
      await whileSilent(under, async () => {
        const start = performance.now();
        const first = redis.set('a', '2').catch((error: unknown) => ({ error, ms: performance.now() - start }));
        block(ANSWER_MS / 2);
        const both = redis.multi().set('a', '3').get('a').exec();

        await expect(both).rejects.toThrow('Command timed out');
        const { error, ms } = (await first) as { readonly error: unknown; readonly ms: number };
        expect(error).toEqual(new Error('Command timed out'));
        expect(ms).toBeGreaterThanOrEqual(ANSWER_MS);
      });

      expect(await redis.set('a', '4')).toBe('OK');
      redis.disconnect();
    });

    test('a pause of the process itself, however long and often, is no silence of Redis', async () => {
      const [redis, plain] = [await connected(under), await connected(under, { commandTimeout: ANSWER_MS })];
      limitAnswerTime(redis, ANSWER_MS);
      for (let times = 0; times < 3; times += 1) {
        const answers = Promise.allSettled([redis.set('a', '1'), redis.multi().get('a').exec(), plain.get('a')]);
        block(3 * ANSWER_MS);
        await turn();

        // What ioredis does by itself shows that the answers had not been read.
        expect((await answers).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
      }
      redis.disconnect();
      plain.disconnect();
    });

    test('a connection that ends leaves nobody waiting', async () => {
      const redis = await connected(under);
      limitAnswerTime(redis, 60_000);
      await whileSilent(under, async () => {
        const answer = redis.set('a', '1');
        redis.disconnect();

        await expect(answer).rejects.toThrow('Connection is closed');
      });
    });
  });
});
