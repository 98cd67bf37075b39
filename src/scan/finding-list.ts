import { createHash } from 'node:crypto';
import type { Check, ClusterProblem, Problem, Subject } from '#src/model/check.ts';
import { objectKey } from '#src/model/finding.ts';
import { formatPath, isObject, type RawObject, type Step } from '#src/model/raw.ts';
import type { LocatedFinding } from '#src/model/scan-result.ts';

/** Collects problems as findings: one for each check, item, object and container; repeats only count. */
export interface FindingList {
  /** `object` lets list indexes of the path be replaced by names. */
  readonly add: (check: Check, problem: Problem, subject: Subject, object?: RawObject) => void;
  readonly all: () => readonly LocatedFinding[];
}

interface Collected {
  finding: LocatedFinding;
  readonly subjects: Set<string>;
}

export function createFindingList(): FindingList {
  const byKey = new Map<string, Collected>();
  return {
    add(check, problem, subject, object) {
      const identity = objectKey(subject.identity ?? subject.ref);
      const key = [check.id, problem.item, identity, problem.container].join('\n');
      const known = byKey.get(key);
      if (known !== undefined) {
        known.subjects.add(objectKey(subject.ref));
        return;
      }
      const stablePath = withoutIndexes(problem.path ?? [], object);
      byKey.set(key, {
        finding: toFinding(check, problem, subject, fingerprint(key, stablePath)),
        subjects: new Set([objectKey(subject.ref)]),
      });
    },
    all: () => [...byKey.values()].map(({ finding, subjects }) => (subjects.size > 1 ? { ...finding, count: subjects.size } : finding)),
  };
}

function toFinding(check: Check, problem: Problem | ClusterProblem, subject: Subject, print: string): LocatedFinding {
  return {
    check: check.id,
    ...(problem.item !== undefined && { item: problem.item }),
    severity: problem.severity ?? check.items?.[problem.item ?? '']?.severity ?? check.severity,
    object: subject.ref,
    ...(problem.related !== undefined && problem.related.length > 0 && { related: problem.related }),
    ...(problem.container !== undefined && { container: problem.container }),
    ...(problem.path !== undefined && problem.path.length > 0 && { path: formatPath(problem.path) }),
    message: problem.message,
    ...(problem.evidence !== undefined && { evidence: problem.evidence }),
    fingerprint: print,
    ...(subject.origin !== undefined && { origin: subject.origin, steps: problem.path ?? [] }),
  };
}

/** 80 bits, so that among a million findings a collision stays below one in a billion. */
function fingerprint(key: string, stablePath: string): string {
  return createHash('sha256').update(`${key}\n${stablePath}`).digest('hex').slice(0, 20);
}

/** List entries move; their names do not. */
function withoutIndexes(path: readonly Step[], object: RawObject | undefined): string {
  let here: unknown = object;
  const stable = path.map((step) => {
    here = isObject(here) || Array.isArray(here) ? (here as RawObject)[step] : undefined;
    return typeof step === 'number' ? (isObject(here) && typeof here.name === 'string' ? here.name : '*') : step;
  });
  return formatPath(stable);
}
