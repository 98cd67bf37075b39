import type { Redis } from 'ioredis';
import { targetText, type Repositories, type RepositoryState } from '#src/model/repositories.ts';
import { keys } from './keys.ts';

/** What is known of repositories, in Redis for good. */
export function createRepositoryStore(redis: Redis): Pick<Repositories, 'state' | 'keep'> {
  return {
    async state(target) {
      const stored = await redis.hget(keys.repositories(), targetText(target));
      return stored === null ? undefined : (JSON.parse(stored) as RepositoryState);
    },
    async keep(target, state) {
      await redis.hset(keys.repositories(), targetText(target), JSON.stringify(state));
    },
  };
}
