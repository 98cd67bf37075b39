import { z } from 'zod';
import { defineJob } from '#src/model/job.ts';
import { isWhole } from '#src/scan/compare.ts';

/** Starts the scan that a cluster's schedule asks for. */
export const job = defineJob({
  name: 'scheduled-scan',
  summary: 'Start the scan that a schedule asks for.',
  payload: z.strictObject({ cluster: z.string(), schedule: z.string() }),
  attempts: 8,
  backoffMs: 5000,
  timeoutMs: 60_000,
  repeat: 'A cluster that is being scanned is not scanned a second time; a scan of the whole cluster that is under way serves the schedule too.',
  async run({ cluster: name, schedule }, { clusters, scans, log }) {
    const cluster = clusters.find(name);
    if (cluster === undefined) {
      log.warn({ cluster: name }, 'a schedule names a cluster that is not watched any more');
      return;
    }
    const [start] = await scans.start([{ cluster: name, scope: {}, asker: { schedule }, ...(cluster.channel !== undefined && { channel: cluster.channel }) }]);
    if (start?.outcome === 'joined' && !isWhole(start.scan.scope)) throw new Error('a part of the cluster is being scanned; the whole of it has to wait');
  },
});
