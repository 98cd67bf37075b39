import { defineObjectCheck, type CheckItem, type ObjectCheck, type Source } from '#src/model/check.ts';
import type { ControlResult, FrameworkReport } from '#src/model/frameworks/report.ts';
import type { Kind } from '#src/model/kinds.ts';

/** A control of the CIS benchmark, whether or not it is in its table. */
export function aControl(id: string): Source {
  return { title: id, control: { framework: 'cis', id } };
}

/** A check that answers these controls and finds nothing. */
export function aCheck(id: string, sources: readonly Source[], { kinds = ['Pod'], items }: { readonly kinds?: readonly Kind[]; readonly items?: Readonly<Record<string, CheckItem>> } = {}): ObjectCheck {
  return defineObjectCheck({ id, title: 'All is well', severity: 'high', tips: [5], why: 'Because.', fix: 'Mend it.', sources, ...(items && { items }), kinds, judge: () => [] });
}

export function aControlResult(overrides: Partial<ControlResult> = {}): ControlResult {
  return { id: '5.2.2', title: 'No privileged containers', state: 'passed', checks: ['workload/privileged'], findings: 0, examples: [], reasons: [], ...overrides };
}

/** A report of one section with these controls. Its sums are not of them. */
export function aReport(controls: readonly ControlResult[], overrides: Partial<FrameworkReport> = {}): FrameworkReport {
  const tally = { passed: 1, failed: 1, notEvaluated: 1, notCovered: 1, score: 50, coverage: 50 };
  return {
    framework: { id: 'cis', title: 'CIS Kubernetes Benchmark', version: 'v1.12', url: 'https://www.cisecurity.org/benchmark/kubernetes' },
    subject: { cluster: 'prod-eu', at: '2026-11-23T08:00:41.000Z', kubernetesVersion: 'v1.34', objects: 10, unreadable: 0 },
    tally,
    sections: [{ title: '5.2 Pod Security Standards', tally, controls }],
    ...overrides,
  };
}
