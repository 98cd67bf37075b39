import type { ScanRecord } from '#src/model/scan-record.ts';
import type { Services } from '#src/model/services.ts';
import { template } from '#templates/scan.ts';

/** Brings the one message of a scan to what is stored of it. */
export async function publishScan(scan: ScanRecord, services: Pick<Services, 'outbox' | 'scans'>, more: { readonly place?: number } = {}): Promise<void> {
  if (scan.channel === undefined) return;
  const known = await services.scans.state(scan.cluster);
  const durations = (known?.durationsMs ?? []).toSorted((a, b) => a - b);
  const usualMs = durations[Math.floor(durations.length / 2)];
  await services.outbox.put({
    id: messageId(scan.id),
    channel: scan.channel,
    template,
    data: { scan, ...more, ...(usualMs !== undefined && { usualMs }), ...(known && { lastGood: known.lastScan.at }) },
    urgency: scan.state === 'running' || scan.state === 'queued' ? 'progress' : 'result',
    ...('person' in scan.asker && { fallbackUser: scan.asker.person }),
  });
}

/** The message that everything about the scan is threaded under. */
export function messageId(scanId: string): string {
  return `scan/${scanId}`;
}
