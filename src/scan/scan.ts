import { isClusterCheck, kindsOf, type Check, type CheckContext, type ClusterCheck, type Facts, type ObjectCheck, type Subject } from '#src/model/check.ts';
import { objectKey, type ObjectRef } from '#src/model/finding.ts';
import { apiKind, kindInfo, KINDS, type Kind } from '#src/model/kinds.ts';
import { ifKnown, textAt, Unresolved, type RawObject } from '#src/model/raw.ts';
import type { ScanProgress, ScanResult } from '#src/model/scan-result.ts';
import { NotListed, type ObjectSource, type SourcedObject } from '#src/model/source.ts';
import { isWorkloadKind } from '#src/model/workload.ts';
import { isStock } from '#src/stock/stock.ts';
import { areasDone, areasOf, createCoverage, type Coverage } from './coverage.ts';
import { createFindingList, type FindingList } from './finding-list.ts';
import { createOwnership, lastingIdentity, type Ownership } from './ownership.ts';

export interface ScanOptions {
  readonly source: ObjectSource;
  readonly checks: readonly Check[];
  readonly context: CheckContext;
  readonly signal: AbortSignal;
  /** Called after each page. */
  readonly report?: (progress: ScanProgress) => void;
  /** Called with the id of a faulty unit and what it threw; the checks concerned count as not, or only partly, evaluated. */
  readonly onFault?: (unit: string, error: unknown) => void;
}

const FACTS_FAILED = 'collecting its facts failed on an object';

interface Gathering {
  readonly facts: Facts;
  readonly state: unknown;
  /** Why it is incomplete; it is not used then. */
  broken?: string;
  result?: { readonly value: unknown };
}

/** Everything one scan carries along while objects stream by. */
interface Run {
  readonly options: ScanOptions;
  readonly findings: FindingList;
  readonly coverage: Coverage;
  readonly ownership: Ownership;
  readonly gatherings: ReadonlyMap<string, Gathering>;
  /** Kinds of which nothing could be read, with the reason; without one when the API server does not know the kind. */
  readonly unread: Map<Kind, string | undefined>;
  readonly kinds: Set<Kind>;
  objects: number;
  stock: number;
}

/**
 * Reads every kind that the checks need once, judges each object while it streams by, and then judges the gathered facts.
 *
 * A kind that cannot be listed never ends the scan: the checks that need it become gaps.
 *
 * @throws the signal's reason when it is aborted.
 */
export async function scan(options: ScanOptions): Promise<ScanResult> {
  const coverage = createCoverage();
  const { complete, connection } = options.source;
  const context: CheckContext = { ...options.context, ...(complete && { complete }), ...(connection && { connection }) };
  const inReach = options.checks.filter((check) => complete !== true || !isOfFiles(check));
  const checks = inReach.filter((check) => {
    const reason = check.notEvaluated?.(context);
    if (reason !== undefined) coverage.gap(check, { reason, partial: false });
    return reason === undefined;
  });
  const run: Run = {
    options: { ...options, checks, context },
    findings: createFindingList(),
    coverage,
    ownership: createOwnership(),
    gatherings: gatheringsOf(checks),
    unread: new Map(),
    kinds: new Set(),
    objects: 0,
    stock: 0,
  };
  const pending = new Set(neededKinds(checks));
  for (const kind of [...pending]) {
    await readKind(run, kind, pending);
    pending.delete(kind);
  }
  for (const check of checks) {
    if (isClusterCheck(check)) judgeFacts(run, check);
    else noteBlind(run, check);
  }
  return {
    findings: run.findings.all(),
    checks: coverage.ran(inReach),
    notEvaluated: coverage.gaps(),
    undecided: coverage.undecidedCounts(),
    objects: run.objects,
    kinds: run.kinds,
    stock: run.stock,
  };
}

/** Whether a check is about files alone, which no cluster holds: looking there would not mean that they are healthy. */
export function isOfFiles(check: Check): boolean {
  return kindsOf(check).every((kind) => kindInfo(kind).fileOnly === true);
}

/** In the order of `KINDS`, which puts owners before what they own. */
function neededKinds(checks: readonly Check[]): readonly Kind[] {
  const needed = new Set(checks.flatMap(kindsOf));
  return (Object.keys(KINDS) as Kind[]).filter((kind) => needed.has(kind));
}

function gatheringsOf(checks: readonly Check[]): ReadonlyMap<string, Gathering> {
  const all = checks.filter(isClusterCheck).flatMap((check) => Object.values(check.needs) as unknown as Facts[]);
  return new Map(all.map((facts) => [facts.name, { facts, state: facts.start() }]));
}

async function readKind(run: Run, kind: Kind, pending: ReadonlySet<Kind>): Promise<void> {
  const { source, checks, signal, report } = run.options;
  const objectChecks = checks.filter((check): check is ObjectCheck => !isClusterCheck(check) && check.kinds.includes(kind));
  const gatherings = [...run.gatherings.values()].filter(({ facts }) => facts.reads.includes(kind));
  let seen = 0;
  const progress = () => report?.({ kind, objects: run.objects, areasDone: areasDone(checks, pending), areas: areasOf(checks) });
  progress();
  try {
    for await (const page of source.list(kind, signal)) {
      signal.throwIfAborted();
      for (const sourced of page) takeObject(run, kind, sourced, objectChecks, gatherings);
      seen += page.length;
      if (page.length > 0) run.kinds.add(kind);
      progress();
    }
  } catch (error) {
    // What a source meets after that is a consequence of it.
    signal.throwIfAborted();
    if (!(error instanceof NotListed)) throw error;
    const isMissing = error.absent && kindInfo(kind).addOn === true;
    if (seen === 0) run.unread.set(kind, isMissing ? undefined : error.message);
    if (isMissing) return;
    for (const check of objectChecks) run.coverage.gap(check, check.kinds.length > 1 || seen > 0 ? { reason: error.message, kind, partial: true } : { reason: error.message, partial: false });
    for (const gathering of gatherings) gathering.broken ??= error.message;
  }
}

