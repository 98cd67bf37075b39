import { compareSeverity, type Severity } from '#src/model/finding.ts';

/** A finding that was there before. */
export interface BaselineEntry {
  readonly fingerprint: string;
  readonly check: string;
  readonly item?: string | undefined;
  readonly severity: Severity;
  readonly file?: string | undefined;
  readonly cluster?: string | undefined;
  readonly object?: { readonly namespace?: string | undefined } | undefined;
}

/** How a finding stands to the baseline. */
export type Change = 'new' | 'worse' | 'known';

/** What was found before, by the place that tells two findings of the same fingerprint apart. */
export type Baseline = ReadonlyMap<string, BaselineEntry>;

/** Whether every file is a cluster of its own, so that two may have findings of the same fingerprint. */
export type KeyOf = (finding: Pick<BaselineEntry, 'fingerprint' | 'file' | 'cluster'>) => string;

export function keyOfFindings(isolate: 'none' | 'file'): KeyOf {
  return ({ fingerprint, file = '', cluster = '' }) => [fingerprint, cluster, isolate === 'file' ? file : ''].join('\n');
}

export function changeOf(severity: Severity, before: BaselineEntry | undefined): Change {
  if (before === undefined) return 'new';
  return compareSeverity(severity, before.severity) < 0 ? 'worse' : 'known';
}
