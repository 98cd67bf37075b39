import type { ClusterState, ScanRecord } from '#src/model/scan-record.ts';
import type { Services } from '#src/model/services.ts';
import { usualMs } from '#src/scan/usual.ts';
import { template, type ScanMessage } from '#templates/scan.ts';

/** What the message of a scan says besides the scan itself. */
export type ScanSurroundings = Omit<ScanMessage, 'scan'>;

/** Brings the one message of a scan to what is stored of it. */
export async function publishScan(scan: ScanRecord, { outbox }: Pick<Services, 'outbox'>, surroundings: ScanSurroundings = {}): Promise<void> {
  if (scan.channel === undefined) return;
  await outbox.put({
    id: messageId(scan.id),
    channel: scan.channel,
    template,
    data: { scan, ...surroundings },
    urgency: scan.state === 'running' || scan.state === 'queued' ? 'progress' : 'result',
    ...('person' in scan.asker && { fallbackUser: scan.asker.person }),
  });
}

/** What is known from earlier scans of the same cluster. */
export function aboutCluster(state: ClusterState | undefined): ScanSurroundings {
  const usual = usualMs(state);
  return { ...(usual !== undefined && { usualMs: usual }), ...(state && { lastGood: state.lastScan.at }) };
}

/** The message that everything about the scan is threaded under. */
export function messageId(scanId: string): string {
  return `scan/${scanId}`;
}
