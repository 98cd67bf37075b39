import type { Redis } from 'ioredis';
import type { PolicyLook, PolicyLooks } from '#src/model/own-policies.ts';
import { keys } from './keys.ts';

export function createPolicyLooks(redis: Redis): PolicyLooks {
  return {
    async get(cluster) {
      const stored = await redis.hget(keys.policyLooks(), cluster);
      return stored === null ? undefined : (JSON.parse(stored) as PolicyLook);
    },
    async put(cluster, look) {
      await redis.hset(keys.policyLooks(), cluster, JSON.stringify(look));
    },
  };
}
