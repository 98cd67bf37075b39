import type { Redis } from 'ioredis';
import type { AllowEntry, ConnectionStore } from '#src/model/connection.ts';
import { keys } from './keys.ts';
import { script } from './script.ts';

/** KEYS: entries, changes. ARGV: id, entry. */
const ADD = script(`
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
return redis.call('INCR', KEYS[2])`);

/** KEYS: entries, those for labels, changes. ARGV: id. Answers 0 where there is no such entry. */
const END = script(`
if redis.call('HDEL', KEYS[1], ARGV[1]) + redis.call('HDEL', KEYS[2], ARGV[1]) == 0 then return 0 end
return redis.call('INCR', KEYS[3])`);

/** Entries of the allowlist that people made in the chat, in Redis. */
export function createAllowEntries(redis: Redis): Pick<ConnectionStore, 'allowEntries' | 'allowRevision' | 'addAllowEntry' | 'endAllowEntry'> {
  const [entries, byLabel, changes] = [keys.allowEntries(), keys.allowEntriesByLabel(), keys.allowChanges()];
  return {
    async allowEntries() {
      const found = await Promise.all([entries, byLabel].map((place) => redis.hgetall(place)));
      return found.flatMap((some) => Object.values(some)).map((text) => JSON.parse(text) as AllowEntry).toSorted((a, b) => (a.id < b.id ? -1 : 1));
    },
    async allowRevision() {
      // An earlier version of the bot beside this one does not count its changes.
      const [count, length] = await Promise.all([redis.get(changes), redis.hlen(entries)]);
      return `${count ?? 0}/${length}`;
    },
    async addAllowEntry(entry) {
      await ADD(redis, [entry.labels === undefined ? entries : byLabel, changes], [entry.id, JSON.stringify(entry)]);
    },
    endAllowEntry: async (id) => Number(await END(redis, [entries, byLabel, changes], [id])) > 0,
  };
}
