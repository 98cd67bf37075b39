import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { NeedQuestion, NeedStore } from '#src/model/needs.ts';
import { keys } from './keys.ts';
import { script } from './script.ts';

/** KEYS: questions, last writes. ARGV: field, the text that it must have or '', the new text, id of the write. Also when its answer was lost and it was sent again. */
const PUT = script(`
if redis.call('HGET', KEYS[2], ARGV[1]) == ARGV[4] then return 1 end
if (redis.call('HGET', KEYS[1], ARGV[1]) or '') ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[4])
return 1`);

/** KEYS: questions, last writes. ARGV: field, the text that it must have. */
const FORGET = script(`
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
redis.call('HDEL', KEYS[1], ARGV[1])
return redis.call('HDEL', KEYS[2], ARGV[1])`);

/** Questions in Redis; the next one about the same takes the place of the one before. */
export function createNeedStore(redis: Redis): NeedStore {
  return {
    all: async () => (await redis.hvals(keys.needs())).map(read),
    async of(person, cluster) {
      const stored = await redis.hget(keys.needs(), fieldOf({ person, cluster }));
      return stored === null ? undefined : read(stored);
    },
    async put(question, previous) {
      const texts = [fieldOf(question), previous === undefined ? '' : JSON.stringify(previous), JSON.stringify(question), randomUUID()];
      return (await PUT(redis, [keys.needs(), keys.needWrites()], texts)) === 1;
    },
    async forget(question) {
      await FORGET(redis, [keys.needs(), keys.needWrites()], [fieldOf(question), JSON.stringify(question)]);
    },
  };
}

function fieldOf({ cluster, person }: Pick<NeedQuestion, 'cluster' | 'person'>): string {
  return JSON.stringify([cluster, person]);
}

function read(text: string): NeedQuestion {
  return JSON.parse(text) as NeedQuestion;
}
