import type { Config } from '#src/config/config.ts';
import { HandBack } from '#src/model/job.ts';
import { deliver } from '#src/outbox/deliver.ts';
import { createTicker } from '#src/queue/ticker.ts';
import { startDeliveryWorker, startJobWorker, type WorkerOptions } from '#src/queue/workers.ts';
import type { WatchedCourier } from '#src/slack/courier.ts';
import { createButtons } from '#src/store/buttons.ts';
import { QUEUE_PREFIX } from '#src/store/keys.ts';
import { createPace } from '#src/store/pace.ts';
import { createTimes } from '#src/store/times.ts';
import { jobs } from '#jobs/index.gen.ts';
import { job as sweepPolicies } from '#jobs/sweep-policies.ts';
import { job as syncPeople } from '#jobs/sync-people.ts';
import { templates } from '#templates/index.gen.ts';
import { askAbout, startEvents } from './events/start.ts';
import type { Shared, Side } from './side.ts';

export interface Background {
  readonly stop: () => Promise<void>;
}

/** Messages, scans and requests that got lost with the queue, or with a process, are found again within this time. */
const SWEEP_MS = 30_000;

/** Everything that happens without a person: the clock, jobs, and the delivery of messages. */
export async function startBackground(side: Side, courier: WatchedCourier, config: Config, { sources, clock, log }: Shared): Promise<Background> {
  const { redis, services, rows, queues } = side;
  const buttons = createButtons(redis, config.keepMs);
  const options: WorkerOptions = { connection: redis, prefix: QUEUE_PREFIX, concurrency: config.concurrency, scanTimeoutMs: config.scanTimeoutMs, log };
  const deps = {
    rows,
    pace: createPace(redis),
    courier,
    clock,
    log,
    templates,
    zone: config.timeZone,
    issue: (message: string) => (action: Parameters<typeof buttons.issue>[0]['action']) => buttons.issue({ action, message }),
    wake: queues.wake,
  };
  const ticker = createTicker({ sources, queue: queues, ticks: createTimes(redis, 'ticks'), clock, log });
  const stopping = new AbortController();
  const sweep = async () => {
    for (const channel of await rows.busyChannels()) await queues.wake(channel);
    await services.scans.requeueLost(services.clusters.all().map(({ name }) => name));
    for (const { cluster } of services.connections.all()) await queues.add(askAbout(cluster, 'now'));
    await services.approvalRuns.tend(stopping.signal);
    await services.needs.tend(stopping.signal);
    await services.questions.tend(stopping.signal);
  };
  await sweep();
  if (services.people.isConfigured) await queues.add({ job: syncPeople, payload: {}, id: `sync-people-${clock.now().getTime()}` });
  // What ended while nothing ran is ended at once.
  if (services.connections.all().length > 0) await queues.add({ job: sweepPolicies, payload: {}, id: sweepPolicies.name, forget: true });
  await ticker.start();
  const timer = setInterval(() => void sweep().catch((error: unknown) => {
    if (!stopping.signal.aborted) log.warn({ error }, 'lost messages, scans and requests could not be looked for');
  }), SWEEP_MS);
  const workers = [startEvents(side, config), startJobWorker(jobs, services, options), startDeliveryWorker((channel, signal) => deliver(channel, deps, signal), options)];
  return {
    async stop() {
      clearInterval(timer);
      stopping.abort(new HandBack());
      await ticker.stop();
      await Promise.all(workers.map((worker) => worker.stop()));
    },
  };
}
