import type { Available } from '#src/enforcement/available.ts';
import { newWatch, QUIET_MS, SETTLE_MS, watchStep, type Sight, type Watch } from '#src/enforcement/watch.ts';
import type { ApprovalRuns, Approvals } from '#src/model/approvals.ts';
import type { Clock } from '#src/model/clock.ts';
import { connectionId, workloadKey } from '#src/model/connection-key.ts';
import { connectionText, endpointText } from '#src/model/connection-words.ts';
import type { ConnectedWorkload, Connection, ConnectionStore, Sighting } from '#src/model/connection.ts';
import { errorText } from '#src/model/error-text.ts';
import type { Flow } from '#src/model/flow.ts';
import type { Log } from '#src/model/log.ts';
import type { Plan } from '#src/model/plan.ts';
import { OBSERVED_WITHIN_MS, type ApprovalRequest, type Observed, type PodsBefore } from '#src/model/request.ts';

/** Looks at what traffic shows of the policies that were made after approvals. */
export interface EnforcementWatcher {
  /** Takes note of a flow, and of the connection that it was found to be. */
  readonly note: (flow: Flow, sighting: Sighting | undefined) => void;
  /** Tells the requests what was noted. */
  readonly settle: () => Promise<void>;
}

export interface EnforcementWatcherNeeds {
  readonly cluster: string;
  readonly approvals: Pick<Approvals, 'open'>;
  readonly runs: Pick<ApprovalRuns, 'observe'>;
  readonly store: Pick<ConnectionStore, 'get'>;
  /** Pods of a workload as they are now; undefined where it does not say. Throws when nobody could look. */
  readonly available: (workload: ConnectedWorkload) => Promise<Available | undefined>;
  readonly clock: Clock;
  readonly log: Log;
}

/** What is carried out meanwhile is heard of within this. */
const REFRESH_MS = 5000;
/** The pods of a workload are looked at so often. */
const LOOK_MS = 30_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3600_000;
/** Workloads, and connections, whose drops are remembered; those that were remembered longest are forgotten. */
const MOST_REMEMBERED = 20_000;

/** By a version of the bot that did not. */
const NOT_LOOKED: PodsBefore = { unseen: 'they were not looked at when the change was made' };

interface Watched {
  /** Whether what was seen is what the change is about; all else is another connection of the workload. */
  readonly isSubject: (sighting: Sighting | undefined) => boolean;
  readonly workload: string;
  readonly owner: ConnectedWorkload;
  watch: Watch;
  lookedMs: number;
  /** Why nobody knows whether its pods are available. */
  unseen: string | undefined;
}

