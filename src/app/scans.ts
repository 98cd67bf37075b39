import { randomBytes } from 'node:crypto';
import type { Clock } from '#src/model/clock.ts';
import type { Queue, QueuedJob } from '#src/model/job.ts';
import type { Outbox } from '#src/model/outbox.ts';
import type { ScanRecord } from '#src/model/scan-record.ts';
import type { ScanRequest, Scans, ScanStart } from '#src/model/scans.ts';
import { hasEnded, type ScanStore } from '#src/store/scans.ts';
import { job as scanJob } from '#jobs/scan.ts';
import { job as scanClusterJob } from '#jobs/scan-cluster.ts';
import { publishScan } from '#jobs/support/publish-scan.ts';

export interface ScansDeps {
  readonly store: ScanStore;
  readonly queue: Queue;
  readonly outbox: Outbox;
  readonly clock: Clock;
}

/** Scans as people and schedules ask for them: claimed in the store first, then shown, then queued. */
export function createScans({ store, queue, outbox, clock }: ScansDeps): Scans {
  const active = async (cluster: string): Promise<ScanRecord | undefined> => {
    const id = await store.activeId(cluster);
    return id === undefined ? undefined : store.get(id);
  };
  const scans: Scans = {
    active,
    get: store.get,
    state: store.state,
    async start(requests) {
      const claimed = await Promise.all(requests.map((request) => claim(request)));
      const place = (await queue.counts()).waiting + 1;
      const starts = claimed.map(({ scan, mine }, index): ScanStart => (mine ? { outcome: 'queued', scan, place: place + index } : { outcome: 'joined', scan }));
      const mine = starts.filter((start) => start.outcome === 'queued');
      for (const start of mine) await publishScan(start.scan, { outbox, scans }, { place: start.place });
      if (mine.length > 0) await enqueue(mine.map(({ scan }) => scan));
      for (const start of starts) if (start.outcome === 'joined') await revive(start.scan);
      return starts;
    },
    async cancel(id, person) {
      const scan = await store.get(id);
      if (scan === undefined) return 'unknown';
      if (hasEnded(scan) || !(await store.cancel(id, person))) return 'ended';
      await revive(scan);
      return 'canceling';
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

  /** A process that died between claiming a scan and queuing it would leave the cluster taken for good; the next one who asks queues it. */
  async function revive(scan: ScanRecord): Promise<void> {
    if (hasEnded(scan) || (await queue.isPending(clusterJob(scan).id))) return;
    await enqueue([scan]);
  }

  return scans;
}

function clusterJob({ id }: ScanRecord): QueuedJob {
  return { job: scanClusterJob, payload: { scan: id }, id: `scan-cluster-${id}` };
}
