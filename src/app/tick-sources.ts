import { createHash } from 'node:crypto';
import type { Cluster } from '#src/model/clusters.ts';
import type { Digest } from '#src/model/digests.ts';
import type { TickSource } from '#src/queue/ticker.ts';
import { job as dailyDigest } from '#jobs/daily-digest.ts';
import { job as scheduledScan } from '#jobs/scheduled-scan.ts';

/** What the clock starts: a scan of each cluster and each digest. */
export function tickSources(clusters: readonly Cluster[], digests: readonly Digest[]): readonly TickSource[] {
  const scans = clusters.map(({ name, schedule, timeZone }): TickSource => {
    const text = `Scan of ${name}`;
    return {
      schedule: { name: `scan-${idPart(name)}`, text, cron: schedule, timeZone },
      jobFor: () => ({ job: scheduledScan, payload: { cluster: name, schedule: text } }),
    };
  });
  const posts = digests.map(
    ({ name, schedule, timeZone }): TickSource => ({
      schedule: { name: `digest-${name}`, text: `Digest ${name}`, cron: schedule, timeZone },
      jobFor: (due) => ({ job: dailyDigest, payload: { digest: name, due: due.toISOString() } }),
    }),
  );
  return [...scans, ...posts];
}

/** Ids of jobs may hold no colon, which names of clusters do (`arn:aws:eks:…`). */
function idPart(name: string): string {
  if (/^[\w.-]+$/.test(name)) return name;
  return `${name.replaceAll(/[^\w.-]+/g, '-')}-${createHash('sha256').update(name).digest('hex').slice(0, 6)}`;
}
