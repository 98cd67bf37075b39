import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { Redis } from 'ioredis';
import type { EventBatch, EventInbox, Feed } from '#src/model/event-intake.ts';
import { keys } from './keys.ts';
import { script } from './script.ts';

/** Room for batches of one cluster that nobody has settled yet; hours of a busy one. */
const MAX_BATCHES = 20_000;
const MAX_BYTES = 128 * 2 ** 20;
/** JSON of events becomes six times smaller even so. */
const FAST = { level: 1 };

/** KEYS: batches, bytes, and the cursor where one is to move. ARGV: feed, time, content, bytes, most batches, most bytes, cursor before, cursor after, whether there is a batch. */
const KEEP = script(`
if KEYS[3] and (redis.call('GET', KEYS[3]) or '') ~= ARGV[7] then return 2 end
if KEYS[3] and ARGV[9] == '0' then
  redis.call('SET', KEYS[3], ARGV[8])
  return 1
end
local batches = redis.call('XLEN', KEYS[1])
local held = batches == 0 and 0 or tonumber(redis.call('GET', KEYS[2]) or '0')
if batches >= tonumber(ARGV[5]) or held + tonumber(ARGV[4]) > tonumber(ARGV[6]) then return 0 end
redis.call('XADD', KEYS[1], '*', 'feed', ARGV[1], 'at', ARGV[2], 'content', ARGV[3])
redis.call('SET', KEYS[2], held + tonumber(ARGV[4]))
if KEYS[3] then redis.call('SET', KEYS[3], ARGV[8]) end
return 1`);

/** ARGV: owner, milliseconds. */
const HOLD = script(`
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1`);

const RELEASE = script(`
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1`);

/** What a new process remembers by: longer than anything is counted over, as far as there is room. */
const LATE_MS = 10 * 60_000;
const MAX_LATE_BYTES = 32 * 2 ** 20;

/**
 * KEYS: batches, bytes, counts, losses by day, batches of late, their bytes.
 * ARGV: id, bytes, day, time, events, malformed, lost, whether losses leave a gap, time of what is not of late any more, most bytes of late, how long these are kept.
 */
const SETTLE = script(`
local settled = redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[1])[1]
if not settled then return 0 end
redis.call('XDEL', KEYS[1], ARGV[1])
redis.call('DECRBY', KEYS[2], ARGV[2])
if (redis.call('HGET', KEYS[3], 'day') or '') < ARGV[3] then
  redis.call('HSET', KEYS[3], 'day', ARGV[3], 'events', 0, 'malformed', 0, 'lost', 0)
end
for index, name in ipairs({ 'events', 'malformed', 'lost' }) do redis.call('HINCRBY', KEYS[3], name, ARGV[4 + index]) end
if tonumber(ARGV[5]) > 0 then redis.call('HSET', KEYS[3], 'last', ARGV[4]) end
if tonumber(ARGV[7]) > 0 and ARGV[8] == '1' then redis.call('HINCRBY', KEYS[4], ARGV[3], ARGV[7]) end
if tonumber(ARGV[2]) == 0 or tonumber(ARGV[2]) > tonumber(ARGV[10]) then return 1 end
redis.call('XADD', KEYS[5], ARGV[1], unpack(settled[2]))
local held = tonumber(redis.call('GET', KEYS[6]) or '0') + tonumber(ARGV[2])
local oldest = redis.call('XRANGE', KEYS[5], '-', '+', 'COUNT', 1)[1]
while oldest[1] ~= ARGV[1] and (held > tonumber(ARGV[10]) or tonumber(oldest[2][4]) < tonumber(ARGV[9])) do
  redis.call('XDEL', KEYS[5], oldest[1])
  held = held - string.len(oldest[2][6])
  oldest = redis.call('XRANGE', KEYS[5], '-', '+', 'COUNT', 1)[1]
end
redis.call('SET', KEYS[6], oldest[1] == ARGV[1] and ARGV[2] or held)
for index = 5, 6 do redis.call('PEXPIRE', KEYS[index], ARGV[11]) end
return 1`);

