import type { Redis } from 'ioredis';
import type { Once } from '#src/model/slack-stores.ts';
import { keys } from './keys.ts';

/** Longer than Slack goes on delivering an event again. */
const REMEMBERED_MS = 15 * 60_000;

export function createOnce(redis: Redis): Once {
  return { isFirst: async (id) => (await redis.set(keys.seen(id), '1', 'PX', REMEMBERED_MS, 'NX')) === 'OK' };
}
