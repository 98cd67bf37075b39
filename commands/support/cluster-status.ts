import type { Cluster } from '#src/model/clusters.ts';
import type { Services } from '#src/model/services.ts';
import { countBySeverity } from '#src/scan/summarize.ts';
import type { ClusterStatus } from '#templates/status.ts';

/** What is known of a cluster, in numbers. */
export async function clusterStatus({ name, production }: Cluster, { scans }: Services): Promise<ClusterStatus> {
  const [state, active] = await Promise.all([scans.state(name), scans.active(name)]);
  const scanning = active === undefined ? {} : { scanning: active.state };
  if (state === undefined) return { name, production, checks: 0, missed: 0, hidden: 0, ...scanning };
  const missed = new Set(state.gaps.map(({ check }) => check));
  const ran = new Set(state.checks.map((id) => id.split(':')[0] ?? id).filter((id) => !missed.has(id)));
  return {
    name,
    production,
    scannedAt: state.lastScan.at,
    version: state.version,
    open: countBySeverity(state.findings.filter((finding) => finding.state === 'open')),
    checks: ran.size,
    missed: missed.size,
    hidden: state.findings.filter((finding) => finding.state === 'not-visible').length,
    ...scanning,
  };
}
