import type { Redis } from 'ioredis';
import type { SelfTests } from '#src/model/self-test.ts';
import { keys } from './keys.ts';

const MARK_MS = 24 * 3600_000;

/** In Redis: what one process leaves, another one may see come back. */
export function createSelfTests(redis: Redis): SelfTests {
  return {
    async of(cluster) {
      const { left, missing, back, foreign, foreignAt } = await redis.hgetall(keys.selfTest(cluster));
      return {
        ...(left !== undefined && { leftMs: Number(left) }),
        ...(missing !== undefined && { missingSinceMs: Number(missing) }),
        ...(back !== undefined && { backMs: Number(back) }),
        ...(foreign !== undefined && foreignAt !== undefined && { foreign: { cluster: foreign, atMs: Number(foreignAt) } }),
      };
    },
    async announce(cluster, mark) {
      await redis.set(keys.selfTestMark(mark), cluster, 'PX', MARK_MS);
    },
    async left(cluster, atMs) {
      await Promise.all([redis.hset(keys.selfTest(cluster), 'left', atMs), redis.hsetnx(keys.selfTest(cluster), 'missing', atMs)]);
    },
    async came(cluster, marks, atMs) {
      for (const mark of marks) {
        const from = await redis.get(keys.selfTestMark(mark));
        if (from === null) continue;
        if (from === cluster) await Promise.all([redis.hset(keys.selfTest(cluster), 'back', atMs), redis.hdel(keys.selfTest(cluster), 'missing')]);
        else await redis.hset(keys.selfTest(cluster), 'foreign', from, 'foreignAt', atMs);
      }
    },
  };
}
