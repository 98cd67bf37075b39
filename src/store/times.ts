import type { Redis } from 'ioredis';
import { keys } from './keys.ts';
import { script } from './script.ts';

/** ISO 8601 texts of one length compare like the times they name. */
const RAISE = script(`
local known = redis.call('HGET', KEYS[1], ARGV[1])
if known and known >= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return 1`);

/** Named times that only ever move forward. */
export interface Times {
  readonly get: (name: string) => Promise<Date | undefined>;
  readonly raise: (name: string, at: Date) => Promise<void>;
}

export function createTimes(redis: Redis, kind: 'ticks' | 'digests'): Times {
  return {
    async get(name) {
      const stored = await redis.hget(keys[kind](), name);
      return stored === null ? undefined : new Date(stored);
    },
    async raise(name, at) {
      await RAISE(redis, [keys[kind]()], [name, at.toISOString()]);
    },
  };
}
