import type { Redis } from 'ioredis';
import type { UnknownUsers } from '#src/model/unknown-users.ts';
import { keys } from './keys.ts';
import { script } from './script.ts';

/** ARGV: 1 where they take the place of those before, then names. */
const TELL = script(`
if ARGV[1] == '1' then redis.call('DEL', KEYS[1]) end
for index = 2, #ARGV do redis.call('SADD', KEYS[1], ARGV[index]) end
return #ARGV`);

export function createUnknownUsers(redis: Redis): UnknownUsers {
  return {
    async fresh(cluster, users) {
      const told = new Set(await redis.smembers(keys.toldUnknown(cluster)));
      return users.filter((user) => !told.has(user));
    },
    async told(cluster, users, areAll) {
      await TELL(redis, [keys.toldUnknown(cluster)], [areAll ? 1 : 0, ...users]);
    },
  };
}
