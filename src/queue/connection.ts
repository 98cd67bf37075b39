/** For adding jobs while a person waits: fails at once when Redis is away. */
export const PRODUCER = { maxRetriesPerRequest: 1, enableOfflineQueue: false } as const;

/** For workers: waits until Redis is back. */
export const CONSUMER = { maxRetriesPerRequest: null } as const;
