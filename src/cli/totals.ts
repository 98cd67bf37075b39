import type { ScanResult } from '#src/model/scan-result.ts';
import { checkId, type GapRecord, type SummaryRecord, type UndecidedRecord } from './records.ts';

/** Sums up the results of one run: of all files as one cluster, of each file on its own, or of several clusters. */
export interface Totals {
  readonly add: (result: ScanResult, cluster?: string) => void;
  readonly ran: () => readonly string[];
  readonly notEvaluated: () => readonly GapRecord[];
  readonly undecided: () => readonly UndecidedRecord[];
}

export function createTotals(): Totals {
  const ran = new Set<string>();
  const families = new Set<string>();
  const gaps = new Map<string, GapRecord>();
  const undecided = new Map<string, UndecidedRecord>();
  return {
    add(result, cluster) {
      const where = cluster === undefined ? {} : { cluster };
      for (const id of result.checks) {
        ran.add(id);
        families.add(id.split(':')[0] ?? id);
      }
      for (const { check, item, reason, kind, partial } of result.notEvaluated) {
        const gap = { check, ...(item !== undefined && { item }), reason, ...(kind !== undefined && { kind }), ...(partial && { partial: true as const }), ...where };
        gaps.set(JSON.stringify(gap), gap);
      }
      for (const { check, reason, count } of result.undecided) {
        const key = [check, reason, cluster].join('\n');
        undecided.set(key, { check, reason, count: count + (undecided.get(key)?.count ?? 0), ...where });
      }
    },
    ran: () => [...ran].sort(),
    notEvaluated: () => [...gaps.values()].filter((gap) => gap.partial === true || gap.cluster !== undefined || !(gap.item === undefined ? families.has(gap.check) : ran.has(checkId(gap)))),
    undecided: () => [...undecided.values()],
  };
}

/** The order of fields is the order in which they are printed. */
export function summaryRecord(totals: Totals, counts: Pick<SummaryRecord, 'files' | 'clusters' | 'objects' | 'unreadable' | 'findings' | 'suppressed' | 'unheeded' | 'kubernetesVersion'>): SummaryRecord {
  const { files, clusters, objects, unreadable, findings, suppressed = 0, unheeded = [], kubernetesVersion } = counts;
  return {
    type: 'summary',
    files,
    ...(clusters !== undefined && { clusters }),
    objects,
    unreadable,
    checks: totals.ran(),
    notEvaluated: totals.notEvaluated(),
    undecided: totals.undecided(),
    findings,
    ...(suppressed > 0 && { suppressed }),
    ...(unheeded.length > 0 && { unheeded }),
    ...(kubernetesVersion !== undefined && { kubernetesVersion }),
  };
}
