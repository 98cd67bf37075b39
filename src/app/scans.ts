import { randomBytes } from 'node:crypto';
import type { Clock } from '#src/model/clock.ts';
import type { Queue, QueuedJob } from '#src/model/job.ts';
import type { Log } from '#src/model/log.ts';
import type { Outbox } from '#src/model/outbox.ts';
import type { ScanRecord } from '#src/model/scan-record.ts';
import type { ScanRequest, Scans, ScanStart } from '#src/model/scans.ts';
import { hasEnded, type ScanStore } from '#src/store/scans.ts';
import { job as scanJob } from '#jobs/scan.ts';
import { job as scanClusterJob } from '#jobs/scan-cluster.ts';
import { aboutCluster, publishScan } from '#jobs/support/publish-scan.ts';

/** Asking for a scan takes much less time than this; whoever has not queued it by then has died over it. */
const LOST_AFTER_MS = 30_000;

export interface ScansDeps {
  readonly store: ScanStore;
  readonly queue: Queue;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly log: Log;
}

/** Scans as people and schedules ask for them: claimed in the store first, then shown, then queued. */
export function createScans({ store, queue, outbox, clock, log }: ScansDeps): Scans {
  const active = async (cluster: string): Promise<ScanRecord | undefined> => {
    const id = await store.activeId(cluster);
    return id === undefined ? undefined : store.get(id);
  };
  return {
    active,
    get: store.get,
    state: store.state,
    async start(requests) {
      const claimed = await Promise.all(requests.map((request) => claim(request)));
      const mine = claimed.filter((one) => one.mine).map(({ scan }) => scan);
      const { waiting } = await queue.counts();
      const placeOf = (scan: ScanRecord): number => waiting + mine.indexOf(scan) + 1;
      for (const scan of mine) await publishScan(scan, { outbox }, { place: placeOf(scan), ...aboutCluster(await store.state(scan.cluster)) });
      await enqueue(mine);
      return claimed.map(({ scan, mine: isMine }): ScanStart => (isMine ? { outcome: 'queued', scan, place: placeOf(scan) } : { outcome: 'joined', scan }));
    },
    async cancel(id, person) {
      const scan = await store.get(id);
      if (scan === undefined) return 'unknown';
      if (!(await store.cancel(scan, person, clock.now()))) return 'ended';
      // Should this process stop here, the job that finds its scan canceled says so.
      await publishScan((await store.get(id)) ?? scan, { outbox });
      return 'canceled';
    },
    async requeueLost(clusters) {
      for (const scan of await Promise.all(clusters.map(active))) {
        if (scan !== undefined && clock.now().getTime() - Date.parse(scan.queuedAt) > LOST_AFTER_MS) await requeue(scan);
      }
    },
  };

  async function claim({ cluster, scope, asker, channel }: ScanRequest): Promise<{ readonly scan: ScanRecord; readonly mine: boolean }> {
    const id = randomBytes(5).toString('hex');
    const wanted: ScanRecord = { id, cluster, scope, asker, ...(channel !== undefined && { channel }), queuedAt: clock.now().toISOString(), state: 'queued', runs: 0 };
    const scan = await store.claim(wanted, 'person' in asker ? [{ person: asker.person, ...(channel !== undefined && { channel }) }] : []);
    return { scan, mine: scan.id === id };
  }

  /** One parent that waits for all of them, so that whoever asked is told once. */
  async function enqueue(asked: readonly ScanRecord[]): Promise<void> {
    const [first] = asked;
    if (first === undefined) return;
    await queue.addFlow({ job: scanJob, payload: { scans: asked.map(({ id }) => id) }, id: `scan-${first.id}` }, asked.map(clusterJob));
  }

  async function requeue(scan: ScanRecord): Promise<void> {
    if (hasEnded(scan) || (await queue.isPending(clusterJob(scan).id))) return;
    log.warn({ scan: scan.id, cluster: scan.cluster }, 'a scan was not in the queue and is queued again');
    await enqueue([scan]);
  }
}

function clusterJob({ id }: ScanRecord): QueuedJob {
  return { job: scanClusterJob, payload: { scan: id }, id: `scan-cluster-${id}` };
}