/** A check that has seen none of its kinds was not evaluated in part, but not at all. */
function noteBlind({ unread, coverage }: Run, check: ObjectCheck): void {
  const reason = check.kinds.map((kind) => unread.get(kind)).find((known) => known !== undefined);
  if (reason !== undefined && check.kinds.every((kind) => unread.has(kind))) coverage.gap(check, { reason, partial: false });
}

function takeObject(run: Run, kind: Kind, sourced: SourcedObject, objectChecks: readonly ObjectCheck[], gatherings: readonly Gathering[]): void {
  const { object, origin } = sourced;
  run.objects += 1;
  const ref = refOf(kind, sourced);
  const workload = isWorkloadKind(kind);
  if (workload) run.ownership.note(ref);
  if (workload && ifKnown(() => run.ownership.covers(ref, object), false)) {
    for (const gathering of gatherings) if (gathering.facts.seesOwned) gather(run, gathering, object, { ref, stock: false, origin });
    return;
  }
  const stock = ifKnown(() => isStock(kind, object), false);
  if (stock) run.stock += 1;
  const identity = workload ? ifKnown(() => lastingIdentity(ref, object), ref) : ref;
  const subject: Subject = { ref, ...(identity !== ref && { identity }), stock, origin };
  for (const check of objectChecks) if (!stock || check.judgesStock) judgeObject(run, check, object, subject);
  for (const gathering of gatherings) gather(run, gathering, object, subject);
}

function judgeObject(run: Run, check: ObjectCheck, object: RawObject, subject: Subject): void {
  const key = objectKey(subject.ref);
  guard(run, check, key, () => {
    for (const outcome of check.judge(object, run.options.context)) {
      if ('undecided' in outcome) run.coverage.undecided(check, outcome.undecided, key);
      else run.findings.add(check, outcome, subject);
    }
  });
}

function judgeFacts(run: Run, check: ClusterCheck): void {
  const gathered: Record<string, unknown> = {};
  for (const [handle, facts] of Object.entries(check.needs)) {
    const gathering = run.gatherings.get(facts.name);
    if (gathering?.broken !== undefined) return run.coverage.gap(check, { reason: gathering.broken, partial: false });
    if (gathering === undefined) continue;
    const finished = finish(run, gathering);
    if (finished === undefined) return run.coverage.gap(check, { reason: FACTS_FAILED, partial: false });
    gathered[handle] = finished.value;
  }
  guard(run, check, undefined, () => {
    for (const outcome of check.judge(gathered as never, run.options.context)) {
      if ('undecided' in outcome) run.coverage.undecided(check, outcome.undecided, outcome.subject && objectKey(outcome.subject.ref));
      else if ('notEvaluated' in outcome) run.coverage.gap(check, { reason: outcome.notEvaluated, partial: false, ...(outcome.item !== undefined && { item: outcome.item }) });
      else run.findings.add(check, outcome, outcome.subject);
    }
  });
}

/** What the facts are in the end, made once for all checks that need them; undefined when that fails. */
function finish(run: Run, gathering: Gathering): Gathering['result'] {
  try {
    gathering.result ??= { value: gathering.facts.finish(gathering.state, run.options.context) };
  } catch (error) {
    run.options.onFault?.(gathering.facts.name, error);
    gathering.broken = FACTS_FAILED;
  }
  return gathering.result;
}

/** Facts about an object whose values are not all known would be half facts: its checks are told that they miss it. */
function gather(run: Run, gathering: Gathering, object: RawObject, subject: Subject): void {
  try {
    gathering.facts.add(gathering.state, object, subject);
  } catch (error) {
    if (!(error instanceof Unresolved)) {
      run.options.onFault?.(gathering.facts.name, error);
      gathering.broken ??= FACTS_FAILED;
      return;
    }
    for (const check of run.options.checks) {
      if (isClusterCheck(check) && Object.values(check.needs).some((facts) => facts.name === gathering.facts.name)) {
        run.coverage.undecided(check, error.message);
      }
    }
  }
}

/** A check that fails must not take the scan with it, nor pass for one that found nothing. */
function guard(run: Run, check: Check, object: string | undefined, judge: () => void): void {
  try {
    judge();
  } catch (error) {
    if (error instanceof Unresolved) return run.coverage.undecided(check, error.message, object);
    run.options.onFault?.(check.id, error);
    run.coverage.gap(check, { reason: 'the check itself failed on an object', partial: true });
  }
}

function refOf(kind: Kind, { object, address }: SourcedObject): ObjectRef {
  const text = (...path: readonly string[]) => ifKnown(() => textAt(object, ...path), undefined);
  const { anyKind, namespaced } = kindInfo(kind);
  const apiVersion = text('apiVersion');
  const namespace = text('metadata', 'namespace');
  return {
    ...(apiVersion !== undefined && !anyKind && { apiVersion }),
    kind: (anyKind ? text('kind') : undefined) ?? apiKind(kind),
    ...(namespace !== undefined && namespaced && { namespace }),
    name: text('metadata', 'name') ?? text('metadata', 'generateName') ?? '',
    ...(address !== undefined && { address }),
  };
}
