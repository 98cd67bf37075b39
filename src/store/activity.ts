import type { Redis } from 'ioredis';
import type { ActivityStore, LastSeen } from '#src/model/activity.ts';
import { keys } from './keys.ts';
import { script } from './script.ts';

const MAX_KEYS = 100_000;
const KEEP_DAY_MS = 400 * 24 * 3600_000;
/** In the order in which they weigh. */
const DEEDS = ['read', 'write', 'exec'] as const;
const TIME_DIGITS = 15;

/** ARGV: most keys, then key and text by turns. A greater text takes the place of a smaller one. Answers how many found no room. */
const RAISE = script(`
local missed = 0
for index = 2, #ARGV, 2 do
  local known = redis.call('HGET', KEYS[1], ARGV[index])
  if not known and redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[1]) then missed = missed + 1
  elseif not known or known < ARGV[index + 1] then redis.call('HSET', KEYS[1], ARGV[index], ARGV[index + 1]) end
end
return missed`);

/** Who was seen in the clusters, and when they were watched. Adding the same again changes nothing. */
export function createActivityStore(redis: Redis, maxKeys: number = MAX_KEYS): ActivityStore {
  return {
    async add(cluster, { users, bindings, actedAs, days }) {
      let missed = 0;
      for (const [what, seen] of Object.entries({ users, bindings, actedAs })) {
        if (seen.size === 0) continue;
        const lost = Number(await RAISE(redis, [keys.lastSeen(`${cluster}:${what}`)], [maxKeys, ...[...seen].flatMap(([key, last]) => [key, textOf(last)])]));
        if (what === 'users') missed += lost;
      }
      for (const [day, { minutes }] of days) {
        const key = keys.watchedMinutes(`${cluster}:${day}`);
        for (const bit of bitsOf(minutes)) await redis.setbit(key, bit, 1);
        await redis.pexpire(key, KEEP_DAY_MS);
      }
      return missed;
    },
    async read(cluster, user, days) {
      const [seen, minutes, lost] = await Promise.all([
        redis.hget(keys.lastSeen(`${cluster}:users`), user),
        days.length === 0 ? [] : redis.mgetBuffer(...days.map((day) => keys.watchedMinutes(`${cluster}:${day}`))),
        redis.hgetall(keys.watchedLost(cluster)),
      ]);
      const watches = days.flatMap((day, index) => {
        const bits = minutes[index];
        return bits === undefined || bits === null ? [] : [[day, { minutes: new Uint8Array(bits), lost: Number(lost[day] ?? 0) }] as const];
      });
      return { users: new Map(seen === null ? [] : [[user, lastSeenOf(seen)]]), bindings: new Map(), actedAs: new Map(), days: new Map(watches) };
    },
  };
}

/** Texts that compare like what they say. */
function textOf({ ms, deed, namespace }: LastSeen): string {
  return [String(ms).padStart(TIME_DIGITS, '0'), DEEDS.indexOf(deed), ...(namespace === undefined ? [] : [namespace])].join(' ');
}

function lastSeenOf(text: string): LastSeen {
  const [ms = '', deed = '', namespace] = text.split(' ');
  return { ms: Number(ms), deed: DEEDS[Number(deed)] ?? 'read', ...(namespace !== undefined && { namespace }) };
}

/** Redis counts the bits of a byte from the other end. */
function bitsOf(minutes: Uint8Array): readonly number[] {
  return [...minutes].flatMap((byte, index) => Array.from({ length: 8 }, (_, bit) => bit).filter((bit) => (byte & (1 << bit)) !== 0).map((bit) => index * 8 + 7 - bit));
}
