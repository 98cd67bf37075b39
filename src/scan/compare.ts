import { areaOf, compareSeverity, objectKey, type Area, type Finding } from '#src/model/finding.ts';
import type { ClusterState, ScanOutcome, ScanScope, TrackedFinding } from '#src/model/scan-record.ts';
import type { LocatedFinding, ScanResult } from '#src/model/scan-result.ts';
import { compareEndpoints } from './compare-endpoints.ts';

/** Fixed findings are remembered this long. */
const FIXED_KEPT_MS = 30 * 24 * 3600_000;
const DURATIONS_KEPT = 5;

export interface Comparison {
  readonly state: ClusterState;
  readonly outcome: ScanOutcome;
  /** When this scope was looked at before; undefined for the first time. */
  readonly comparedWith: string | undefined;
}

export interface ScanFacts {
  readonly id: string;
  readonly cluster: string;
  readonly scope: ScanScope;
  readonly version: string;
  readonly startedAt: Date;
  readonly now: Date;
  /** Ids of all checks there are, so that findings of a removed check end. */
  readonly knownChecks: ReadonlySet<string>;
}

/**
 * Joins a scan's result with what was known of the cluster.
 *
 * A finding that is gone counts as fixed only when its check could look everywhere; else it is not visible. What lies outside the
 * scan's scope stays as it was.
 */
export function compare(previous: ClusterState | undefined, result: ScanResult, facts: ScanFacts): Comparison {
  const at = facts.now.toISOString();
  const isMine = inScope(facts.scope);
  const found = new Map(result.findings.filter(isMine).map((finding) => [finding.fingerprint, finding]));
  const known = new Map((previous?.findings ?? []).map((finding) => [finding.fingerprint, finding]));
  const blind = blindness(result);
  const comparedWith = comparableScan(previous, facts.scope);
  // A check that came with a new version of the bot has nothing to compare with yet.
  const judgedBefore = new Set([...(previous?.checks ?? []), ...(previous?.gaps ?? []).map((gap) => gap.check)].map(withoutItem));
  const isBeginning = ({ check }: Finding) => comparedWith !== undefined && !judgedBefore.has(check);
  const open = [...found.values()].map((finding) => tracked(finding, known.get(finding.fingerprint), isBeginning(finding), at));
  const gone = [...known.values()].filter((finding) => isMine(finding) && !found.has(finding.fingerprint)).map((finding) => settle(finding, blind, at));
  const outside = [...known.values()].filter((finding) => !isMine(finding));
  const kept = [...open, ...gone, ...outside].filter((finding) => facts.knownChecks.has(finding.check) && !isForgotten(finding, facts.now));
  const endpoints = compareEndpoints(previous?.endpoints, result, { isMine, isPart: facts.scope.namespace !== undefined, at });
  const isNew = (finding: Finding) => comparedWith !== undefined && !isBeginning(finding) && (known.get(finding.fingerprint)?.state ?? 'fixed') === 'fixed';
  return {
    state: { ...nextState(previous, result, facts, kept), ...(endpoints.known && { endpoints: endpoints.known }) },
    outcome: {
      open: open.toSorted(byUrgency),
      fresh: new Set(open.filter(isNew).map((finding) => finding.fingerprint)),
      worse: new Set(open.filter((finding) => finding.worseSince?.at === at).map((finding) => finding.fingerprint)),
      fixed: gone.filter((finding) => finding.fixedAt === at),
      hidden: gone.filter((finding) => finding.state === 'not-visible'),
      ...(endpoints.fresh && { endpoints: endpoints.fresh }),
    },
    comparedWith,
  };
}

