import type { Redis } from 'ioredis';
import type { AllowEntry, ConnectionStore } from '#src/model/connection.ts';
import { keys } from './keys.ts';
import { script } from './script.ts';

/** KEYS: entries, changes. ARGV: id, entry. */
const ADD = script(`
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return redis.call('INCR', KEYS[2])`);

/** KEYS: entries, changes. ARGV: id. Answers 0 where there is no such entry. */
const END = script(`
if redis.call('HDEL', KEYS[1], ARGV[1]) == 0 then return 0 end
return redis.call('INCR', KEYS[2])`);

/** Entries of the allowlist that people made in the chat, in Redis. */
export function createAllowEntries(redis: Redis): Pick<ConnectionStore, 'allowEntries' | 'allowRevision' | 'addAllowEntry' | 'endAllowEntry'> {
  const places = [keys.allowEntries(), keys.allowChanges()];
  return {
    allowEntries: async () => Object.values(await redis.hgetall(keys.allowEntries())).map((text) => JSON.parse(text) as AllowEntry).toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    async allowRevision() {
      // An earlier version of the bot beside this one does not count its changes.
      const [changes, entries] = await Promise.all([redis.get(keys.allowChanges()), redis.hlen(keys.allowEntries())]);
      return `${changes ?? 0}/${entries}`;
    },
    async addAllowEntry(entry) {
      await ADD(redis, places, [entry.id, JSON.stringify(entry)]);
    },
    endAllowEntry: async (id) => Number(await END(redis, places, [id])) > 0,
  };
}
