import { FlowProducer, Queue as BullQueue, type ConnectionOptions, type JobsOptions } from 'bullmq';
import type { Queue, QueuedJob } from '#src/model/job.ts';
import type { Log } from '#src/model/log.ts';

export const JOBS = 'jobs';
export const DELIVERIES = 'deliveries';

/** Name of the one job in the queue of deliveries. */
export const DELIVER = 'deliver';

/** Forgotten when it has ended, so that its id, or the channel of a delivery, can have another one. */
export const FORGOTTEN: Pick<JobsOptions, 'removeOnComplete' | 'removeOnFail'> = { removeOnComplete: true, removeOnFail: true };

/** Ended jobs are kept so that their ids stay taken: longer than clocks of replicas differ, and long enough to look at failures. */
const KEPT: Pick<JobsOptions, 'removeOnComplete' | 'removeOnFail'> = { removeOnComplete: { age: 24 * 3600 }, removeOnFail: { age: 7 * 24 * 3600 } };

export interface Queues extends Queue {
  /** Has the messages of a channel delivered; many calls at once lead to one delivery. */
  readonly wake: (channel: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Jobs in BullMQ. */
export function createQueues(connection: ConnectionOptions, prefix: string, log: Log): Queues {
  const jobs = new BullQueue(JOBS, { connection, prefix });
  const deliveries = new BullQueue(DELIVERIES, { connection, prefix });
  const flows = new FlowProducer({ connection, prefix });
  // What was asked for fails by itself; without a listener BullMQ would print the error besides.
  const logError = (error: Error) => log.debug({ error }, 'a queue met an error');
  jobs.on('error', logError);
  deliveries.on('error', logError);
  flows.on('error', logError);
  return {
    async add({ job, payload, id, delayMs, forget, follow }) {
      const delay = delayMs === undefined ? {} : { delay: Math.max(0, delayMs) };
      const identity = follow ? { ...FORGOTTEN, deduplication: { id, keepLastIfActive: true } } : { jobId: id, ...(forget ? FORGOTTEN : KEPT) };
      await jobs.add(job.name, job.payload.parse(payload), { ...triesOf(job), ...identity, ...delay });
    },
    async addFlow(parent, children) {
      await flows.add({
        ...flowJob(parent),
        children: children.map((child) => ({ ...flowJob(child), opts: { ...flowJob(child).opts, ignoreDependencyOnFailure: true } })),
      });
    },
    async isPending(id) {
      const state = await jobs.getJobState(id);
      return state !== 'completed' && state !== 'failed' && state !== 'unknown';
    },
    async counts() {
      const { waiting = 0, active = 0, delayed = 0, failed = 0 } = await jobs.getJobCounts('waiting', 'active', 'delayed', 'failed');
      return { waiting, active, delayed, failed };
    },
    async wake(channel) {
      // A delivery that waits for its time is brought forward; one that is under way is followed by another look.
      const deduplication = { id: channel, keepLastIfActive: true, reschedule: true };
      await deliveries.add(DELIVER, { channel }, { ...FORGOTTEN, deduplication });
    },
    async close() {
      await Promise.all([jobs.close(), deliveries.close(), flows.close()]);
    },
  };
}

function triesOf({ attempts, backoffMs }: QueuedJob['job']): JobsOptions {
  return { attempts, backoff: { type: 'exponential', delay: backoffMs } };
}

function flowJob(queued: QueuedJob) {
  const { job, payload } = queued;
  return { name: job.name, queueName: JOBS, data: job.payload.parse(payload), opts: { jobId: queued.id, ...triesOf(job), ...KEPT } };
}
