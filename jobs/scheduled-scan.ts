import { z } from 'zod';
import { defineJob } from '#src/model/job.ts';

/** Starts the scan that a cluster's schedule asks for. */
export const job = defineJob({
  name: 'scheduled-scan',
  summary: 'Start the scan that a schedule asks for.',
  payload: z.strictObject({ cluster: z.string(), schedule: z.string() }),
  attempts: 3,
  backoffMs: 5000,
  timeoutMs: 60_000,
  repeat: 'A cluster that is being scanned is not scanned a second time; the scan under way serves the schedule too.',
  async run({ cluster: name, schedule }, { clusters, scans, log }) {
    const cluster = clusters.find(name);
    if (cluster === undefined) {
      log.warn({ cluster: name }, 'a schedule names a cluster that is not watched any more');
      return;
    }
    await scans.start([{ cluster: name, scope: {}, asker: { schedule }, ...(cluster.channel !== undefined && { channel: cluster.channel }) }]);
  },
});
