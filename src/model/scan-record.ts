import type { Area, Finding, ObjectRef, Severity } from './finding.ts';
import type { Gap, ScanProgress, UndecidedCount } from './scan-result.ts';

/** The part of a cluster that a scan looks at; the whole of it when both are absent. */
export interface ScanScope {
  readonly namespace?: string;
  readonly areas?: readonly Area[];
}

/** Who asked: a person by Slack id and name, or a schedule by name. */
export type Asker = { readonly person: string; readonly name: string } | { readonly schedule: string };

export type ScanState = 'queued' | 'running' | 'done' | 'failed' | 'canceled';

/** What is known of one scan from the moment it is asked for. Times are ISO 8601 in UTC. */
export interface ScanRecord {
  readonly id: string;
  readonly cluster: string;
  readonly scope: ScanScope;
  readonly asker: Asker;
  /** Where its message stands; absent when nobody is to be told. */
  readonly channel?: string;
  readonly queuedAt: string;
  readonly state: ScanState;
  readonly startedAt?: string;
  readonly endedAt?: string;
  /** How often work on it was begun; more than one after a worker died or the cluster did not answer. */
  readonly runs: number;
  /** Why the last run had to be begun again. */
  readonly setback?: { readonly at: string; readonly reason: string };
  readonly progress?: ScanProgress;
  readonly summary?: ScanSummary;
  readonly failure?: { readonly reason: string; readonly reference: string };
  readonly canceledBy?: string;
}

/** What a scan found, compared with the scan before it, inside its scope. */
export interface ScanOutcome {
  /** Worst first. */
  readonly open: readonly TrackedFinding[];
  /** Fingerprints of `open` that are new. */
  readonly fresh: ReadonlySet<string>;
  /** Fingerprints of `open` that are worse than before. */
  readonly worse: ReadonlySet<string>;
  readonly fixed: readonly TrackedFinding[];
  /** Open when last seen, but not looked at this time. */
  readonly hidden: readonly TrackedFinding[];
  /** What the internet reaches since this moment; absent when there is nothing to compare with. */
  readonly endpoints?: NewEndpoints;
}

/** Workloads that the internet has come to reach, or reaches by a further way. */
export interface NewEndpoints {
  /** When it was last seen what the internet reaches. */
  readonly since: string;
  readonly workloads: readonly NewEndpoint[];
}

export interface NewEndpoint {
  readonly object: ObjectRef;
  /** Fingerprint of the finding that tells of the workload. */
  readonly finding: string;
  /** Of the new ones: `internet → LoadBalancer shop/web → Deployment shop/web (3 pods)`. */
  readonly paths: readonly string[];
  readonly owner?: string;
}

/** What the internet reached when a scan last saw all of it. */
export interface KnownEndpoints {
  readonly at: string;
  /** A door with a workload behind it. */
  readonly keys: readonly string[];
}

/** A scan's outcome in numbers, with the few findings that its message names. */
export interface ScanSummary {
  readonly open: Readonly<Record<Severity, number>>;
  readonly fresh: number;
  readonly worse: number;
  readonly fixed: number;
  readonly unchanged: number;
  readonly hidden: number;
  /** The worst of the open ones. */
  readonly top: readonly (TrackedFinding & { readonly change?: 'new' | 'worse' })[];
  /** When the scan was made that this one is compared with; absent for the first: nothing counts as new then. */
  readonly comparedWith?: string;
  readonly checks: number;
  readonly areas: readonly Area[];
  /** Checks not evaluated, or only in part, by reason. */
  readonly gaps: readonly { readonly reason: string; readonly checks: readonly string[] }[];
  /** Objects whose evidence is missing for some check. */
  readonly undecided: number;
  readonly objects: number;
  readonly stock: number;
  readonly version: string;
  /** Absent when there are none. */
  readonly endpoints?: NewEndpoints;
}

/** `not-visible`: the last scan could not look, so it counts neither as open nor as fixed. */
export type FindingState = 'open' | 'fixed' | 'not-visible';

/** A finding over time. */
export interface TrackedFinding extends Finding {
  readonly state: FindingState;
  readonly firstSeen: string;
  /** Its check had not looked at this cluster before: it is first seen, but nothing new. */
  readonly beginning?: true;
  readonly lastSeen: string;
  readonly fixedAt?: string;
  /** Severity before it became worse, and when. */
  readonly worseSince?: { readonly at: string; readonly before: Severity };
  /** Why it is not visible. */
  readonly hiddenBy?: string;
}

/** Everything that is known of a cluster after its last scan. */
export interface ClusterState {
  readonly cluster: string;
  readonly version: string;
  readonly lastScan: { readonly id: string; readonly at: string };
  /** The last scan of the whole cluster. */
  readonly lastFullScan?: { readonly id: string; readonly at: string };
  /** Areas that were scanned in all namespaces, as long as there was no scan of the whole cluster. */
  readonly seenAreas?: readonly Area[];
  readonly objects: number;
  readonly stock: number;
  /** Ids of checks that ran when they were last asked to. */
  readonly checks: readonly string[];
  readonly gaps: readonly Gap[];
  /** Objects whose evidence is missing, by check and reason; absent when there are none. */
  readonly undecided?: readonly Pick<UndecidedCount, 'check' | 'reason' | 'count'>[];
  /** The last few durations of whole scans in milliseconds, newest last. */
  readonly durationsMs: readonly number[];
  /** Absent until a scan has seen them. */
  readonly endpoints?: KnownEndpoints;
  readonly findings: readonly TrackedFinding[];
}
