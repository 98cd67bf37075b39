import { SEVERITIES, type Severity } from '#src/model/finding.ts';
import type { ScanOutcome, ScanSummary } from '#src/model/scan-record.ts';
import type { Gap, ScanResult } from '#src/model/scan-result.ts';
import { areasOf } from './coverage.ts';
import type { Check } from '#src/model/check.ts';

const NAMED = 5;

/** The outcome as numbers for people. */
export function summarize(
  outcome: ScanOutcome,
  result: ScanResult,
  about: { readonly checks: readonly Check[]; readonly version: string; readonly comparedWith: string | undefined },
): ScanSummary {
  const { open, fresh, worse, fixed, hidden } = outcome;
  return {
    open: countBySeverity(open),
    fresh: fresh.size,
    worse: worse.size,
    fixed: fixed.length,
    unchanged: open.length - fresh.size - worse.size,
    hidden: hidden.length,
    top: open.slice(0, NAMED).map((finding) => {
      if (fresh.has(finding.fingerprint)) return { ...finding, change: 'new' };
      return worse.has(finding.fingerprint) ? { ...finding, change: 'worse' } : finding;
    }),
    ...(about.comparedWith !== undefined && { comparedWith: about.comparedWith }),
    checks: result.checks.length,
    areas: areasOf(about.checks),
    gaps: gapsByReason(result.notEvaluated),
    undecided: result.undecided.reduce((sum, { count }) => sum + count, 0),
    objects: result.objects,
    stock: result.stock,
    version: about.version,
    ...(outcome.endpoints !== undefined && outcome.endpoints.workloads.length > 0 && { endpoints: outcome.endpoints }),
  };
}

export function countBySeverity(findings: Iterable<{ readonly severity: Severity }>): Record<Severity, number> {
  const counts = Object.fromEntries(SEVERITIES.map((severity) => [severity, 0])) as Record<Severity, number>;
  for (const { severity } of findings) counts[severity] += 1;
  return counts;
}

/** Most checks first. */
export function gapsByReason(gaps: readonly Gap[]): readonly { readonly reason: string; readonly checks: readonly string[] }[] {
  const byReason = Map.groupBy(gaps, (gap) => gap.reason);
  return [...byReason]
    .map(([reason, group]) => ({ reason, checks: [...new Set(group.map((gap) => gap.check))].sort() }))
    .sort((a, b) => b.checks.length - a.checks.length);
}
