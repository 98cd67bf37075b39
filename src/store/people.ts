import type { Redis } from 'ioredis';
import type { PeopleSnapshot, PeopleStore } from '#src/model/people-store.ts';
import { keys } from './keys.ts';
import { script } from './script.ts';

/** ARGV: `askedAt` of the snapshot that this one follows, or nothing; the new one; the snapshot. */
const PUT = script(`
if (redis.call('HGET', KEYS[1], 'askedAt') or '') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'askedAt', ARGV[2], 'snapshot', ARGV[3])
return 1`);

/** Snapshots in Redis, each written in one step. */
export function createPeopleStore(redis: Redis): PeopleStore {
  const get = async (source: string): Promise<PeopleSnapshot | undefined> => {
    const stored = await redis.hget(keys.people(source), 'snapshot');
    return stored === null ? undefined : (JSON.parse(stored) as PeopleSnapshot);
  };
  return {
    get,
    all: async (sources) => (await Promise.all(sources.map(get))).filter((snapshot) => snapshot !== undefined),
    put: async (snapshot, previous) => (await PUT(redis, [keys.people(snapshot.source)], [previous?.askedAt ?? '', snapshot.askedAt, JSON.stringify(snapshot)])) === 1,
  };
}
