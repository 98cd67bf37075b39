import type { Caller } from '#src/model/access.ts';
import { defineCommand, Refused, UsageError, type Answer } from '#src/model/command.ts';
import type { ScanRecord } from '#src/model/scan-record.ts';
import type { Services } from '#src/model/services.ts';
import { template as notice } from '#templates/notice.ts';
import { answerTo } from './support/requests.ts';

/**
 * Cancels a scan that is queued or running: nothing of it is stored, and its message says who canceled it. Or a request that nobody
 * has decided yet.
 */
export const command = defineCommand({
  name: 'cancel',
  usage: 'cancel <scan or request>',
  summary: 'Cancel a scan that is queued or running, or a request that waits.',
  examples: ['cancel a4c19e70b2', 'cancel r7k2m9'],
  // Scans need more, and requests may be canceled by whoever asked.
  access: 'viewer',
  maxWords: 1,
  flags: {},
  async run({ words: [id] }, caller, services) {
    if (id === undefined) throw new UsageError('Which scan or request? Its id stands at the end of its message.');
    const scan = await services.scans.get(id);
    if (scan !== undefined) return cancelScan(scan, caller, services);
    const request = await services.approvals.get(id.toLowerCase());
    if (request === undefined) throw new UsageError(`There is no scan or request "${id}", or it is forgotten by now.`);
    return answerTo(await services.approvals.cancel(request.id, caller), () => 'The request is canceled.', services);
  },
});

async function cancelScan({ id, cluster }: ScanRecord, caller: Caller, services: Services): Promise<Answer> {
  const permission = await services.access.may(caller, 'operator', cluster);
  if (!permission.allowed) throw new Refused(permission);
  const outcome = await services.scans.cancel(id, caller.userId);
  const text = outcome === 'canceled' ? `The scan of ${cluster} is canceled.` : `The scan of ${cluster} has ended already.`;
  return { message: notice.render({ text }, services) };
}
