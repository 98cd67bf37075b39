import { Redis } from 'ioredis';
import type { MessageRows } from '#src/model/message-row.ts';
import type { Outbox } from '#src/model/outbox.ts';
import { createOutbox } from '#src/outbox/outbox.ts';
import { createQueues, DELIVERIES, JOBS, type Queues } from '#src/queue/queue.ts';
import { QUEUE_PREFIX } from '#src/store/keys.ts';
import { createMessageRows } from '#src/store/message-rows.ts';
import { createScanStore, type ScanStore } from '#src/store/scans.ts';
import { createKeptLog } from '#test/fakes/log.ts';
import type { Bot } from './bot.ts';

const KEEP_MS = 3600_000;
const STEP_MS = 550;
const PAUSE_MS = 10;

/** What another process could do that shares the Redis of a bot. */
export interface Outside {
  readonly redis: Redis;
  readonly outbox: Outbox;
  readonly rows: MessageRows;
  readonly queues: Queues;
  readonly scans: ScanStore;
  /** As if the time had gone by for which a dead process holds its jobs. */
  readonly forgetHolds: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export function outsideOf(bot: Bot): Outside {
  const redis = new Redis(bot.redis.url, { maxRetriesPerRequest: null });
  const queues = createQueues(redis, QUEUE_PREFIX, createKeptLog());
  const rows = createMessageRows(redis, KEEP_MS);
  return {
    redis,
    rows,
    queues,
    scans: createScanStore(redis, KEEP_MS),
    outbox: createOutbox(rows, queues.wake),
    async forgetHolds() {
      for (const queue of [JOBS, DELIVERIES]) {
        const key = (name: string) => `${QUEUE_PREFIX}:${queue}:${name}`;
        const held = await redis.lrange(key('active'), '0', '-1');
        // Whoever is held by nobody, and was seen before, counts as dead the next time that a worker looks.
        await redis.del(key('stalled-check'), ...held.map((id) => key(`${id}:lock`)));
        if (held.length > 0) await redis.sadd(key('stalled'), ...held);
      }
    },
    async close() {
      await queues.close();
      redis.disconnect();
    },
  };
}

/** Lets the time of Slack and of a bot that goes by it pass in half seconds, until something is so. */
export async function passTime({ slack }: Bot, { rows, queues }: Outside, until: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await until())) {
    await slack.quiet();
    await slack.control.clock.advance(STEP_MS);
    await Promise.all((await rows.busyChannels()).map(queues.wake));
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
