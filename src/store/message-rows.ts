import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { MessageRow, MessageRows, RowPatch, RowState } from '#src/model/message-row.ts';
import type { Urgency } from '#src/model/outbox.ts';
import { keys } from './keys.ts';
import { script } from './script.ts';

/** A message is looked at this many at a time; the rest of a channel waits its turn. */
const WORK_WINDOW = 50;

/** KEYS: message, busy channels, work order. ARGV: id, hash, ms to keep, prefix of work keys, channel, then fields and values. */
const PUT = script(`
local channel = redis.call('HGET', KEYS[1], 'channel') or ARGV[5]
if redis.call('HGET', KEYS[1], 'hash') == ARGV[2] then return {0, channel} end
redis.call('HSET', KEYS[1], 'hash', ARGV[2], 'channel', channel, unpack(ARGV, 6))
redis.call('HINCRBY', KEYS[1], 'version', 1)
local state = redis.call('HGET', KEYS[1], 'state')
if state ~= 'sending' then redis.call('HSET', KEYS[1], 'state', 'pending', 'failures', 0, 'notBefore', 0) end
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('ZADD', ARGV[4] .. channel, 'NX', redis.call('INCR', KEYS[3]), ARGV[1])
redis.call('SADD', KEYS[2], channel)
return {1, channel}`);

/** KEYS: message. ARGV: state and version as they were read. */
const TAKE = script(`
if redis.call('HGET', KEYS[1], 'state') ~= ARGV[1] or redis.call('HGET', KEYS[1], 'version') ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], 'state', 'sending')
return 1`);

/** KEYS: message, work of its channel, busy channels, counts. ARGV: id, channel, version done or '', fields and values. */
const SETTLE = script(`
if redis.call('EXISTS', KEYS[1]) == 0 then
  redis.call('ZREM', KEYS[2], ARGV[1])
  return 0
end
local lost = redis.call('HGET', KEYS[1], 'lost') or '0'
local state = redis.call('HGET', KEYS[1], 'state')
redis.call('HSET', KEYS[1], unpack(ARGV, 4))
if lost == '0' and (redis.call('HGET', KEYS[1], 'lost') or '0') ~= '0' then redis.call('HINCRBY', KEYS[4], 'maybeDouble', 1) end
if state ~= 'failed' and redis.call('HGET', KEYS[1], 'state') == 'failed' then redis.call('HINCRBY', KEYS[4], 'failed', 1) end
local finished = redis.call('HGET', KEYS[1], 'state') == 'failed'
if ARGV[3] ~= '' then
  if redis.call('HGET', KEYS[1], 'version') == ARGV[3] then
    finished = true
  else
    redis.call('HSET', KEYS[1], 'state', 'pending')
  end
end
if finished then redis.call('ZREM', KEYS[2], ARGV[1]) end
if redis.call('ZCARD', KEYS[2]) == 0 then redis.call('SREM', KEYS[3], ARGV[2]) end
return 1`);

/** KEYS: message, work of its channel, busy channels, work order. ARGV: id, channel, fields and values. */
const ADOPT = script(`
redis.call('HSET', KEYS[1], 'state', 'pending', unpack(ARGV, 3))
redis.call('ZADD', KEYS[2], 'NX', redis.call('INCR', KEYS[4]), ARGV[1])
redis.call('SADD', KEYS[3], ARGV[2])
return 1`);

/** KEYS: message, old work, new work, busy channels. ARGV: id, old channel, new channel. */
const RETARGET = script(`
local order = redis.call('ZSCORE', KEYS[2], ARGV[1]) or '0'
redis.call('HSET', KEYS[1], 'channel', ARGV[3], 'state', 'pending', 'notBefore', 0)
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('ZADD', KEYS[3], order, ARGV[1])
redis.call('SADD', KEYS[4], ARGV[3])
if redis.call('ZCARD', KEYS[2]) == 0 then redis.call('SREM', KEYS[4], ARGV[2]) end
return 1`);

