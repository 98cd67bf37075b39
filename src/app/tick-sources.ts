import { createHash } from 'node:crypto';
import type { Cluster } from '#src/model/clusters.ts';
import type { ConnectionSettings } from '#src/model/connection.ts';
import type { Digest } from '#src/model/digests.ts';
import type { Repository } from '#src/model/repositories.ts';
import type { Schedule } from '#src/model/schedules.ts';
import type { TickSource } from '#src/queue/ticker.ts';
import { job as dailyDigest } from '#jobs/daily-digest.ts';
import { job as drawDailyMap } from '#jobs/draw-daily-map.ts';
import { job as forgetConnections } from '#jobs/forget-connections.ts';
import { job as noteCertificates } from '#jobs/note-certificates.ts';
import { job as reviewPeople } from '#jobs/review-people.ts';
import { job as scanRepository } from '#jobs/scan-repository.ts';
import { job as scheduledScan } from '#jobs/scheduled-scan.ts';
import { job as sweepPolicies } from '#jobs/sweep-policies.ts';

/** More often than a cluster forgets them. */
const NOTE_CERTIFICATES = '*/20 * * * *';
/** What was opened for a time lasts no longer than this besides when its request is lost. */
const SWEEP_POLICIES = '*/15 * * * *';
const FORGET_CONNECTIONS = '45 3 * * *';

/** What the clock starts: a scan of each cluster, each digest, the map of each cluster, and the review of people where any source of them is configured. */
export function tickSources(clusters: readonly Cluster[], digests: readonly Digest[], review?: Pick<Schedule, 'cron' | 'timeZone'>): readonly TickSource[] {
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
  const maps = clusters.flatMap(({ name, mapSchedule, timeZone }): readonly TickSource[] =>
    mapSchedule === undefined ? [] : [{ schedule: { name: `map-${idPart(name)}`, text: `Map of ${name}`, cron: mapSchedule, timeZone }, jobFor: (due) => ({ job: drawDailyMap, payload: { cluster: name, due: due.toISOString() } }) }],
  );
  const reviews = review === undefined ? [] : [
    { schedule: { name: 'note-certificates', text: 'Client certificates of the clusters', cron: NOTE_CERTIFICATES, timeZone: review.timeZone }, jobFor: () => ({ job: noteCertificates, payload: {} }) },
    { schedule: { name: 'review-people', text: 'Review of people', ...review }, jobFor: () => ({ job: reviewPeople, payload: {} }) },
  ];
  return [...scans, ...posts, ...maps, ...reviews];
}

/** A scan of each repository that has a schedule, and a channel to post to. */
export function repositorySources(repositories: readonly Repository[]): readonly TickSource[] {
  return repositories.flatMap(({ name, ref, path, channel, schedule, timeZone }): readonly TickSource[] => {
    if (channel === undefined) return [];
    const text = `Scan of the repository ${name}`;
    const target = { repository: name, ...(ref !== undefined && { ref }), ...(path !== undefined && { path }) };
    return [
      {
        schedule: { name: `repository-${idPart(name)}`, text, cron: schedule, timeZone },
        jobFor: (due) => ({ job: scanRepository, payload: { id: `${idPart(name)}-${due.getTime()}`, target, asker: { schedule: text }, channel } }),
      },
    ];
  });
}

/** Forgetting what was not seen for long, and ending what had its time, where connections are watched. */
export function connectionSources(connections: readonly ConnectionSettings[], timeZone: string): readonly TickSource[] {
  if (connections.length === 0) return [];
  return [
    { schedule: { name: forgetConnections.name, text: 'Forgetting connections that are not seen any more', cron: FORGET_CONNECTIONS, timeZone }, jobFor: () => ({ job: forgetConnections, payload: {} }) },
    { schedule: { name: sweepPolicies.name, text: 'Looking after the policies of the bot', cron: SWEEP_POLICIES, timeZone }, jobFor: () => ({ job: sweepPolicies, payload: {} }) },
  ];
}

/** Ids of jobs may hold no colon, which names of clusters do (`arn:aws:eks:…`). */
function idPart(name: string): string {
  if (/^[\w.-]+$/.test(name)) return name;
  return `${name.replaceAll(/[^\w.-]+/g, '-')}-${createHash('sha256').update(name).digest('hex').slice(0, 6)}`;
}
