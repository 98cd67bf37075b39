import { defineCommand } from '#src/model/command.ts';
import { answerTo, namedRequest, permitRequest } from './support/requests.ts';

/** Asks whoever owns what a request is about whether they know it. The second time it says when that was. */
export const command = defineCommand({
  name: 'ask-owner',
  usage: 'ask-owner <request>',
  summary: 'Ask the owner of a workload about a request before you decide.',
  examples: ['ask-owner r7k2m9'],
  // Who may depends on the request: those who may decide it.
  access: 'viewer',
  permit: permitRequest('ask-owner'),
  maxWords: 1,
  flags: {},
  async run({ words: [id] }, caller, services) {
    const { id: request } = await namedRequest(id, services);
    const outcome = await services.approvals.askOwner(request, caller);
    return answerTo(outcome, ({ owner }) => `${owner?.team ?? 'The owner'} is asked. The answer will stand in the request, and decides nothing by itself.`, services);
  },
});
