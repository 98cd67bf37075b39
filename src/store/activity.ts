import type { Redis } from 'ioredis';
import type { ActivityState, ActivityStore, LastSeen } from '#src/model/activity.ts';
import { actingKey, actingOf } from '#src/model/presence.ts';
import { chunksOf } from './chunks.ts';
import { keys } from './keys.ts';
import { script } from './script.ts';

const MAX_KEYS = 100_000;
/** What was used last before that tells of nothing any more either. */
const KEEP_DAY_MS = 400 * 24 * 3600_000;
/** In the order in which they weigh. */
const DEEDS = ['read', 'write', 'exec'] as const;
const TIME_DIGITS = 15;
/** Most keys that are forgotten by one command. */
const AT_ONCE = 500;
/** What was not asked for. */
const NOTHING: Omit<ActivityState, 'days'> = { users: new Map(), bindings: new Map(), actedAs: new Map(), tools: new Map() };

const NO_TEXTS: Readonly<Record<string, string>> = {};

/** What is kept by when it was last seen. */
type Seen = keyof typeof NOTHING;

/**
 * KEYS: users, bindings, who acted as whom, tools, days with reads, then the minutes of each day. ARGV: most keys, how long days are kept, then for each of
 * KEYS how many and what: keys with their texts by turns, days, or bits. A greater text takes the place of a smaller one. Answers how
 * many keys found no room, of those of the four of which it were the most: an event has one key of each, so that so many got lost at least.
 */
const ADD = script(`
local missed = 0
local at = 3
for which = 1, 4 do
  local roomless = 0
  local last = at + 2 * tonumber(ARGV[at])
  for index = at + 1, last, 2 do
    local known = redis.call('HGET', KEYS[which], ARGV[index])
    if not known and redis.call('HLEN', KEYS[which]) >= tonumber(ARGV[1]) then
      roomless = roomless + 1
    elseif not known or known < ARGV[index + 1] then redis.call('HSET', KEYS[which], ARGV[index], ARGV[index + 1]) end
  end
  if roomless > missed then missed = roomless end
  at = last + 1
end
local lastDay = at + tonumber(ARGV[at])
for index = at + 1, lastDay do redis.call('HSET', KEYS[5], ARGV[index], 1) end
at = lastDay + 1
for day = 6, #KEYS do
  local last = at + tonumber(ARGV[at])
  for index = at + 1, last do redis.call('SETBIT', KEYS[day], ARGV[index], 1) end
  redis.call('PEXPIRE', KEYS[day], ARGV[2])
  at = last + 1
end
return missed`);

/** ARGV: keys with their texts by turns. One that was seen again meanwhile stays. */
const FORGET = script(`
for index = 1, #ARGV, 2 do
  if redis.call('HGET', KEYS[1], ARGV[index]) == ARGV[index + 1] then redis.call('HDEL', KEYS[1], ARGV[index]) end
end
return 1`);

