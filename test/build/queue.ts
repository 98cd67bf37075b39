import type { Redis } from 'ioredis';
import type { Services } from '#src/model/services.ts';
import type { WorkerOptions } from '#src/queue/workers.ts';
import { QUEUE_PREFIX } from '#src/store/keys.ts';
import { createKeptLog, type KeptLog } from '#test/fakes/log.ts';

/** The services that workers themselves use; whatever else a job of a test asks for has to be given. */
export function servicesWith(given: Partial<Services> = {}, log: KeptLog = createKeptLog()): Services {
  return { log, ...given } as Services;
}

export function workerOptions(redis: Redis, more: Partial<WorkerOptions> = {}): WorkerOptions {
  return { connection: redis, prefix: QUEUE_PREFIX, concurrency: 1, scanTimeoutMs: 1000, log: createKeptLog(), ...more };
}

/** Waits for something that another process or connection brings about; the test's own timeout ends it. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5));
}
