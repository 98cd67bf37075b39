import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { keys } from './keys.ts';
import { script } from './script.ts';

const KEEP_MS = 180 * 24 * 3600_000;
/** Of one cluster; what was done longest ago is forgotten first. */
const MAX_USES = 100_000;
/** What is over is forgotten in pieces, so that no one command takes long. */
const FORGET_AT_ONCE = 1000;
const DIGITS = 22;

/** Something that was done. */
export interface Use {
  /** Same for what counts as the same. */
  readonly name: string;
  /** Same only when the same event comes again. */
  readonly fingerprint: string;
}

/** What was done in the clusters at least once, so that the first time is known; forgotten when it was not done for 180 days. */
export interface FirstUses {
  /** Since when it is kept for a cluster: the moment of the first call. */
  readonly since: (cluster: string, nowMs: number) => Promise<number>;
  /** Whether each is a first one; of what is only learned none is. The event of a first use is one again when it comes again. */
  readonly add: (cluster: string, uses: readonly Use[], how: { readonly nowMs: number; readonly isLearning: boolean }) => Promise<readonly boolean[]>;
}

/** KEYS: fingerprints, times. ARGV: now, time of what is over, whether it is only learned, most uses, then a name and a fingerprint for each use. */
const ADD = script(`
local over = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', ARGV[2], 'LIMIT', 0, ${FORGET_AT_ONCE})
for _, name in ipairs(over) do
  redis.call('ZREM', KEYS[2], name)
  redis.call('HDEL', KEYS[1], name)
end
local first = {}
for at = 5, #ARGV, 2 do
  local known = redis.call('HGET', KEYS[1], ARGV[at])
  if not known then
    known = ARGV[3] == '1' and '' or ARGV[at + 1]
    redis.call('HSET', KEYS[1], ARGV[at], known)
  end
  redis.call('ZADD', KEYS[2], ARGV[1], ARGV[at])
  table.insert(first, known == ARGV[at + 1] and 1 or 0)
end
for _, name in ipairs(redis.call('ZRANGE', KEYS[2], 0, -tonumber(ARGV[4]) - 1)) do
  redis.call('ZREM', KEYS[2], name)
  redis.call('HDEL', KEYS[1], name)
end
for _, key in ipairs(KEYS) do redis.call('PEXPIRE', key, ${KEEP_MS}) end
return first`);

export function createFirstUses(redis: Redis, maxUses: number = MAX_USES): FirstUses {
  return {
    async since(cluster, nowMs) {
      const key = keys.firstUsesSince(cluster);
      await redis.set(key, nowMs, 'NX');
      return Number(await redis.get(key));
    },
    async add(cluster, uses, { nowMs, isLearning }) {
      const named = uses.flatMap(({ name, fingerprint }) => [createHash('sha256').update(name).digest('base64url').slice(0, DIGITS), fingerprint]);
      const first = (await ADD(redis, [keys.firstUses(cluster), keys.firstUseTimes(cluster)], [nowMs, nowMs - KEEP_MS, isLearning ? 1 : 0, maxUses, ...named])) as readonly number[];
      return first.map((one) => one === 1);
    },
  };
}
