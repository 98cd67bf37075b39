/** For what a person waits for: fails at once when Redis is away, and soon when it hangs. */
export const PRODUCER = { maxRetriesPerRequest: 1, enableOfflineQueue: false, answerMs: 2500 } as const;

/** For workers: waits until Redis is back. */
export const CONSUMER = { maxRetriesPerRequest: null } as const;