/** Of one cluster, for one process at a time. What another one counted before is not known here; whether something is proven stands in the request. */
export function createEnforcementWatcher({ cluster, approvals, runs, store, available, clock, log }: EnforcementWatcherNeeds): EnforcementWatcher {
  const watched = new Map<string, Watched>();
  const drops = createDropMemory();
  const noted: { readonly flow: Flow; readonly sighting: Sighting | undefined; readonly workload: string }[] = [];
  let refreshedMs = -Infinity;

  const sumOf = (ids: readonly string[], untilMs: number): number => ids.reduce((sum, id) => sum + drops.count(id, untilMs), 0);
  const dropsOfOthers = ({ traffic, trafficOf = [] }: Plan, workload: string, untilMs: number): number =>
    traffic === 'closed' ? sumOf([...trafficOf, insideOf(workload)], untilMs) : drops.count(workload, untilMs) - sumOf(trafficOf, untilMs);
  /** What policies dropped before a workload was closed shows nothing of that. */
  const wasOut = ({ watch: { expect, appliedAt } }: Watched, sighting: Sighting | undefined): boolean =>
    expect === 'closed' && sighting !== undefined && drops.count(connectionId(sighting.key), Date.parse(appliedAt)) > 0;
  const refresh = async (): Promise<void> => {
    const now = clock.now().getTime();
    if (now - refreshedMs < REFRESH_MS) return;
    refreshedMs = now;
    const open = new Map((await approvals.open()).filter((request) => isWatchable(request, cluster, now)).map((request) => [request.id, request]));
    for (const id of watched.keys()) if (!open.has(id)) watched.delete(id);
    for (const [id, request] of open) {
      if (watched.has(id)) continue;
      const { plan, podsBefore = NOT_LOOKED } = request;
      const { traffic, trafficOf = [], trafficIn } = plan;
      const subjects = trafficIn === undefined ? await store.get(cluster, trafficOf) : [];
      const owner = trafficIn ?? subjects[0]?.key.workload;
      if (traffic === undefined || owner === undefined) continue;
      const workload = workloadKey(owner);
      const appliedAt = appliedTime(request);
      const appliedMs = Date.parse(appliedAt);
      const watch = newWatch({ appliedAt, expect: traffic, expected: expectedOf(subjects, appliedMs, now), dropsBefore: dropsOfOthers(plan, workload, appliedMs), availableBefore: podsBefore.available });
      watched.set(id, { isSubject: subjectsOf(plan), workload, owner, watch: { ...watch, state: request.observed?.state ?? 'waiting' }, lookedMs: appliedMs, unseen: podsBefore.unseen });
    }
  };
  /** Undefined where nobody could look, which is remembered, or where the workload does not say. */
  const look = async (id: string, entry: Watched): Promise<Available | undefined> => {
    try {
      const seen = await available(entry.owner);
      entry.unseen = undefined;
      return seen;
    } catch (error) {
      entry.unseen = error instanceof Error ? errorText(error) : String(error);
      log.warn({ cluster, request: id, error }, 'the pods of a workload whose policy was changed could not be looked at');
      return undefined;
    }
  };
  const lookAtPods = async (): Promise<void> => {
    const now = clock.now();
    for (const [id, entry] of watched) {
      if (entry.watch.availableBefore === undefined || now.getTime() - entry.lookedMs < LOOK_MS) continue;
      entry.lookedMs = now.getTime();
      const seen = await look(id, entry);
      if (seen !== undefined) await tell(id, entry, { type: 'available', at: now.toISOString(), ...seen });
    }
  };
  const tell = async (id: string, entry: Watched, sight: Sight): Promise<void> => {
    const { watch, observed } = watchStep(entry.watch, sight);
    entry.watch = watch;
    if (observed !== undefined) await runs.observe(id, withDoubt(observed, entry));
  };
  return {
    note(flow, sighting) {
      const workload = workloadOf(flow, sighting);
      if (workload !== undefined && (flow.droppedByPolicy || sighting !== undefined)) noted.push({ flow, sighting, workload });
    },
    async settle() {
      const sights = noted.splice(0).map((sight) => ({ ...sight, atMs: sight.flow.timeMs ?? clock.now().getTime() }));
      for (const { flow, sighting, workload, atMs } of sights) {
        if (!flow.droppedByPolicy) continue;
        drops.add(workload, atMs, flow.connections);
        drops.add(sighting === undefined ? insideOf(workload) : connectionId(sighting.key), atMs, flow.connections);
      }
      await refresh();
      for (const { flow, sighting, workload, atMs } of sights) {
        for (const [id, entry] of watched) {
          if (entry.workload !== workload) continue;
          const isSubject = entry.isSubject(sighting);
          const sight = isSubject && wasOut(entry, sighting) ? undefined : sightOf(flow, sighting, atMs, isSubject);
          if (sight === undefined) continue;
          await tell(id, entry, sight);
        }
      }
      await lookAtPods();
    },
  };
}

/** Of a workload that is closed, whatever leads outside and is not to go on. */
function subjectsOf({ traffic, trafficOf = [] }: Plan): Watched['isSubject'] {
  const ids = new Set(trafficOf);
  if (traffic === 'closed') return (sighting) => sighting?.key.direction === 'egress' && !ids.has(connectionId(sighting.key));
  return (sighting) => sighting !== undefined && ids.has(connectionId(sighting.key));
}

