import type { Redis } from 'ioredis';
import type { Pace } from '#src/model/message-row.ts';
import { keys } from './keys.ts';
import { script } from './script.ts';

/** Slack allows about one post a second and channel; a little more keeps network jitter from making it two. */
const POST_EVERY_MS = 1100;
const MINUTE_MS = 60_000;
/** Of Slack's 50 updates a minute for the whole app, five are left alone and fifteen are kept for results and decisions. */
const UPDATES_PER_MINUTE = { progress: 30, result: 45, decision: 45 } as const;
const DAY_MS = 24 * 3600_000;

/** KEYS: times of updates, counter. ARGV: now, allowed a minute, wanted. Answers 0 when they were taken, else the milliseconds until they are free. */
const TAKE_UPDATES = script(`
local now, allowed = tonumber(ARGV[1]), tonumber(ARGV[2])
local wanted = math.min(tonumber(ARGV[3]), allowed)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ${MINUTE_MS})
local surplus = redis.call('ZCARD', KEYS[1]) + wanted - allowed
if surplus > 0 then
  local last = redis.call('ZRANGE', KEYS[1], surplus - 1, surplus - 1, 'WITHSCORES')
  return math.max(1, tonumber(last[2]) + ${MINUTE_MS} - now)
end
for i = 1, wanted do redis.call('ZADD', KEYS[1], now, ARGV[1] .. ':' .. redis.call('INCR', KEYS[2])) end
redis.call('PEXPIRE', KEYS[1], ${MINUTE_MS * 2})
return 0`);

/** ARGV: moment, ms to keep. */
const RAISE = script(`
local known = redis.call('GET', KEYS[1])
if not known or tonumber(known) < tonumber(ARGV[1]) then redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) end
return 1`);

export function createPace(redis: Redis): Pace {
  const until = async (name: string) => Number((await redis.get(keys.pause(name))) ?? 0);
  return {
    postAt: (channel) => until(`post/${channel}`),
    async posted(channel, at) {
      await RAISE(redis, [keys.pause(`post/${channel}`)], [at + POST_EVERY_MS, MINUTE_MS]);
    },
    async pause(name, at) {
      await RAISE(redis, [keys.pause(name)], [at, DAY_MS]);
    },
    pausedUntil: until,
    takeUpdates: async (count, urgency, now) => Number(await TAKE_UPDATES(redis, [keys.updates(), keys.workOrder()], [now, UPDATES_PER_MINUTE[urgency], count])),
    async live(id, now) {
      await redis.zadd(keys.liveMessages(), now, id);
      await redis.zremrangebyscore(keys.liveMessages(), '-inf', now - MINUTE_MS);
      return redis.zcard(keys.liveMessages());
    },
  };
}
