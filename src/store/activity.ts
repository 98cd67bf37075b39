import type { Redis } from 'ioredis';
import type { ActivityState, ActivityStore, LastSeen } from '#src/model/activity.ts';
import { keys } from './keys.ts';
import { script } from './script.ts';

const MAX_KEYS = 100_000;
const KEEP_DAY_MS = 400 * 24 * 3600_000;
/** In the order in which they weigh. */
const DEEDS = ['read', 'write', 'exec'] as const;
const TIME_DIGITS = 15;

/**
 * KEYS: users, bindings, who was acted as, then the minutes of each day. ARGV: most keys, how long days are kept, then for each of KEYS
 * how many and what: keys with their texts by turns, or bits. A greater text takes the place of a smaller one. Answers how many users
 * found no room.
 */
const ADD = script(`
local missed = 0
local at = 3
for which = 1, 3 do
  local last = at + 2 * tonumber(ARGV[at])
  for index = at + 1, last, 2 do
    local known = redis.call('HGET', KEYS[which], ARGV[index])
    if not known and redis.call('HLEN', KEYS[which]) >= tonumber(ARGV[1]) then
      if which == 1 then missed = missed + 1 end
    elseif not known or known < ARGV[index + 1] then redis.call('HSET', KEYS[which], ARGV[index], ARGV[index + 1]) end
  end
  at = last + 1
end
for day = 4, #KEYS do
  local last = at + tonumber(ARGV[at])
  for index = at + 1, last do redis.call('SETBIT', KEYS[day], ARGV[index], 1) end
  redis.call('PEXPIRE', KEYS[day], ARGV[2])
  at = last + 1
end
return missed`);

/** Who was seen in the clusters, and when they were watched. Adding the same again changes nothing. */
export function createActivityStore(redis: Redis, maxKeys: number = MAX_KEYS): ActivityStore {
  return {
    // One command however much was seen: batches come many times a second.
    async add(cluster, { users, bindings, actedAs, days }) {
      const seen = Object.entries({ users, bindings, actedAs });
      if (users.size + bindings.size + actedAs.size + days.size === 0) return 0;
      const places = [...seen.map(([what]) => keys.lastSeen(`${cluster}:${what}`)), ...[...days.keys()].map((day) => keys.watchedMinutes(`${cluster}:${day}`))];
      const lasts = seen.flatMap(([, last]) => [last.size, ...[...last].flatMap(([key, one]) => [key, textOf(one)])]);
      const watched = [...days.values()].map(({ minutes }) => bitsOf(minutes)).flatMap((bits) => [bits.length, ...bits]);
      return Number(await ADD(redis, places, [maxKeys, KEEP_DAY_MS, ...lasts, ...watched]));
    },
    async read(cluster, user, days) {
      const [seen, watches] = await Promise.all([redis.hget(keys.lastSeen(`${cluster}:users`), user), readDays(redis, cluster, days)]);
      return stateOf(seen === null ? [] : [[user, seen]], watches);
    },
    async readAll(cluster, days) {
      const [seen, watches] = await Promise.all([redis.hgetall(keys.lastSeen(`${cluster}:users`)), readDays(redis, cluster, days)]);
      return stateOf(Object.entries(seen), watches);
    },
  };
}

async function readDays(redis: Redis, cluster: string, days: readonly string[]): Promise<ActivityState['days']> {
  const [minutes, lost] = await Promise.all([
    days.length === 0 ? [] : redis.mgetBuffer(...days.map((day) => keys.watchedMinutes(`${cluster}:${day}`))),
    redis.hgetall(keys.watchedLost(cluster)),
  ]);
  return new Map(
    days.flatMap((day, index) => {
      const bits = minutes[index];
      return bits === undefined || bits === null ? [] : [[day, { minutes: new Uint8Array(bits), lost: Number(lost[day] ?? 0) }] as const];
    }),
  );
}

function stateOf(seen: readonly (readonly [user: string, text: string])[], days: ActivityState['days']): ActivityState {
  return { users: new Map(seen.map(([user, text]) => [user, lastSeenOf(text)])), bindings: new Map(), actedAs: new Map(), days };
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
