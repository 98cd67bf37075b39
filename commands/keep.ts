import { REASON_LENGTH } from '#src/model/approvals.ts';
import { defineCommand, Refused, UsageError, type Answer } from '#src/model/command.ts';
import type { NeedQuestion } from '#src/model/needs.ts';
import type { Services } from '#src/model/services.ts';
import { mayAnswer } from '#src/people/asked-people.ts';
import { dayFault, lastDay, standingText } from '#src/people/need-steps.ts';
import { template as keepAccess } from '#templates/keep-access.ts';
import { template as notice } from '#templates/notice.ts';
import { namedNeed, needAnswer } from './support/needs.ts';

/** Says that access is still needed. Only whoever was asked can. */
export const command = defineCommand({
  name: 'keep',
  usage: 'keep <question> [--until DAY] [--reason TEXT]',
  summary: 'Answer that access is still needed, which the bot asked you about.',
  examples: ['keep n3fa81c0b --until 2027-02-01 --reason "on call again in January"'],
  // Whoever is asked answers, whatever their roles; everybody else is refused by the question itself.
  access: 'none',
  maxWords: 1,
  flags: {
    until: { type: 'string', value: 'DAY', text: 'Last day on which it is needed, such as 2027-02-01; 90 days from now at most.' },
    reason: { type: 'string', value: 'TEXT', text: 'What it is needed for.' },
  },
  form: { isWanted: ({ words, options }) => words.length > 0 && (options.reason === undefined || options.until === undefined) },
  async run({ words, options }, caller, services) {
    const question = await namedNeed(words[0], services);
    if (!mayAnswer(question, caller)) throw new Refused({ reason: 'Somebody else was asked this, and only they can answer.', ask: [] });
    const reason = options.reason?.trim();
    const { until } = options;
    if (reason === undefined || until === undefined) return asked(question, services);
    const { min, max } = REASON_LENGTH;
    if (reason.length < min || reason.length > max) throw new UsageError(`Say what it is needed for, in ${min} to ${max} characters.`);
    const fault = dayFault(until, services.clock.now());
    if (fault !== undefined) throw new UsageError(fault);
    return needAnswer(await services.needs.answer(question.id, { verdict: 'keep', reason, until }, caller), services);
  },
});

/** The form, and for where no form can be shown what to type. */
function asked(question: NeedQuestion, services: Services): Answer {
  const { id, called, cluster, state } = question;
  const now = services.clock.now();
  if (state !== 'open') return { title: 'Not done', message: notice.render({ text: standingText(question, now) }, services) };
  const data = { id, called, cluster, lastDay: lastDay(now) };
  const { blocks } = keepAccess.render({ ...data, form: true }, services);
  return { message: keepAccess.render({ ...data, form: false }, services), form: { title: 'Keep access', submit: 'Keep', blocks, action: { command: 'keep', args: [id] } } };
}
