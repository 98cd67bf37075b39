import type { RedisOptions } from 'ioredis';

/** For adding jobs while a person waits: fails at once when Redis is away. */
export const PRODUCER: RedisOptions = { maxRetriesPerRequest: 1, enableOfflineQueue: false };

/** For workers: waits until Redis is back. */
export const CONSUMER: RedisOptions = { maxRetriesPerRequest: null };