/** Messages in Redis, one hash each, forgotten `keepMs` after their last change. */
export function createMessageRows(redis: Redis, keepMs: number): MessageRows {
  const get = async (id: string) => toRow(id, await redis.hgetall(keys.message(id)));
  return {
    get,
    async put({ id, channel, thread = '', kind, template, data, urgency, fallbackUser = '' }) {
      const hash = createHash('sha256').update(`${template}\n${data}`).digest('base64url');
      const fields = ['kind', kind, 'template', template, 'data', data, 'urgency', urgency, 'thread', thread, 'fallbackUser', fallbackUser];
      const answer = await PUT(redis, [keys.message(id), keys.busyChannels(), keys.workOrder()], [id, hash, keepMs, keys.channelWork(''), channel, ...fields]);
      const [changed, where] = answer as [number, string];
      return { changed: changed === 1, channel: where };
    },
    async work(channel) {
      const ids = await redis.zrange(keys.channelWork(channel), 0, `${WORK_WINDOW - 1}`);
      const rows = await Promise.all(ids.map(get));
      const forgotten = ids.filter((_, index) => rows[index] === undefined);
      if (forgotten.length > 0) await redis.zrem(keys.channelWork(channel), ...forgotten);
      return rows.filter((row) => row !== undefined);
    },
    take: async (row) => (await TAKE(redis, [keys.message(row.id)], [row.state, row.version])) === 1,
    async settle(id, patch, done) {
      const row = await get(id);
      const channel = row?.channel ?? '';
      await SETTLE(redis, [keys.message(id), keys.channelWork(channel), keys.busyChannels(), keys.messageCounts()], [id, channel, done ?? '', ...fieldsOf(patch)]);
    },
    async adopt({ id, channel, place, copies }, found) {
      const change = place === undefined ? { place: found } : { copies: [...copies, found] };
      await ADOPT(redis, [keys.message(id), keys.channelWork(channel), keys.busyChannels(), keys.workOrder()], [id, channel, ...fieldsOf(change)]);
    },
    async retarget(id, channel) {
      const row = await get(id);
      if (row === undefined) return;
      await RETARGET(redis, [keys.message(id), keys.channelWork(row.channel), keys.channelWork(channel), keys.busyChannels()], [id, row.channel, channel]);
    },
    busyChannels: () => redis.smembers(keys.busyChannels()),
    async counts() {
      const [channels, counted] = await Promise.all([redis.smembers(keys.busyChannels()), redis.hgetall(keys.messageCounts())]);
      const waiting = await Promise.all(channels.map((channel) => redis.zcard(keys.channelWork(channel))));
      return { unsent: waiting.reduce((sum, count) => sum + count, 0), maybeDouble: Number(counted.maybeDouble ?? 0), failed: Number(counted.failed ?? 0) };
    },
  };
}

function toRow(id: string, stored: Readonly<Record<string, string>>): MessageRow | undefined {
  if (stored.channel === undefined) return undefined;
  return {
    id,
    channel: stored.channel,
    ...(stored.thread && { thread: stored.thread }),
    kind: stored.kind === 'file' ? 'file' : 'message',
    template: stored.template ?? '',
    data: stored.data ?? 'null',
    urgency: (stored.urgency ?? 'result') as Urgency,
    ...(stored.fallbackUser && { fallbackUser: stored.fallbackUser }),
    version: Number(stored.version),
    sentVersion: Number(stored.sentVersion ?? 0),
    state: (stored.state ?? 'pending') as RowState,
    ...(stored.place && { place: JSON.parse(stored.place) as MessageRow['copies'][number] }),
    copies: JSON.parse(stored.copies ?? '[]') as MessageRow['copies'],
    lost: Number(stored.lost ?? 0),
    failures: Number(stored.failures ?? 0),
    notBefore: Number(stored.notBefore ?? 0),
    sentAt: Number(stored.sentAt ?? 0),
    plain: stored.plain === '1',
  };
}

function fieldsOf(patch: RowPatch): readonly string[] {
  const fields = Object.entries(patch).flatMap(([field, value]) => [field, typeof value === 'object' ? JSON.stringify(value) : value === true ? '1' : String(value)]);
  return fields.length > 0 ? fields : ['touched', '1'];
}