/** Stands for what leads to somewhere in the cluster. */
function insideOf(workload: string): string {
  return `${workload} inside`;
}

/** By how often they came until the change, over long enough to be no burst. Whoever begins to look too late has not seen whether they came since. */
function expectedOf(subjects: readonly Connection[], appliedMs: number, nowMs: number): number {
  if (nowMs > appliedMs + SETTLE_MS) return 0;
  return subjects.reduce((sum, { count, firstSeen, lastSeen }) => {
    const spanMs = Date.parse(lastSeen) - Date.parse(firstSeen);
    return spanMs < HOUR_MS || Date.parse(lastSeen) < appliedMs - QUIET_MS ? sum : sum + (count * QUIET_MS) / spanMs;
  }, 0);
}

/** Whoever reads that it works, reads as well what nobody could see. */
function withDoubt(observed: Observed, { unseen }: Watched): Observed {
  return observed.state !== 'proven' || unseen === undefined ? observed : { ...observed, text: `${observed.text}; whether its pods stay available is not known: ${unseen.replace(/\.$/, '')}` };
}

function isWatchable(request: ApprovalRequest, cluster: string, nowMs: number): boolean {
  const { plan, clusters, state, observed } = request;
  const isOpen = observed?.state === 'waiting' || observed?.state === 'proven';
  return plan.traffic !== undefined && clusters.includes(cluster) && state === 'applied' && isOpen && nowMs - Date.parse(appliedTime(request)) <= OBSERVED_WITHIN_MS + MINUTE_MS;
}

function appliedTime({ journal, createdAt }: ApprovalRequest): string {
  return journal.findLast(({ what }) => what === 'applied')?.at ?? createdAt;
}

/** Whose traffic it is: of the workload that a connection belongs to, else of the side that began. */
function workloadOf({ source }: Flow, sighting: Sighting | undefined): string | undefined {
  if (sighting !== undefined) return workloadKey(sighting.key.workload);
  const workload: ConnectedWorkload | undefined = source.workload;
  return workload && workloadKey(workload);
}

/** Undefined for what was only tried, or seen without being told whether it passed. */
function sightOf({ droppedByPolicy, verdict, connections, destination }: Flow, sighting: Sighting | undefined, atMs: number, isSubject: boolean): Sight | undefined {
  if (verdict !== 'dropped' && sighting?.outcome !== 'connected') return undefined;
  return {
    type: 'flow',
    at: new Date(atMs).toISOString(),
    isSubject,
    verdict: verdict === 'dropped' ? 'dropped' : 'forwarded',
    policy: droppedByPolicy,
    remote: sighting === undefined ? placeOf(destination) : sighting.key.direction === 'egress' ? endpointText(sighting.key) : connectionText(sighting.key),
    count: connections,
  };
}

function placeOf({ workload, pod, address, port }: Flow['destination']): string {
  const name = workload?.name ?? pod?.name ?? address ?? 'somewhere';
  return port === undefined ? name : `${name}:${port}`;
}

/** How many connections of each workload, and of each key, policies dropped, by minute, for an hour. */
function createDropMemory() {
  const minutes = new Map<string, Map<number, number>>();
  return {
    add(whose: string, atMs: number, count: number): void {
      const own = minutes.get(whose) ?? new Map<number, number>();
      const minute = Math.floor(atMs / MINUTE_MS);
      own.set(minute, (own.get(minute) ?? 0) + count);
      for (const old of own.keys()) if (old < minute - HOUR_MS / MINUTE_MS) own.delete(old);
      // The last that was added stands last.
      minutes.delete(whose);
      minutes.set(whose, own);
      const [oldest] = minutes.keys();
      if (minutes.size > MOST_REMEMBERED && oldest !== undefined) minutes.delete(oldest);
    },
    count(whose: string, untilMs: number): number {
      const until = Math.floor(untilMs / MINUTE_MS);
      return [...(minutes.get(whose) ?? [])].reduce((sum, [minute, count]) => (minute < until && minute >= until - HOUR_MS / MINUTE_MS ? sum + count : sum), 0);
    },
  };
}
