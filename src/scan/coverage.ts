import { kindsOf, type Check } from '#src/model/check.ts';
import { areaOf, AREAS, type Area } from '#src/model/finding.ts';
import type { Kind } from '#src/model/kinds.ts';
import type { Gap, UndecidedCount } from '#src/model/scan-result.ts';

/** Keeps what could not be looked at, so that it is never taken for healthy. */
export interface Coverage {
  readonly gap: (check: Check, gap: Omit<Gap, 'check'>) => void;
  /** `object` is the key of the only one that it is about. */
  readonly undecided: (check: Check, reason: string, object?: string) => void;
  readonly gaps: () => readonly Gap[];
  readonly undecidedCounts: () => readonly UndecidedCount[];
  /** Ids of the checks that ran, as `id:item` where a check has items. */
  readonly ran: (checks: readonly Check[]) => readonly string[];
}

export function createCoverage(): Coverage {
  const gaps: Gap[] = [];
  const undecided = new Map<string, { check: string; reason: string; count: number; objects?: Set<string> }>();
  return {
    gap(check, gap) {
      const known = gaps.some((other) => other.check === check.id && other.item === gap.item && other.kind === gap.kind && other.partial === gap.partial && other.reason === gap.reason);
      if (!known) gaps.push({ check: check.id, ...gap });
    },
    undecided(check, reason, object) {
      const key = `${check.id}\n${reason}`;
      const known = undecided.get(key) ?? { check: check.id, reason, count: 0, objects: new Set() };
      known.count += 1;
      if (object === undefined) delete known.objects;
      else known.objects?.add(object);
      undecided.set(key, known);
    },
    gaps: () => gaps,
    undecidedCounts: () => [...undecided.values()],
    ran(checks) {
      const missed = new Set(gaps.filter((gap) => !gap.partial).map((gap) => (gap.item === undefined ? gap.check : `${gap.check}:${gap.item}`)));
      return checks.filter((check) => !missed.has(check.id)).flatMap((check) => idsOf(check).filter((id) => !missed.has(id)));
    },
  };
}

/** The ids under which a check reports. */
export function idsOf(check: Check): readonly string[] {
  return check.items === undefined ? [check.id] : Object.keys(check.items).map((item) => `${check.id}:${item}`);
}

/** The areas in which some of the checks are, in the order of the tips. */
export function areasOf(checks: readonly Check[]): readonly Area[] {
  return AREAS.filter((area) => checks.some((check) => areaOf(check.id) === area));
}

/** The areas whose checks need none of the kinds still to be read. */
export function areasDone(checks: readonly Check[], pending: ReadonlySet<Kind>): readonly Area[] {
  const open = new Set(checks.filter((check) => kindsOf(check).some((kind) => pending.has(kind))).map((check) => areaOf(check.id)));
  return areasOf(checks).filter((area) => !open.has(area));
}
