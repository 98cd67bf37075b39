import { REASON_LENGTH } from '#src/model/approvals.ts';
import { defineCommand, UsageError, type Answer } from '#src/model/command.ts';
import type { ApprovalRequest } from '#src/model/request.ts';
import type { Services } from '#src/model/services.ts';
import { template as ownerForm } from '#templates/owner-form.ts';
import { answerTo, namedRequest, permitRequest } from './support/requests.ts';

/** Says whether the owner of a workload knows what a request is about. The first answer stands; approvers decide. */
export const command = defineCommand({
  name: 'known',
  usage: 'known <request> <yes|no> [REASON…]',
  summary: 'Answer as an owner whether you know what a request is about.',
  examples: ['known r7k2m9 yes our payment provider', 'known r7k2m9 no nobody here has set this up'],
  // Whoever was asked answers, whatever their roles; everybody else is refused by the request itself.
  access: 'none',
  permit: async (words, caller, services) => (words.length === 0 ? undefined : permitRequest('answer')(words, caller, services)),
  maxWords: 2,
  rest: 'reason',
  flags: { reason: { type: 'string', value: 'TEXT', text: 'What it is for, or why it should not be there; everybody who sees the request reads it.' } },
  form: { isWanted: ({ words, options }) => words.length > 1 && options.reason === undefined },
  async run({ words: [id, said], options }, caller, services) {
    const request = await namedRequest(id, services);
    const verdict = said?.toLowerCase();
    if (verdict !== 'yes' && verdict !== 'no') throw new UsageError('Say yes or no.');
    const isKnown = verdict === 'yes';
    const reason = options.reason?.trim();
    if (reason === undefined) return asked(request, isKnown, services);
    const { min, max } = REASON_LENGTH;
    if (reason.length < min || reason.length > max) throw new UsageError(`Say why, in ${min} to ${max} characters.`);
    return answerTo(await services.approvals.ownerSays(request.id, { isKnown, reason }, caller), () => 'Thank you. Approvers see it in the request.', services);
  },
});

/** The form, and for where no form can be shown what to type. */
function asked({ id, card: { ask } }: ApprovalRequest, isKnown: boolean, services: Services): Answer {
  const data = { id, ask, isKnown };
  const { blocks } = ownerForm.render({ ...data, form: true }, services);
  return {
    message: ownerForm.render({ ...data, form: false }, services),
    form: { title: isKnown ? 'You know it' : 'You don’t know it', submit: 'Send', blocks, action: { command: 'known', args: [id, isKnown ? 'yes' : 'no'] } },
  };
}
