import { defineCommand } from '#src/model/command.ts';
import { answerTo, namedRequest, permitRequest } from './support/requests.ts';

/** Makes another attempt at what was approved, or is to be taken back, and failed. */
export const command = defineCommand({
  name: 'retry',
  usage: 'retry <request>',
  summary: 'Try again what failed for a request.',
  examples: ['retry r7k2m9'],
  access: 'viewer',
  permit: permitRequest('retry'),
  maxWords: 1,
  flags: {},
  async run({ words: [id] }, caller, services) {
    const request = await namedRequest(id, services);
    return answerTo(await services.approvals.retry(request.id, caller), () => 'It is being tried again.', services);
  },
});
