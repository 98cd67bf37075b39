import { z } from 'zod';
import type { ClusterState, TrackedFinding } from '#src/model/scan-record.ts';
import { defineJob } from '#src/model/job.ts';
import { byUrgency } from '#src/scan/compare.ts';
import { countBySeverity, gapsByReason } from '#src/scan/summarize.ts';
import { template, type DigestList } from '#templates/daily-digest.ts';

const NAMED = 5;
/** A cluster not scanned for this long is a blind spot. */
const STALE_MS = 36 * 3600_000;

interface Known {
  readonly cluster: string;
  readonly state: ClusterState | undefined;
}

/** Posts what changed since the digest before it. */
export const job = defineJob({
  name: 'daily-digest',
  summary: 'Post what is new, fixed and still open since the last digest.',
  payload: z.strictObject({ digest: z.string(), due: z.iso.datetime() }),
  attempts: 5,
  backoffMs: 5000,
  timeoutMs: 60_000,
  repeat: 'The message is named after the digest and the time it was due, so it is posted once, whatever the number of replicas and restarts.',
  async run({ digest: name, due }, { clock, digests, scans, outbox, log }) {
    const digest = digests.find(name);
    if (digest === undefined) {
      log.warn({ digest: name }, 'a digest that is not configured any more was due');
      return;
    }
    const since = await digests.lastPosted(name);
    if (since !== undefined && since.getTime() >= Date.parse(due)) return;
    const now = clock.now();
    const known = await Promise.all(digest.clusters.map(async (cluster) => ({ cluster, state: await scans.state(cluster) })));
    const findings = known.flatMap(({ cluster, state }) => (state?.findings ?? []).map((finding) => ({ ...finding, cluster })));
    const changed = (at: string | undefined) => since !== undefined && at !== undefined && Date.parse(at) > since.getTime();
    const open = findings.filter(({ state }) => state === 'open');
    await outbox.put({
      id: `digest/${name}/${due}`,
      channel: digest.channel,
      template,
      data: {
        name,
        due,
        made: now.toISOString(),
        ...(since && { since: since.toISOString() }),
        fresh: listOf(open.filter(({ firstSeen }) => changed(firstSeen))),
        worse: listOf(open.filter(({ firstSeen, worseSince }) => !changed(firstSeen) && changed(worseSince?.at))),
        fixed: listOf(findings.filter(({ state, fixedAt }) => state === 'fixed' && changed(fixedAt))),
        open: countBySeverity(open),
        hidden: findings.filter(({ state }) => state === 'not-visible').length,
        clusters: known.length,
        scanned: known.filter(({ state }) => isFresh(state, now)).length,
        blindSpots: known.flatMap((entry) => blindSpotsOf(entry, now)),
      },
    });
    await digests.posted(name, new Date(due));
  },
});

function listOf(findings: readonly (TrackedFinding & { readonly cluster: string })[]): DigestList {
  return { count: findings.length, worst: findings.toSorted(byUrgency).slice(0, NAMED) };
}

function isFresh(state: ClusterState | undefined, now: Date): boolean {
  return state !== undefined && now.getTime() - Date.parse(state.lastScan.at) < STALE_MS;
}

function blindSpotsOf({ cluster, state }: Known, now: Date): readonly { readonly cluster: string; readonly text: string }[] {
  if (state === undefined) return [{ cluster, text: 'has never been scanned' }];
  const stale = isFresh(state, now) ? [] : [{ cluster, text: `not scanned since ${state.lastScan.at.slice(0, 16).replace('T', ' ')} UTC` }];
  return [...stale, ...gapsByReason(state.gaps).map(({ reason, checks }) => ({ cluster, text: `${reason}: ${checks.length === 1 ? (checks[0] ?? '') : `${checks.length} checks not evaluated`}` }))];
}
