import type { Redis } from 'ioredis';
import type { Pace } from '#src/model/message-row.ts';
import { keys } from './keys.ts';
import { script } from './script.ts';

/** Slack allows about one post a second and channel; a little more keeps network jitter from making it two. */
const POST_EVERY_MS = 1100;
const MINUTE_MS = 60_000;
/** Of Slack's 50 updates a minute for the whole app, five are left alone and fifteen are kept for results and decisions. */
const UPDATES_PER_MINUTE = { progress: 30, result: 45 } as const;
const HOUR_MS = 3600_000;

/** KEYS: times of updates. ARGV: now, allowed a minute. Answers 0 when one was taken, else the milliseconds until one is free. */
const TAKE_UPDATE = script(`
local now = tonumber(ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ${MINUTE_MS})
local taken = redis.call('ZCARD', KEYS[1])
if taken >= tonumber(ARGV[2]) then
  local oldest = redis.call('ZRANGE', KEYS[1], taken - tonumber(ARGV[2]), taken - tonumber(ARGV[2]), 'WITHSCORES')
  return math.max(1, tonumber(oldest[2]) + ${MINUTE_MS} - now)
end
redis.call('ZADD', KEYS[1], now, ARGV[1] .. ':' .. redis.call('INCR', KEYS[2]))
redis.call('PEXPIRE', KEYS[1], ${MINUTE_MS * 2})
return 0`);

export function createPace(redis: Redis): Pace {
  const until = async (name: string) => Number((await redis.get(keys.pause(name))) ?? 0);
  return {
    postAt: (channel) => until(`post/${channel}`),
    async posted(channel, at) {
      await redis.set(keys.pause(`post/${channel}`), at + POST_EVERY_MS, 'PX', MINUTE_MS);
    },
    async pause(name, at) {
      await redis.set(keys.pause(name), at, 'PX', HOUR_MS);
    },
    pausedUntil: until,
    takeUpdate: async (urgency, now) => Number(await TAKE_UPDATE(redis, [keys.updates(), keys.workOrder()], [now, UPDATES_PER_MINUTE[urgency]])),
    async live(id, now) {
      await redis.zadd(keys.liveMessages(), now, id);
      await redis.zremrangebyscore(keys.liveMessages(), '-inf', now - MINUTE_MS);
      return redis.zcard(keys.liveMessages());
    },
  };
}
