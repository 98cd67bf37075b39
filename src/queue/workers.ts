import { Queue as BullQueue, UnrecoverableError, WaitingError, Worker, type ConnectionOptions, type Job as BullJob } from 'bullmq';
import { HandBack, Permanent, type Job } from '#src/model/job.ts';
import type { Log } from '#src/model/log.ts';
import type { Services } from '#src/model/services.ts';
import { DELIVER, DELIVERIES, FORGOTTEN, JOBS } from './queue.ts';

/** A worker that does not renew its hold of a job for this long counts as dead, and the job goes to another one. */
const HOLD_MS = 15_000;
const LOOK_FOR_DEAD_MS = 5_000;
/** After its connection broke, a worker looks for jobs again after this long; it cannot be stopped before. */
const LOOK_AGAIN_MS = 500;
/** Deaths of workers that one job may survive. */
const DEATHS = 3;
/** Deliveries spend their time waiting for Slack. */
const DELIVERIES_AT_ONCE = 50;
/** A delivery that failed is made again after this long. */
const DELIVER_AGAIN_MS = 1000;

export interface WorkerOptions {
  readonly connection: ConnectionOptions;
  readonly prefix: string;
  readonly concurrency: number;
  readonly scanTimeoutMs: number;
  readonly log: Log;
  /** How long a dead worker holds its jobs. */
  readonly holdMs?: number;
}

export interface Stoppable {
  /** Takes no new work, and finishes or hands back what it has. */
  readonly stop: () => Promise<void>;
}

/** Runs jobs. */
export function startJobWorker(jobs: readonly Job[], services: Services, options: WorkerOptions): Stoppable {
  const stopping = new AbortController();
  const afterwards = new Set<Promise<void>>();
  // A worker that is told to stop may have one more job in its hand.
  const begin = (job: BullJob, token: string | undefined) => (stopping.signal.aborted ? handBack(job, token) : runJob(job, token, jobs, services, options, stopping.signal));
  const worker = new Worker(JOBS, begin, { ...holding(options), concurrency: options.concurrency });
  worker.on('failed', (job, error) => {
    if (job !== undefined && isLastAttempt(job, error)) keep(afterwards, giveUp(job, error, jobs, services));
  });
  return stoppable(worker, stopping, afterwards, options.log);
}

/**
 * Delivers messages, one call of `deliver` at a time for each channel; it answers after how many milliseconds to come again.
 *
 * The next look is a job of its own, so that a wake-up during a look is never taken for one that has been seen.
 */
export function startDeliveryWorker(deliver: (channel: string, signal: AbortSignal) => Promise<number | undefined>, options: WorkerOptions): Stoppable {
  const { connection, prefix, log } = options;
  const stopping = new AbortController();
  const afterwards = new Set<Promise<void>>();
  const deliveries = new BullQueue<Delivery, number | undefined>(DELIVERIES, { connection, prefix });
  const look = async ({ data: { channel } }: BullJob<Delivery>): Promise<number | undefined> => {
    try {
      return await deliver(channel, stopping.signal);
    } catch (error) {
      if (stopping.signal.aborted) return 0;
      log.error({ channel, error }, 'a delivery failed and is made again');
      return DELIVER_AGAIN_MS;
    }
  };
  const comeAgain = async (channel: string, delay: number): Promise<void> => {
    // Dropped when a wake-up came meanwhile: that one is sooner.
    await deliveries.add(DELIVER, { channel }, { ...FORGOTTEN, delay, deduplication: { id: channel } });
  };
  const begin = (job: BullJob<Delivery>) => (stopping.signal.aborted ? Promise.resolve(0) : look(job));
  const worker = new Worker<Delivery, number | undefined>(DELIVERIES, begin, { ...holding(options), concurrency: DELIVERIES_AT_ONCE });
  worker.on('completed', ({ data: { channel } }, waitMs) => {
    if (typeof waitMs !== 'number') return;
    keep(afterwards, comeAgain(channel, waitMs).catch((error: unknown) => log.warn({ channel, error }, 'the next look at a channel was not queued; the sweep makes up for it')));
  });
  deliveries.on('error', (error) => log.debug({ error }, 'a queue met an error'));
  const { stop } = stoppable(worker, stopping, afterwards, log);
  return {
    async stop() {
      await stop();
      await deliveries.close();
    },
  };
}

interface Delivery {
  readonly channel: string;
}

function holding({ connection, prefix, holdMs = HOLD_MS }: WorkerOptions) {
  return { connection, prefix, lockDuration: holdMs, stalledInterval: Math.min(holdMs, LOOK_FOR_DEAD_MS), maxStalledCount: DEATHS, runRetryDelay: LOOK_AGAIN_MS };
}

function keep(running: Set<Promise<void>>, work: Promise<void>): void {
  running.add(work);
  void work.finally(() => running.delete(work));
}

function stoppable<Data, Result>(worker: Worker<Data, Result>, stopping: AbortController, afterwards: ReadonlySet<Promise<void>>, log: Log): Stoppable {
  worker.on('error', (error) => log.warn({ queue: worker.name, error }, 'a worker met an error'));
  return {
    async stop() {
      stopping.abort(new HandBack());
      await worker.close();
      await Promise.all(afterwards);
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
  const attempts = job.opts.attempts ?? definition.attempts;
  try {
    await definition.run(payload.data, services, { signal, attempt: job.attemptsStarted, last: job.attemptsMade + 1 >= attempts });
  } catch (error) {
    if (error instanceof Permanent) throw new UnrecoverableError(error.message);
    // Whatever a job meets while the process stops may have come from that.
    if (!(error instanceof HandBack) && !stopping.aborted) throw error;
    await handBack(job, token);
  }
}

async function handBack(job: BullJob, token: string | undefined): Promise<never> {
  await job.moveToWait(token);
  throw new WaitingError();
}

function isLastAttempt(job: BullJob, error: Error): boolean {
  return error instanceof UnrecoverableError || error.message.startsWith('job stalled') || job.attemptsMade >= (job.opts.attempts ?? 1);
}

async function giveUp(job: BullJob, error: Error, jobs: readonly Job[], services: Services): Promise<void> {
  const definition = jobs.find(({ name }) => name === job.name);
  const payload = definition?.payload.safeParse(job.data);
  services.log.error({ job: job.name, id: job.id, error }, 'a job failed for good');
  if (definition?.onGivenUp === undefined || !payload?.success) return;
  const reason = error.message.startsWith('job stalled') ? 'its worker stopped again and again' : 'the bot has a fault';
  try {
    await definition.onGivenUp(payload.data, services, reason);
  } catch (again) {
    services.log.error({ job: job.name, error: again }, 'nobody could be told that a job failed');
  }
}
