import { DelayedError, UnrecoverableError, WaitingError, Worker, type ConnectionOptions, type Job as BullJob } from 'bullmq';
import { HandBack, Permanent, type Job } from '#src/model/job.ts';
import type { Log } from '#src/model/log.ts';
import type { Services } from '#src/model/services.ts';
import { DELIVERIES, JOBS } from './queue.ts';

/** A worker that does not renew its hold of a job for this long counts as dead, and the job goes to another one. */
const HOLD_MS = 15_000;
const LOOK_FOR_DEAD_MS = 5_000;
/** Deaths of workers that one job may survive. */
const DEATHS = 3;

export interface WorkerOptions {
  readonly connection: ConnectionOptions;
  readonly prefix: string;
  readonly concurrency: number;
  readonly scanTimeoutMs: number;
  readonly log: Log;
}

export interface Stoppable {
  /** Takes no new work, and finishes or hands back what it has. */
  readonly stop: () => Promise<void>;
}

/** Runs jobs. */
export function startJobWorker(jobs: readonly Job[], services: Services, options: WorkerOptions): Stoppable {
  const { log } = options;
  const stopping = new AbortController();
  const worker = new Worker(JOBS, (job, token) => runJob(job, token, jobs, services, options, stopping.signal), {
    ...holding(options),
    concurrency: options.concurrency,
  });
  worker.on('failed', (job, error) => {
    if (job !== undefined && isLastAttempt(job, error)) void giveUp(job, error, jobs, services);
  });
  return stoppable(worker, stopping, log, 'jobs');
}

/** Delivers messages; `deliver` tells when to come again. */
export function startDeliveryWorker(deliver: (channel: string, signal: AbortSignal) => Promise<number | undefined>, options: WorkerOptions): Stoppable {
  const stopping = new AbortController();
  const worker = new Worker<{ channel: string }>(
    DELIVERIES,
    async (job, token) => {
      const next = await deliver(job.data.channel, stopping.signal).catch((error: unknown) => {
        if (!stopping.signal.aborted) throw error;
        return Date.now();
      });
      if (next === undefined) return;
      await job.moveToDelayed(next, token);
      throw new DelayedError();
    },
    { ...holding(options), concurrency: 50 },
  );
  return stoppable(worker, stopping, options.log, 'deliveries');
}

function holding({ connection, prefix }: WorkerOptions) {
  return { connection, prefix, lockDuration: HOLD_MS, stalledInterval: LOOK_FOR_DEAD_MS, maxStalledCount: DEATHS };
}

function stoppable(worker: Worker, stopping: AbortController, log: Log, queue: string): Stoppable {
  worker.on('error', (error) => log.warn({ queue, error }, 'a worker met an error'));
  return {
    async stop() {
      stopping.abort(new HandBack());
      await worker.close();
    },
  };
}

async function runJob(job: BullJob, token: string | undefined, jobs: readonly Job[], services: Services, options: WorkerOptions, stopping: AbortSignal): Promise<void> {
  const definition = jobs.find(({ name }) => name === job.name);
  if (definition === undefined) {
    options.log.warn({ job: job.name }, 'a job of a name that this version does not know was dropped');
    return;
  }
  const payload = definition.payload.safeParse(job.data);
  if (!payload.success) throw new UnrecoverableError(`the payload of ${job.name} does not fit: ${payload.error.message}`);
  const timeout = AbortSignal.timeout(definition.timeoutMs === 'scan' ? options.scanTimeoutMs : definition.timeoutMs);
  const signal = AbortSignal.any([stopping, timeout]);
  try {
    await definition.run(payload.data, services, { signal, attempt: job.attemptsStarted, last: job.attemptsMade + 1 >= definition.attempts });
  } catch (error) {
    if (error instanceof HandBack) {
      await job.moveToWait(token);
      throw new WaitingError();
    }
    if (error instanceof Permanent) throw new UnrecoverableError(error.message);
    throw error;
  }
}

function isLastAttempt(job: BullJob, error: Error): boolean {
  return error instanceof UnrecoverableError || error.message.startsWith('job stalled') || job.attemptsMade >= (job.opts.attempts ?? 1);
}

async function giveUp(job: BullJob, error: Error, jobs: readonly Job[], services: Services): Promise<void> {
  const definition = jobs.find(({ name }) => name === job.name);
  const payload = definition?.payload.safeParse(job.data);
  services.log.error({ job: job.name, id: job.id, error }, 'a job failed for good');
  if (definition?.onGivenUp === undefined || !payload?.success) return;
  const reason = error.message.startsWith('job stalled') ? 'its worker stopped again and again' : 'of a fault in the bot';
  try {
    await definition.onGivenUp(payload.data, services, reason);
  } catch (again) {
    services.log.error({ job: job.name, error: again }, 'nobody could be told that a job failed');
  }
}
