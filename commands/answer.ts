import { NOT_ASKED } from '#src/model/access.ts';
import { defineCommand, Refused, UsageError, type Answer } from '#src/model/command.ts';
import { isToBeLocked, type Question } from '#src/model/questions.ts';
import type { Services } from '#src/model/services.ts';
import { template as notice } from '#templates/notice.ts';
import { template as questionAnswer } from '#templates/question-answer.ts';
import { readingSignal } from './support/people.ts';

const TICKET = 60;

/** Answers "Was this you?", for the one who was asked and nobody else. */
export const command = defineCommand({
  name: 'answer',
  usage: 'answer <question> <yes|no> [--ticket ID] [--sure]',
  summary: 'Say whether something that was done in your name was done by you.',
  examples: ['answer q5d41402abc4b yes --ticket OPS-12', 'answer q5d41402abc4b no'],
  // Whoever was asked may answer, whatever their role.
  access: 'none',
  async permit([id], caller, services) {
    const question = id === undefined ? undefined : await services.questions.get(id.toLowerCase());
    if (id !== undefined && question?.person !== caller.userId) throw new Refused({ reason: NOT_ASKED, ask: [] }, question && { cluster: question.deed.cluster });
  },
  maxWords: 2,
  flags: {
    ticket: { type: 'string', value: 'ID', text: 'Of a yes: the ticket that it was done for.' },
    sure: { type: 'boolean', text: 'Answer at once, without being shown what it leads to.' },
  },
  form: { isWanted: ({ switches, options }) => !switches.has('sure') && options.ticket === undefined },
  async run({ words: [id, said], options, switches }, caller, services) {
    if (id === undefined) throw new UsageError('Which question? Its id stands at the end of its message.');
    const verdict = said?.toLowerCase();
    if (verdict !== 'yes' && verdict !== 'no') throw new UsageError('Say yes or no.');
    const question = await services.questions.get(id.toLowerCase());
    if (question === undefined) throw new UsageError(`There is no question "${id}", or it is forgotten by now.`);
    const ticket = options.ticket?.trim() ?? '';
    if (ticket.length > TICKET) throw new UsageError(`The ticket is longer than ${TICKET} characters.`);
    // What could not be locked at once can be tried again by whoever denied it.
    const isUnlocked = verdict === 'no' && isToBeLocked(question);
    const isOpen = question.state === 'asked' || question.state === 'unanswered' || isUnlocked;
    // Whoever types shall see first what a lock leads to.
    const isSure = switches.has('sure') && (verdict === 'yes' || caller.via !== 'command');
    if (isOpen && !isSure && (verdict === 'no' || ticket === '')) return asked(question, verdict, services);
    const outcome = await services.questions.answer(question.id, { verdict, ...(ticket !== '' && { ticket }) }, caller);
    if ('refused' in outcome && !isUnlocked) return { title: 'Not done', message: notice.render({ text: outcome.refused }, services) };
    if (verdict === 'yes') return { title: 'Answered', message: notice.render({ text: 'Thank you. That is noted.' }, services) };
    const { request, problem } = (await services.questions.lock(question.id, caller, readingSignal())) ?? {};
    const text = problem !== undefined ? `Your access is not locked: ${problem.replace(/\.$/, '')}. The security channel is told.` : `Your access is being locked by the request ${request ?? ''}, and the security channel is told. Its message tells what is proven, and what still works.`;
    return { title: 'Answered', message: notice.render({ text }, services) };
  },
});

function asked(question: Question, verdict: 'yes' | 'no', services: Services): Answer {
  const { blocks } = questionAnswer.render({ question, verdict, form: true }, services);
  const title = verdict === 'yes' ? 'It was you' : 'It was not you';
  const submit = verdict === 'yes' ? 'It was me' : 'Lock my access';
  return { title, message: questionAnswer.render({ question, verdict, form: false }, services), form: { title, submit, blocks, action: { command: 'answer', args: [question.id, verdict, '--sure'] } } };
}
