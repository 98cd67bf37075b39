import type { Finding } from '#src/model/finding.ts';
import type { Gap, ScanResult, UndecidedCount } from '#src/model/scan-result.ts';

export function aFinding(overrides: Partial<Finding> = {}): Finding {
  return {
    check: 'workload/privileged',
    severity: 'high',
    object: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'api' },
    message: 'Container api runs privileged',
    fingerprint: '3f9c01abd2e4f5061728',
    ...overrides,
  };
}

export function aGap(overrides: Partial<Gap> = {}): Gap {
  return { check: 'workload/privileged', reason: 'no permission to list deployments', partial: false, ...overrides };
}

/** A scan that found these and ran the checks that found them. */
export function aResult(findings: readonly Finding[], { gaps = [], undecided = [], checks }: { readonly gaps?: readonly Gap[]; readonly undecided?: readonly UndecidedCount[]; readonly checks?: readonly string[] } = {}): ScanResult {
  return { findings, checks: checks ?? ['workload/privileged'], notEvaluated: gaps, undecided, objects: 10, kinds: new Set(['Deployment']), stock: 2 };
}
