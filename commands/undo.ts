import { REASON_LENGTH } from '#src/model/approvals.ts';
import { defineCommand, UsageError } from '#src/model/command.ts';
import { answerTo, namedRequest, permitRequest } from './support/requests.ts';

/** Takes back what was changed for a request, or ends it before its time. */
export const command = defineCommand({
  name: 'undo',
  usage: 'undo <request> [REASON…]',
  summary: 'Take back what a request changed or what was ruled on it, or end it early.',
  examples: ['undo r7k2m9', 'undo r7k2m9 back from leave'],
  access: 'viewer',
  permit: permitRequest('undo'),
  maxWords: 1,
  rest: 'reason',
  flags: { reason: { type: 'string', value: 'TEXT', text: 'Why; everybody who sees the request reads it.' } },
  async run({ words: [id], options }, caller, services) {
    const request = await namedRequest(id, services);
    const reason = options.reason?.trim() ?? '';
    if (reason.length > REASON_LENGTH.max) throw new UsageError(`The reason is longer than ${REASON_LENGTH.max} characters.`);
    const outcome = await services.approvals.undo(request.id, caller, ...(reason === '' ? [] : [reason]));
    return answerTo(outcome, ({ ruling }) => (ruling?.ended === undefined ? 'It is being taken back.' : 'That does not hold any more; the next review may ask for the removal again.'), services);
  },
});
