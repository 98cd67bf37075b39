import type { Caller } from '#src/model/access.ts';
import { defineCommand, Refused, UsageError, type Answer } from '#src/model/command.ts';
import type { Services } from '#src/model/services.ts';
import { template as notice } from '#templates/notice.ts';
import { answerTo, namedRequest, permitRequest, REQUEST_ID } from './support/requests.ts';

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
  permit: async (words, caller, services) => (REQUEST_ID.test(words[0] ?? '') ? permitRequest('cancel')(words, caller, services) : permitScan(caller, services, words[0])),
  maxWords: 1,
  flags: {},
  async run({ words: [id] }, caller, services) {
    if (id === undefined) throw new UsageError('Which scan or request? Its id stands at the end of its message.');
    if (!REQUEST_ID.test(id)) return cancelScan(id, caller, services);
    const request = await namedRequest(id, services);
    return answerTo(await services.approvals.cancel(request.id, caller), () => 'The request is canceled.', services);
  },
});

/** Who operates nothing is not told which scans there are. */
async function permitScan(caller: Caller, { access, approvals }: Services, id: string | undefined): Promise<void> {
  if (id === undefined && (await approvals.may(caller, 'cancel', undefined)).allowed) return;
  const permission = await access.may(caller, 'operator');
  if (!permission.allowed) throw new Refused(permission);
}

async function cancelScan(id: string, caller: Caller, services: Services): Promise<Answer> {
  const scan = await services.scans.get(id);
  if (scan === undefined) throw new UsageError(`There is no scan or request "${id}", or it is forgotten by now.`);
  const { cluster } = scan;
  const permission = await services.access.may(caller, 'operator', cluster);
  if (!permission.allowed) throw new Refused(permission);
  const outcome = await services.scans.cancel(id, caller.userId);
  const text = outcome === 'canceled' ? `The scan of ${cluster} is canceled.` : `The scan of ${cluster} has ended already.`;
  return { message: notice.render({ text }, services) };
}
