import type { Redis } from 'ioredis';
import type { UnknownUsers } from '#src/model/unknown-users.ts';
import { keys } from './keys.ts';
import { script } from './script.ts';

const REPLACE = script(`
redis.call('DEL', KEYS[1])
for index = 1, #ARGV do redis.call('SADD', KEYS[1], ARGV[index]) end
return #ARGV`);

export function createUnknownUsers(redis: Redis): UnknownUsers {
  return {
    async fresh(cluster, users) {
      const told = new Set(await redis.smembers(keys.toldUnknown(cluster)));
      return users.filter((user) => !told.has(user));
    },
    async told(cluster, users) {
      await REPLACE(redis, [keys.toldUnknown(cluster)], users);
    },
  };
}
