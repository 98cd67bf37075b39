import type { Finding } from '#src/model/finding.ts';
import { SEVERITIES } from '#src/model/finding.ts';
import type { ClusterState, ScanRecord, TrackedFinding } from '#src/model/scan-record.ts';
import type { Services } from '#src/model/services.ts';
import { byUrgency, inScope } from '#src/scan/compare.ts';
import { ENDPOINTS, template as newPublicEndpoint } from '#templates/new-public-endpoint.ts';
import { LINES, template as scanFindings } from '#templates/scan-findings.ts';
import { template as scanGaps } from '#templates/scan-gaps.ts';
import { findingsCsv } from './findings-csv.ts';
import { aboutCluster, messageId, publishScan } from './publish-scan.ts';

/**
 * Brings message and thread of a scan to what is stored, from the store alone: safe to repeat after any interruption.
 */
export async function announceScan(id: string, services: Services): Promise<void> {
  const scan = await services.scanRuns.get(id);
  if (scan === undefined) return;
  const state = await services.scans.state(scan.cluster);
  await publishScan(scan, services, aboutCluster(state));
  await postEndpoints(scan, services);
  // Another scan may have ended meanwhile; then its thread tells what there is.
  if (scan.state === 'done' && scan.channel !== undefined && state?.lastScan.id === scan.id) await postDetails(scan, scan.channel, state, services);
}

/** To whoever watches the cluster, whoever asked for the scan: nobody waits for the digest with this. */
async function postEndpoints({ id, cluster: name, channel, summary, endedAt }: ScanRecord, { clusters, outbox }: Services): Promise<void> {
  const cluster = clusters.find(name);
  const where = cluster?.channel ?? channel;
  if (summary?.endpoints === undefined || where === undefined) return;
  const { since, workloads } = summary.endpoints;
  const data = { cluster: name, production: cluster?.production === true, scan: id, since, at: endedAt ?? since, workloads: workloads.slice(0, ENDPOINTS), count: workloads.length };
  await outbox.put({ id: `${messageId(id)}/endpoints`, channel: where, template: newPublicEndpoint, data });
}

async function postDetails(scan: ScanRecord, channel: string, state: ClusterState, { outbox, attachesFiles }: Services): Promise<void> {
  const thread = messageId(scan.id);
  const open = state.findings.filter((finding) => finding.state === 'open' && inScope(scan.scope)(finding)).sort(byUrgency);
  const isNew = ({ firstSeen, beginning }: TrackedFinding) => !beginning && scan.summary?.comparedWith !== undefined && firstSeen === scan.endedAt;
  const groups = SEVERITIES.map((severity) => ({ severity, findings: open.filter((finding) => finding.severity === severity) })).filter(({ findings }) => findings.length > 0);
  const file = attachesFiles() && groups.some(({ findings }) => findings.length > LINES);
  for (const { severity, findings } of groups) {
    const shown = findings.toSorted((a, b) => Number(isNew(b)) - Number(isNew(a))).slice(0, LINES);
    await outbox.put({
      id: `${thread}/${severity}`,
      channel,
      thread,
      template: scanFindings,
      data: { cluster: scan.cluster, severity, findings: shown, fresh: shown.filter(isNew).map(print), count: findings.length, file: file && findings.length > LINES },
    });
  }
  const gaps = scan.summary?.gaps ?? [];
  if (gaps.length > 0) await outbox.put({ id: `${thread}/gaps`, channel, thread, template: scanGaps, data: { cluster: scan.cluster, gaps } });
  if (file) {
    const day = (scan.endedAt ?? scan.queuedAt).slice(0, 10);
    await outbox.putFile({ id: `${thread}/file`, channel, thread, filename: `k8ssec-${day}.csv`, title: `All ${open.length} open findings of ${scan.cluster}`, content: findingsCsv(open) });
  }
}

function print({ fingerprint }: Finding): string {
  return fingerprint;
}