function nextState(previous: ClusterState | undefined, result: ScanResult, facts: ScanFacts, findings: readonly TrackedFinding[]): ClusterState {
  const scan = { id: facts.id, at: facts.now.toISOString() };
  const whole = isWhole(facts.scope);
  const judged = new Set([...result.checks, ...result.notEvaluated.map((gap) => gap.check)].map(withoutItem));
  const untouched = <T>(entries: readonly T[] | undefined, check: (entry: T) => string) =>
    (entries ?? []).filter((entry) => !judged.has(withoutItem(check(entry))) && facts.knownChecks.has(withoutItem(check(entry))));
  const undecided = [...untouched(previous?.undecided, ({ check }) => check), ...result.undecided.map(({ check, reason, count }) => ({ check, reason, count }))];
  const lastFullScan = whole ? scan : previous?.lastFullScan;
  const seenAreas = lastFullScan === undefined ? areasSeen(previous, facts.scope) : [];
  const durations = previous?.durationsMs ?? [];
  return {
    cluster: facts.cluster,
    version: facts.version,
    lastScan: scan,
    ...(lastFullScan && { lastFullScan }),
    ...(seenAreas.length > 0 && { seenAreas }),
    objects: whole || previous === undefined ? result.objects : previous.objects,
    stock: whole || previous === undefined ? result.stock : previous.stock,
    checks: [...untouched(previous?.checks, (id) => id), ...result.checks].sort(),
    gaps: [...untouched(previous?.gaps, (gap) => gap.check), ...result.notEvaluated],
    ...(undecided.length > 0 && { undecided }),
    durationsMs: whole ? [...durations, facts.now.getTime() - facts.startedAt.getTime()].slice(-DURATIONS_KEPT) : durations,
    findings,
  };
}

/** A scan of one namespace says nothing about the others. */
function areasSeen(previous: ClusterState | undefined, { namespace, areas = [] }: ScanScope): readonly Area[] {
  const before = previous?.seenAreas ?? [];
  return namespace === undefined ? [...new Set([...before, ...areas])].sort() : before;
}

/** When the cluster, or this part of it, was last looked at; undefined when it never was. */
function comparableScan(previous: ClusterState | undefined, scope: ScanScope): string | undefined {
  if (previous?.lastFullScan !== undefined) return previous.lastScan.at;
  if (previous === undefined || scope.namespace !== undefined || scope.areas === undefined) return undefined;
  return scope.areas.every((area) => previous.seenAreas?.includes(area)) ? previous.lastScan.at : undefined;
}

function tracked(finding: LocatedFinding, before: TrackedFinding | undefined, isBeginning: boolean, at: string): TrackedFinding {
  const { origin, steps, ...plain } = finding;
  if (before === undefined || before.state === 'fixed') return { ...plain, state: 'open', firstSeen: at, ...(isBeginning && { beginning: true }), lastSeen: at };
  const change = compareSeverity(finding.severity, before.severity);
  const worse = change < 0 ? { at, before: before.severity } : change > 0 ? undefined : before.worseSince;
  return { ...plain, state: 'open', firstSeen: before.firstSeen, ...(before.beginning && { beginning: true }), lastSeen: at, ...(worse && { worseSince: worse }) };
}

function settle(finding: TrackedFinding, blind: (finding: Finding) => string | undefined, at: string): TrackedFinding {
  if (finding.state === 'fixed') return finding;
  const { hiddenBy, ...plain } = finding;
  const reason = blind(finding);
  return reason === undefined ? { ...plain, state: 'fixed', fixedAt: at } : { ...plain, state: 'not-visible', hiddenBy: reason };
}

/** Why a check could not have seen a finding: it could not look at all, not at the kind of object, or saw too little of the object. */
function blindness({ notEvaluated, undecided }: Pick<ScanResult, 'notEvaluated' | 'undecided'>): (finding: Finding) => string | undefined {
  return ({ check, item, object }) =>
    notEvaluated.find((gap) => gap.check === check && (gap.item ?? item) === item && (gap.kind ?? object.kind) === object.kind)?.reason ??
    undecided.find((verdict) => verdict.check === check && (verdict.objects?.has(objectKey(object)) ?? true))?.reason;
}

/** Whether a finding lies in the part of the cluster that a scan looks at. */
export function inScope({ namespace, areas }: ScanScope): (finding: Finding) => boolean {
  return ({ check, object }) =>
    (areas === undefined || areas.includes(areaOf(check))) &&
    (namespace === undefined || object.namespace === namespace || (object.kind === 'Namespace' && object.name === namespace));
}

function isForgotten(finding: TrackedFinding, now: Date): boolean {
  return finding.fixedAt !== undefined && now.getTime() - Date.parse(finding.fixedAt) > FIXED_KEPT_MS;
}

export function isWhole(scope: ScanScope): boolean {
  return scope.namespace === undefined && scope.areas === undefined;
}

/** Worst first, then by check and object, so that the order is the same from scan to scan. */
export function byUrgency(a: Finding, b: Finding): number {
  return compareSeverity(a.severity, b.severity) || compareText(a.check, b.check) || compareText(objectKey(a.object), objectKey(b.object));
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function withoutItem(id: string): string {
  return id.split(':')[0] ?? id;
}
