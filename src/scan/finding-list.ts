import { createHash } from 'node:crypto';
import type { Check, ClusterProblem, Problem, Subject } from '#src/model/check.ts';
import { objectKey, type ObjectRef } from '#src/model/finding.ts';
import { formatPath } from '#src/model/raw.ts';
import type { LocatedFinding } from '#src/model/scan-result.ts';

/** Collects problems as findings: one for each check, item, object, container and user; repeats only count. */
export interface FindingList {
  readonly add: (check: Check, problem: Problem, subject: Subject) => void;
  readonly all: () => readonly LocatedFinding[];
}

interface Collected {
  readonly finding: LocatedFinding;
  /** The object that was counted last. Objects come one after the other, so that a repeat is always one of the last. */
  last: ObjectRef;
  count: number;
}

export function createFindingList(): FindingList {
  const byKey = new Map<string, Collected>();
  const share = createSharing();
  const ordinalOf = createOrdinals();
  return {
    add(check, problem, subject) {
      const identity = objectKey(subject.identity ?? subject.ref);
      const key = [check.id, problem.item, identity, problem.container, ...ordinalOf(subject), ...(problem.user === undefined ? [] : [`user ${problem.user}`])].join('\n');
      const known = byKey.get(key);
      if (known === undefined) {
        byKey.set(key, { finding: toFinding(check, problem, subject, fingerprint(key), share), last: subject.ref, count: 1 });
      } else if (objectKey(known.last) !== objectKey(subject.ref)) {
        known.last = subject.ref;
        known.count += 1;
      }
    },
    all: () => [...byKey.values()].map(({ finding, count }) => (count > 1 ? { ...finding, count } : finding)),
  };
}

/** Configuration files have no names: a second one of a kind is told from the first by its place, and two findings stay two. */
function createOrdinals(): (subject: Subject) => readonly string[] {
  const places = new Map<string, Map<unknown, number>>();
  return ({ ref, origin }) => {
    if (ref.name !== '' || origin === undefined) return [];
    const known = places.get(ref.kind) ?? new Map<unknown, number>();
    places.set(ref.kind, known);
    const ordinal = known.get(origin) ?? known.size;
    known.set(origin, ordinal);
    return ordinal === 0 ? [] : [String(ordinal)];
  };
}

type Share = (text: string) => string;

/** Workloads are much alike: a text that many findings have is kept once and in one piece, which is half of the memory of a scan's result. */
function createSharing(): Share {
  const known = new Map<string, string>();
  return (text) => {
    const shared = known.get(text);
    if (shared === undefined) known.set(text, text);
    return shared ?? text;
  };
}

function toFinding(check: Check, problem: Problem | ClusterProblem, subject: Subject, print: string, share: Share): LocatedFinding {
  return {
    check: check.id,
    ...(problem.item !== undefined && { item: problem.item }),
    severity: problem.severity ?? check.items?.[problem.item ?? '']?.severity ?? check.severity,
    object: subject.ref,
    ...(problem.related !== undefined && problem.related.length > 0 && { related: problem.related }),
    ...(problem.container !== undefined && { container: problem.container }),
    ...(problem.path !== undefined && problem.path.length > 0 && { path: share(formatPath(problem.path)) }),
    ...(problem.ports !== undefined && { ports: problem.ports }),
    ...(problem.reach !== undefined && { reach: problem.reach }),
    message: share(problem.message),
    ...(problem.evidence !== undefined && { evidence: share(problem.evidence) }),
    fingerprint: print,
    ...(subject.origin !== undefined && { origin: subject.origin, steps: problem.path ?? [] }),
  };
}

/**
 * 80 bits, so that among a million findings a collision stays below one in a billion. Where in its object a problem stands does not
 * count: list entries move, and a template stands elsewhere in a Pod than in its Deployment.
 */
function fingerprint(key: string): string {
  return createHash('sha256').update(key).digest().toString('hex', 0, 10);
}
