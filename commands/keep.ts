import type { Caller } from '#src/model/access.ts';
import { defineCommand, Refused, UsageError, type Answer, type Arguments } from '#src/model/command.ts';
import { dayAfter, dayFault } from '#src/model/day.ts';
import { KEPT_DAYS, type NeedQuestion } from '#src/model/needs.ts';
import { RULED_DAYS } from '#src/model/rulings.ts';
import type { Services } from '#src/model/services.ts';
import { standingText } from '#src/people/need-steps.ts';
import { template as keepAccess, type KeepAccess } from '#templates/keep-access.ts';
import { template as notice } from '#templates/notice.ts';
import { DECISION_FLAGS } from './support/decide.ts';
import { namedNeed, needAnswer, permitNeed } from './support/needs.ts';
import { namedRequest, permitRequest, REQUEST_ID } from './support/requests.ts';
import { reasonGiven, ruleOn } from './support/rule.ts';

/** What somebody keeps is asked about again soon, unless they say otherwise. */
const OFFERED_DAYS = 30;

/** Says that access is to be kept: of a question whoever was asked can, of a request whoever may deny it. */
export const command = defineCommand({
  name: 'keep',
  usage: 'keep <question or request> [REASON…] [--until DAY] [--plan HASH]',
  summary: 'Keep access until a day: answer that you still need it, or decide so as an approver who is asked to remove it.',
  examples: ['keep n3fa81c0b --until 2027-02-01 on call again in January', 'keep r7k2m9 --until 2027-05-01 on parental leave'],
  // Whoever is asked answers, whatever their roles; everybody else is refused by the question or the request itself.
  access: 'none',
  permit: (words, caller, services) => (REQUEST_ID.test(words[0] ?? '') ? permitRuling : permitNeed)(words, caller, services),
  maxWords: 1,
  rest: 'reason',
  flags: {
    until: { type: 'string', value: 'DAY', text: `Last day on which it is needed, such as 2027-02-01; for ${KEPT_DAYS} days from now at most, by an approver for ${RULED_DAYS}.` },
    reason: { type: 'string', value: 'TEXT', text: 'What it is needed for.' },
    plan: DECISION_FLAGS.plan,
  },
  form: { isWanted: ({ words, options }) => words.length > 0 && (options.reason === undefined || options.until === undefined) },
  run: (args, caller, services) => (REQUEST_ID.test(args.words[0] ?? '') ? keepByRuling(args, caller, services) : keepByAnswer(args, caller, services)),
});

async function keepByAnswer({ words, options }: Arguments, caller: Caller, services: Services): Promise<Answer> {
  const question = await namedNeed(words[0], services);
  const [reason, until] = [reasonGiven(options.reason), dayGiven(options.until, services, KEPT_DAYS)];
  if (reason === undefined || until === undefined) return asked(question, { reason, until }, services);
  return needAnswer(await services.needs.answer(question.id, { verdict: 'keep', reason, until }, caller), services);
}

/** Whoever may look at nothing is told so first. */
async function permitRuling(words: readonly string[], caller: Caller, services: Services): Promise<void> {
  const permission = await services.access.may(caller, 'viewer');
  if (!permission.allowed) throw new Refused(permission);
  await permitRequest('decide')(words, caller, services);
}

async function keepByRuling(args: Arguments, caller: Caller, services: Services): Promise<Answer> {
  const request = await namedRequest(args.words[0], services);
  const { reason } = args.options;
  const until = dayGiven(args.options.until, services, RULED_DAYS);
  const now = services.clock.now();
  return ruleOn(request, args, caller, services, {
    type: 'keep',
    says: until === undefined ? undefined : { type: 'keep', until },
    titles: { title: 'Keep access', submit: 'Keep' },
    render: (form) => keepAccess.render({ id: request.id, called: request.about?.called ?? '', clusters: request.clusters, ...fieldsOf({ reason, until }, RULED_DAYS, now), form }, services),
  });
}

/** @throws {UsageError} */
function dayGiven(until: string | undefined, { clock }: Services, mostDays: number): string | undefined {
  const fault = until === undefined ? undefined : dayFault(until, clock.now(), mostDays);
  if (fault !== undefined) throw new UsageError(fault);
  return until;
}

interface Typed {
  readonly reason: string | undefined;
  readonly until: string | undefined;
}

function fieldsOf({ reason, until }: Typed, mostDays: number, now: Date): Pick<KeepAccess, 'lastDay' | 'reason' | 'until'> {
  return { lastDay: dayAfter(now, mostDays), until: until ?? dayAfter(now, OFFERED_DAYS), ...(reason !== undefined && { reason }) };
}

/** The form, and for where no form can be shown what to type. */
function asked(question: NeedQuestion, typed: Typed, services: Services): Answer {
  const { id, called, cluster, state } = question;
  const now = services.clock.now();
  if (state !== 'open') return { title: 'Not done', message: notice.render({ text: standingText(question, now) }, services) };
  const data = { id, called, clusters: [cluster], ...fieldsOf(typed, KEPT_DAYS, now) };
  const { blocks } = keepAccess.render({ ...data, form: true }, services);
  return { message: keepAccess.render({ ...data, form: false }, services), form: { title: 'Keep access', submit: 'Keep', blocks, action: { command: 'keep', args: [id] } } };
}
