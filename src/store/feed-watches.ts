import type { Redis } from 'ioredis';
import { keys } from './keys.ts';

/** What is known of the silences of a cluster's feeds. One process at a time has it. */
export interface FeedWatches<Watch> {
  readonly get: (cluster: string) => Promise<Watch | undefined>;
  readonly put: (cluster: string, watch: Watch) => Promise<void>;
}

export function createFeedWatches<Watch>(redis: Redis): FeedWatches<Watch> {
  return {
    async get(cluster) {
      const stored = await redis.get(keys.feedWatch(cluster));
      return stored === null ? undefined : (JSON.parse(stored) as Watch);
    },
    async put(cluster, watch) {
      await redis.set(keys.feedWatch(cluster), JSON.stringify(watch));
    },
  };
}
