import type { Cluster } from '#src/model/clusters.ts';
import type { ClusterState } from '#src/model/scan-record.ts';
import type { Services } from '#src/model/services.ts';
import { countBySeverity } from '#src/scan/summarize.ts';
import type { ClusterStatus } from '#templates/status.ts';

/** What is known of a cluster, in numbers. */
export async function clusterStatus({ name, production }: Cluster, { scans, checks }: Services): Promise<ClusterStatus> {
  const [state, active] = await Promise.all([scans.state(name), scans.active(name)]);
  const scanning = active === undefined ? {} : { scanning: active.state };
  if (state === undefined) return { name, production, checks: 0, missed: 0, hidden: 0, ...scanning };
  const incomplete = new Set(state.gaps.map(({ check }) => check));
  const ran = new Set(state.checks.map((id) => id.split(':')[0] ?? id));
  const evaluated = checks.filter(({ id }) => ran.has(id) && !incomplete.has(id)).length;
  return {
    name,
    production,
    ...lastLook(state),
    version: state.version,
    open: countBySeverity(state.findings.filter((finding) => finding.state === 'open')),
    checks: evaluated,
    missed: checks.length - evaluated,
    hidden: state.findings.filter((finding) => finding.state === 'not-visible').length,
    ...scanning,
  };
}

/** When the whole cluster was scanned; as long as it never was, when a part of it was. */
export function lastLook({ lastFullScan, lastScan }: ClusterState): { readonly scannedAt: string; readonly isPartial?: true } {
  return lastFullScan === undefined ? { scannedAt: lastScan.at, isPartial: true } : { scannedAt: lastFullScan.at };
}