/** Batches of events in Redis. What is full refuses: nothing that was taken is dropped. */
export function createEventInbox(redis: Redis, maxLateBytes: number = MAX_LATE_BYTES): EventInbox {
  return {
    async keep(cluster, { feed, cameAtMs, text }) {
      return (await KEEP(redis, placesOf(cluster), await keptOf(feed, cameAtMs, text))) === 1;
    },
    cursor: async (cluster, feed) => (await redis.get(keys.eventCursor(`${cluster}:${feed}`))) ?? undefined,
    async keepPulled(cluster, feed, { text, from = '', cursor, cameAtMs }) {
      const places = [...placesOf(cluster), keys.eventCursor(`${cluster}:${feed}`)];
      const outcome = await KEEP(redis, places, [...(await keptOf(feed, cameAtMs, text)), from, cursor, text === '' ? 0 : 1]);
      return outcome === 1 ? 'kept' : outcome === 2 ? 'stale' : 'full';
    },
    async tellProblem(cluster, feed, problem) {
      const key = keys.eventProblem(`${cluster}:${feed}`);
      await (problem === '' ? redis.del(key) : redis.set(key, problem));
    },
    problem: async (cluster, feed) => (await redis.get(keys.eventProblem(`${cluster}:${feed}`))) ?? undefined,
    hold: async (cluster, owner, ms) => (await HOLD(redis, [keys.eventHolder(cluster)], [owner, ms])) === 1,
    async release(cluster, owner) {
      await RELEASE(redis, [keys.eventHolder(cluster)], [owner]);
    },
    async next(cluster) {
      const [entry] = await redis.xrange(keys.eventBatches(cluster), '-', '+', 'COUNT', 1);
      return entry === undefined ? undefined : readBatch(...entry);
    },
    async settle(cluster, { id, feed, bytes, cameAtMs }, { events, malformed, lost }) {
      const places = [...placesOf(cluster), keys.eventCounts(`${cluster}:${feed}`), keys.watchedLost(cluster), keys.eventsOfLate(cluster), keys.eventsOfLateBytes(cluster)];
      // Only the audit log tells who was there, so only its losses leave a gap.
      await SETTLE(redis, places, [id, bytes, dayOf(cameAtMs), cameAtMs, events, malformed, lost, feed === 'audit' ? 1 : 0, cameAtMs - LATE_MS, maxLateBytes, LATE_MS]);
    },
    async *ofLate(cluster) {
      const key = keys.eventsOfLate(cluster);
      for (let from = '-'; ; ) {
        const [entry] = await redis.xrange(key, from, '+', 'COUNT', 1);
        if (entry === undefined) return;
        yield await readBatch(...entry);
        from = `(${entry[0]}`;
      }
    },
    async counts(cluster, feed) {
      const { day, last, events, malformed, lost } = await redis.hgetall(keys.eventCounts(`${cluster}:${feed}`));
      if (day === undefined) return undefined;
      return { day, lastMs: last === undefined ? undefined : Number(last), events: Number(events), malformed: Number(malformed), lost: Number(lost) };
    },
  };
}

function placesOf(cluster: string): readonly string[] {
  return [keys.eventBatches(cluster), keys.eventBytes(cluster)];
}

async function keptOf(feed: Feed, cameAtMs: number, text: string | undefined): Promise<readonly (string | number)[]> {
  const content = text === undefined ? '' : (await promisify(gzip)(text, FAST)).toString('base64');
  return [feed, cameAtMs, content, content.length, MAX_BATCHES, MAX_BYTES];
}

async function readBatch(id: string, fields: readonly string[]): Promise<EventBatch> {
  const field = (name: string) => fields[fields.indexOf(name) + 1] ?? '';
  const content = field('content');
  const text = content === '' ? undefined : (await promisify(gunzip)(Buffer.from(content, 'base64'))).toString('utf8');
  return { id, feed: field('feed') as Feed, cameAtMs: Number(field('at')), text, bytes: content.length };
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
