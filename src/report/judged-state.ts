import type { Check } from '#src/model/check.ts';
import type { ReportSubject } from '#src/model/frameworks/report.ts';
import type { ClusterState } from '#src/model/scan-record.ts';
import type { Judged } from './assess.ts';

/** What the last scans of a cluster judged. Only once the whole of it has been scanned does a check without findings mean anything. */
export function judgedState({ checks: ran, gaps, undecided = [], findings }: ClusterState, checks: readonly Check[]): Judged {
  return { checks, ran, gaps, undecided, findings: findings.filter(({ state }) => state === 'open') };
}

export function subjectOf({ cluster, version, objects, lastScan, lastFullScan = lastScan }: ClusterState): ReportSubject {
  return { cluster, at: lastFullScan.at, kubernetesVersion: version, objects, unreadable: 0 };
}
