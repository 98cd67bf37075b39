import { Queue as BullQueue } from 'bullmq';
import { Redis } from 'ioredis';
import { createQueues, JOBS } from '#src/queue/queue.ts';
import { keys, QUEUE_PREFIX } from '#src/store/keys.ts';
import { createKeptLog } from '#test/fakes/log.ts';
import type { Bot } from './bot.ts';

const EVERY_MS = 8;
/** So much the bot's clock is moved each time; as much as what it waits for at most between two messages takes several. */
const SKIP_MS = 1200;

export interface HurryOptions {
  /** False leaves jobs that are to run later alone. */
  readonly jobs?: boolean;
}

/**
 * Lets the bot's own waiting go by: between posts, between changes of a message, and before a job is tried again. Slack's rates are
 * switched off for it. The result ends it.
 */
export function hurry({ redis: { url }, clock, slack }: Bot, { jobs: promotes = true }: HurryOptions = {}): () => Promise<void> {
  slack.control.rates.enabled = false;
  const redis = new Redis(url, { maxRetriesPerRequest: null });
  const queues = createQueues(redis, QUEUE_PREFIX, createKeptLog());
  const jobs = new BullQueue(JOBS, { connection: redis, prefix: QUEUE_PREFIX });
  // Tests that end Redis mean it.
  jobs.on('error', () => undefined);
  const over = new AbortController();
  const work = (async () => {
    while (!over.signal.aborted) {
      const channels = await redis.smembers(keys.busyChannels());
      if (channels.length > 0) clock.skip(SKIP_MS);
      await Promise.all(channels.map(queues.wake));
      if (promotes) await jobs.promoteJobs();
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
  })();
  return async () => {
    over.abort();
    await work;
    await Promise.all([queues.close(), jobs.close()]);
    redis.disconnect();
  };
}
