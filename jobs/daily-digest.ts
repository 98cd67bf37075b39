import { z } from 'zod';
import type { ClusterState, TrackedFinding } from '#src/model/scan-record.ts';
import { defineJob } from '#src/model/job.ts';
import { calledOf, type KnownPerson } from '#src/model/people-view.ts';
import { keepings, rulingText } from '#src/people/rulings.ts';
import { byUrgency } from '#src/scan/compare.ts';
import { countBySeverity, gapsByReason } from '#src/scan/summarize.ts';
import { template, type DigestData, type DigestList } from '#templates/daily-digest.ts';

const NAMED = 5;
/** A cluster not scanned for this long is a blind spot. */
const STALE_MS = 36 * 3600_000;

interface Known {
  readonly cluster: string;
  readonly state: ClusterState | undefined;
  /** The scan that the digest told of last. */
  readonly told: Date | undefined;
}

type Digested = TrackedFinding & { readonly cluster: string };

/** Posts what changed since the digest before it. */
export const job = defineJob({
  name: 'daily-digest',
  summary: 'Post what is new, fixed and still open since the last digest.',
  payload: z.strictObject({ digest: z.string(), due: z.iso.datetime() }),
  attempts: 5,
  backoffMs: 5000,
  timeoutMs: 60_000,
  repeat: 'The message is named after the digest and the time it was due, so it is posted once, whatever the number of replicas and restarts.',
  async run({ digest: name, due }, { clock, digests, scans, people, outbox, log }) {
    const digest = digests.find(name);
    if (digest === undefined) {
      log.warn({ digest: name }, 'a digest that is not configured any more was due');
      return;
    }
    const since = await digests.lastPosted(name);
    if (since !== undefined && since.getTime() >= Date.parse(due)) return;
    const now = clock.now();
    const known = await Promise.all(digest.clusters.map(async (cluster) => ({ cluster, state: await scans.state(cluster), told: await digests.lastTold(name, cluster) })));
    const times = { due, made: now.toISOString(), zone: digest.timeZone, ...(since && { since: since.toISOString() }) };
    await outbox.put({ id: `digest/${name}/${due}`, channel: digest.channel, template, data: { name, ...times, ...changesOf(known), ...keptOf(await people.all(), digest.clusters, now), ...coverageOf(known, now) } });
    await digests.posted(name, now, Object.fromEntries(known.flatMap(({ cluster, state }) => (state === undefined ? [] : [[cluster, new Date(state.lastScan.at)]]))));
  },
});

/** Counted from scan to scan, so that no change is told twice or never, whenever the digest is made. What is open when a cluster comes into it is where it starts from. */
function changesOf(known: readonly Known[]): Pick<DigestData, 'fresh' | 'worse' | 'fixed' | 'open' | 'hidden' | 'started'> {
  const findings = known.flatMap(({ cluster, state, told }) =>
    (state?.findings ?? []).map((finding) => ({ finding: { ...finding, cluster }, isChange: (at: string | undefined) => told !== undefined && at !== undefined && Date.parse(at) > told.getTime() })),
  );
  const those = (matches: (finding: Digested, isChange: (at: string | undefined) => boolean) => boolean) => findings.filter(({ finding, isChange }) => matches(finding, isChange)).map(({ finding }) => finding);
  const open = those(({ state }) => state === 'open');
  return {
    fresh: listOf(those(({ state, firstSeen, beginning }, isChange) => state === 'open' && !beginning && isChange(firstSeen))),
    worse: listOf(those(({ state, firstSeen, worseSince }, isChange) => state === 'open' && !isChange(firstSeen) && isChange(worseSince?.at))),
    fixed: listOf(those(({ state, fixedAt }, isChange) => state === 'fixed' && isChange(fixedAt))),
    open: countBySeverity(open),
    hidden: those(({ state }) => state === 'not-visible').length,
    started: known.filter(({ state, told }) => state !== undefined && told === undefined).map(({ cluster }) => ({ cluster, open: open.filter((finding) => finding.cluster === cluster).length })),
  };
}

/** By approvers, in these clusters. A plain denial is none: it is asked again before long. */
function keptOf(people: readonly KnownPerson[], clusters: readonly string[], now: Date): Pick<DigestData, 'kept'> {
  const texts = people.flatMap((person) => keepings(person, now).filter((ruling) => ruling.clusters.some((cluster) => clusters.includes(cluster))).map((ruling) => `${calledOf(person)}: ${rulingText(ruling)}`));
  return texts.length === 0 ? {} : { kept: { count: texts.length, first: texts.slice(0, NAMED) } };
}

function listOf(findings: readonly Digested[]): DigestList {
  return { count: findings.length, worst: findings.toSorted(byUrgency).slice(0, NAMED) };
}

function coverageOf(known: readonly Known[], now: Date): Pick<DigestData, 'clusters' | 'scanned' | 'missed' | 'blindSpots'> {
  return {
    clusters: known.length,
    scanned: known.filter(({ state }) => isFresh(state, now)).length,
    missed: known.reduce((sum, { state }) => sum + new Set(state?.gaps.map(({ check }) => check)).size, 0),
    // Whole clusters before checks.
    blindSpots: known.flatMap((entry) => blindSpotsOf(entry, now)).toSorted((a, b) => Number(a.isOfChecks ?? false) - Number(b.isOfChecks ?? false)),
  };
}

/** A scan of a part says nothing about the rest. */
function isFresh(state: ClusterState | undefined, now: Date): boolean {
  return state?.lastFullScan !== undefined && now.getTime() - Date.parse(state.lastFullScan.at) < STALE_MS;
}

function blindSpotsOf({ cluster, state }: Known, now: Date): DigestData['blindSpots'] {
  if (state === undefined) return [{ cluster, text: 'has never been scanned' }];
  const gaps = gapsByReason(state.gaps).map(({ reason, checks }) => ({ cluster, text: `${reason}: ${checks.length === 1 ? (checks[0] ?? '') : `${checks.length} checks not evaluated`}`, isOfChecks: true }));
  if (isFresh(state, now)) return gaps;
  return [state.lastFullScan === undefined ? { cluster, text: 'has been scanned only in part' } : { cluster, text: 'not scanned', since: state.lastFullScan.at }, ...gaps];
}
