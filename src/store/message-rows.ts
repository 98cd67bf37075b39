import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Place } from '#src/model/courier.ts';
import type { MessageRow, MessageRows, RowPatch, RowState } from '#src/model/message-row.ts';
import type { Urgency } from '#src/model/outbox.ts';
import { keys } from './keys.ts';
import { ADOPT, FORGET, PUT, RETARGET, SETTLE, TAKE } from './message-scripts.ts';

/** So many changes are looked at at a time; the rest of a channel waits its turn. */
const CHANGES_WINDOW = 50;

/** Messages in Redis, one hash each, forgotten `keepMs` after their last change. */
export function createMessageRows(redis: Redis, keepMs: number): MessageRows {
  const get = async (id: string) => toRow(id, await redis.hgetall(keys.message(id)));
  return {
    get,
    async put({ id, channel, thread = '', kind, template, data, urgency, revision = 0, ahead = false, fallbackUser = '' }) {
      const hash = createHash('sha256').update(`${template}\n${data}`).digest('base64url');
      const fields = ['kind', kind, 'template', template, 'data', data, 'thread', thread, 'fallbackUser', fallbackUser, 'revision', String(revision), 'ahead', ahead ? '1' : '0'];
      const answer = await PUT(redis, [keys.message(id)], [id, hash, keepMs, channel, revision, urgency, ...fields]);
      const [pending, where] = answer as [number, string];
      return { pending: pending === 1, channel: where };
    },
    async work(channel) {
      for (;;) {
        const [posts, changes] = await Promise.all([redis.zrange(keys.channelPosts(channel), '0', '0'), redis.zrange(keys.channelChanges(channel), '0', `${CHANGES_WINDOW - 1}`)]);
        const ids = [...posts, ...changes];
        const rows = await Promise.all(ids.map(get));
        const forgotten = ids.filter((_, index) => rows[index] === undefined);
        if (forgotten.length === 0) return rows.filter((row) => row !== undefined);
        for (const id of forgotten) await FORGET(redis, [keys.message(id)], [id, channel]);
      }
    },
    async take(row, until) {
      const taken = Number(await TAKE(redis, [keys.message(row.id)], [row.state, row.version, row.taken, until]));
      return taken === 0 ? undefined : { ...row, state: 'sending', taken, notBefore: until };
    },
    async settle({ id, taken, version }, { found, gone = [], ...fields }) {
      const changed = Object.entries(fields).flatMap(([field, value]) => [field, fieldText(value)]);
      await SETTLE(redis, [keys.message(id)], [id, taken, version, found === undefined ? '' : JSON.stringify(found), JSON.stringify(gone), ...changed]);
    },
    async adopt(id, place) {
      await ADOPT(redis, [keys.message(id)], [id, JSON.stringify(place)]);
    },
    async retarget({ id, taken }, channel) {
      await RETARGET(redis, [keys.message(id)], [id, taken, channel]);
    },
    busyChannels: () => redis.smembers(keys.busyChannels()),
    async counts() {
      const [channels, counted] = await Promise.all([redis.smembers(keys.busyChannels()), redis.hgetall(keys.messageCounts())]);
      const lists = channels.flatMap((channel) => [keys.channelPosts(channel), keys.channelChanges(channel)]);
      const waiting = await Promise.all(lists.map((list) => redis.zcard(list)));
      return { unsent: waiting.reduce((sum, count) => sum + count, 0), maybeDouble: Number(counted.maybeDouble ?? 0), failed: Number(counted.failed ?? 0) };
    },
  };
}

function toRow(id: string, stored: Readonly<Record<string, string>>): MessageRow | undefined {
  if (stored.channel === undefined) return undefined;
  const [place, ...copies] = JSON.parse(stored.places ?? '[]') as readonly Place[];
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
    taken: Number(stored.taken ?? 0),
    ...(place && { place }),
    copies,
    lost: Number(stored.lost ?? 0),
    failures: Number(stored.failures ?? 0),
    notBefore: Number(stored.notBefore ?? 0),
    sentAt: Number(stored.sentAt ?? 0),
    plain: stored.plain === '1',
  };
}

function fieldText(value: Exclude<RowPatch[keyof RowPatch], object | undefined>): string {
  return typeof value === 'boolean' ? (value ? '1' : '0') : String(value);
}