/** Who was seen in the clusters and what was used, and when they were watched. Adding the same again changes nothing. */
export function createActivityStore(redis: Redis, maxKeys: number = MAX_KEYS): ActivityStore {
  return {
    // One command however much was seen: batches come many times a second.
    async add(cluster, { users, bindings, actedAs, tools, days }) {
      const seen = Object.entries({ users, bindings, actedAs, tools } satisfies Record<Seen, Map<string, LastSeen>>);
      if (days.size === 0 && seen.every(([, last]) => last.size === 0)) return 0;
      const places = [...seen.map(([what]) => keys.lastSeen(`${cluster}:${what}`)), keys.watchedReads(cluster), ...[...days.keys()].map((day) => keys.watchedMinutes(`${cluster}:${day}`))];
      const lasts = seen.flatMap(([, last]) => [last.size, ...[...last].flatMap(([key, one]) => [key, textOf(one)])]);
      const read = [...days].flatMap(([day, { reads }]) => (reads ? [day] : []));
      const watched = [...days.values()].map(({ minutes }) => bitsOf(minutes)).flatMap((bits) => [bits.length, ...bits]);
      const missedBefore = [...days.values()].reduce((sum, { lost }) => sum + lost, 0);
      return missedBefore + Number(await ADD(redis, places, [maxKeys, KEEP_DAY_MS, ...lasts, read.length, ...read, ...watched]));
    },
    async read(cluster, user, days, proxies = []) {
      const acted = proxies.map((proxy) => actingKey(proxy, user));
      const [own, others, watches] = await Promise.all([
        redis.hget(keys.lastSeen(`${cluster}:users`), user),
        acted.length === 0 ? [] : redis.hmget(keys.lastSeen(`${cluster}:actedAs`), ...acted),
        readDays(redis, cluster, days),
      ]);
      return { ...NOTHING, users: latestOf([own, ...others].flatMap((text) => (text === null ? [] : [[user, text]]))), days: watches };
    },
    async readAll(cluster, days, proxies = []) {
      const [own, acted, watches] = await Promise.all([
        redis.hgetall(keys.lastSeen(`${cluster}:users`)),
        proxies.length === 0 ? NO_TEXTS : redis.hgetall(keys.lastSeen(`${cluster}:actedAs`)),
        readDays(redis, cluster, days),
      ]);
      const others = Object.entries(acted).flatMap(([key, text]) => {
        const [actor, user] = actingOf(key);
        return proxies.includes(actor) ? [[user, text] as const] : [];
      });
      return { ...NOTHING, users: latestOf([...Object.entries(own), ...others]), days: watches };
    },
    async readUses(cluster, days) {
      const latestDay = days.toSorted().at(-1);
      const oldest = latestDay === undefined ? '' : timeText(Date.parse(latestDay) - KEEP_DAY_MS);
      const used = (what: Seen) => readUsed(redis, keys.lastSeen(`${cluster}:${what}`), oldest);
      const [bindings, actedAs, tools, watches] = await Promise.all([used('bindings'), used('actedAs'), used('tools'), readDays(redis, cluster, days)]);
      return { ...NOTHING, bindings, actedAs, tools, days: watches };
    },
  };
}

/** Bindings, programs and their places come and go: those that were seen last before `oldest` are forgotten on the way. */
async function readUsed(redis: Redis, place: string, oldest: string): Promise<Map<string, LastSeen>> {
  const [past, rest]: [(readonly string[])[], (readonly string[])[]] = [[], []];
  for (const [key, text] of Object.entries(await redis.hgetall(place))) (text < oldest ? past : rest).push([key, text]);
  for (const some of chunksOf(past, AT_ONCE)) await FORGET(redis, [place], some.flat());
  return latestOf(rest);
}

async function readDays(redis: Redis, cluster: string, days: readonly string[]): Promise<ActivityState['days']> {
  const [minutes, lost, reads] = await Promise.all([
    days.length === 0 ? [] : redis.mgetBuffer(...days.map((day) => keys.watchedMinutes(`${cluster}:${day}`))),
    redis.hgetall(keys.watchedLost(cluster)),
    redis.hgetall(keys.watchedReads(cluster)),
  ]);
  return new Map(
    days.flatMap((day, index) => {
      const bits = minutes[index];
      return bits === undefined || bits === null ? [] : [[day, { minutes: new Uint8Array(bits), lost: Number(lost[day] ?? 0), reads: reads[day] !== undefined }] as const];
    }),
  );
}

/** By key, of several texts the greatest. */
function latestOf(seen: readonly (readonly string[])[]): Map<string, LastSeen> {
  const texts = new Map<string, string>();
  for (const [key = '', text = ''] of seen) if (text > (texts.get(key) ?? '')) texts.set(key, text);
  return new Map([...texts].map(([key, text]) => [key, lastSeenOf(text)]));
}

/** Texts that compare like what they say. */
function textOf({ ms, deed, namespace }: LastSeen): string {
  return [timeText(ms), DEEDS.indexOf(deed), ...(namespace === undefined ? [] : [namespace])].join(' ');
}

function timeText(ms: number): string {
  return String(ms).padStart(TIME_DIGITS, '0');
}

function lastSeenOf(text: string): LastSeen {
  const [ms = '', deed = '', namespace] = text.split(' ');
  return { ms: Number(ms), deed: DEEDS[Number(deed)] ?? 'read', ...(namespace !== undefined && { namespace }) };
}

/** Redis counts the bits of a byte from the other end. */
function bitsOf(minutes: Uint8Array): readonly number[] {
  return [...minutes].flatMap((byte, index) => Array.from({ length: 8 }, (_, bit) => bit).filter((bit) => (byte & (1 << bit)) !== 0).map((bit) => index * 8 + 7 - bit));
}
