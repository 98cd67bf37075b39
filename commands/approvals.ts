import type { Caller } from '#src/model/access.ts';
import { defineCommand, UsageError } from '#src/model/command.ts';
import type { ApprovalRequest } from '#src/model/request.ts';
import { shownRequest } from '#src/model/request-shown.ts';
import type { Services } from '#src/model/services.ts';
import { template as requestTemplate } from '#templates/request.ts';
import { template } from '#templates/requests.ts';
import { requestEntryFor } from './support/request-entries.ts';
import { maySee } from './support/requests.ts';

/** Lists what waits for a decision and what can be taken back, or shows one request in full. */
export const command = defineCommand({
  name: 'approvals',
  aliases: ['requests'],
  usage: 'approvals [request]',
  summary: 'Show what waits for a decision and what can be taken back.',
  examples: ['approvals', 'approvals r7k2m9'],
  access: 'viewer',
  maxWords: 1,
  flags: {},
  async run({ words: [id] }, caller, services) {
    if (id !== undefined) {
      const request = await services.approvals.get(id.toLowerCase());
      // One that they may not see is not told apart from one that is not there.
      if (request === undefined || !(await maySee(request, caller, services))) throw new UsageError(`There is no request "${id}", or it is forgotten by now.`);
      return { message: requestTemplate.render(shownRequest(request), services), title: 'Request' };
    }
    const open = await visible(await services.approvals.open(), caller, services);
    return { message: template.render({ entries: await Promise.all(open.map((request) => requestEntryFor(request, caller, services))) }, services) };
  },
});

async function visible(requests: readonly ApprovalRequest[], caller: Caller, services: Services): Promise<readonly ApprovalRequest[]> {
  const verdicts = await Promise.all(requests.map(async (request) => ({ request, isVisible: await maySee(request, caller, services) })));
  return verdicts.filter(({ isVisible }) => isVisible).map(({ request }) => request);
}
