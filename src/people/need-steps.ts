import { dayFault, dayOf } from '#src/model/day.ts';
import { HINDRANCE_HELP, KEPT_DAYS, type NeedGiven, type NeedQuestion, type NeedStep, type NewNeed } from '#src/model/needs.ts';
import { countPassed, reminderTimesBetween } from '#src/model/reminders.ts';
import type { Actor } from '#src/model/request.ts';

const DAY_MS = 24 * 3600_000;
/** What has failed is tried again after this long, doubled for each further failure. */
const FIRST_WAIT_MS = 5 * 60_000;
const LONGEST_WAIT_MS = 6 * 3600_000;
const CLOCK: Actor = { name: 'clock' };
const REVIEW: Actor = { name: 'review' };

/** Something that may happen to a question. */
export type NeedEvent =
  | { readonly type: 'answer'; readonly given: NeedGiven; readonly by: Actor }
  | { readonly type: 'remind' }
  | { readonly type: 'expire' }
  | { readonly type: 'close'; readonly why: string }
  /** Without a request it is to be asked once more. */
  | { readonly type: 'filed'; readonly request: string | undefined }
  | { readonly type: 'hindered'; readonly why: string };

/** The next version, or in a sentence for people why the event changes nothing. */
type NeedStepOutcome = { readonly question: NeedQuestion } | { readonly refused: string };

/** A question as it begins. Where there is nobody to ask, approvers are asked at once. */
export function newQuestion(need: NewNeed, id: string, askDays: number, now: Date): NeedQuestion {
  const at = now.toISOString();
  const canAsk = need.slackId !== undefined || need.owners.length > 0;
  const base = { ...need, id, askedAt: at, reminders: 0, version: 1, logged: 0, published: 0 };
  if (!canAsk) return { ...base, state: 'unanswered', answerBy: at, journal: [{ at, by: REVIEW, what: 'unanswered', reason: 'nobody could be asked' }] };
  return { ...base, state: 'open', answerBy: new Date(now.getTime() + askDays * DAY_MS).toISOString(), journal: [{ at, by: REVIEW, what: 'asked' }] };
}

/** Whether a question still answers for the person, so that no other is asked. Who has not answered, or has given up, is not asked again while approvers decide. */
export function stillStands(question: NeedQuestion, now: Date): boolean {
  const { state, answer } = question;
  if (state === 'closed') return false;
  if (state === 'open') return true;
  if (state === 'kept') return (answer?.until ?? '') >= dayOf(now);
  return now.getTime() - lastAt(question) < KEPT_DAYS * DAY_MS;
}

/** It answers for nobody any more, and has not for so long that nobody comes back to it. */
export function isPast(question: NeedQuestion, now: Date): boolean {
  return !stillStands(question, now) && now.getTime() - lastAt(question) >= KEPT_DAYS * DAY_MS;
}

export function remindersDue({ askedAt, answerBy }: NeedQuestion, now: Date): number {
  return countPassed(reminderTimesBetween(askedAt, answerBy), now);
}

/** Approvers are to be asked, and have not been. */
export function isToBeFiled({ state, request }: NeedQuestion): boolean {
  return (state === 'given-up' || state === 'unanswered') && request === undefined;
}

/** The same, and it is time to try it: what has failed waits. */
export function isFilingDue(question: NeedQuestion, now: Date): boolean {
  const { hindrance } = question;
  return isToBeFiled(question) && (hindrance === undefined || Date.parse(hindrance.nextAt) <= now.getTime());
}

/** What becomes of a question by an event. Knows nothing of who may answer. */
export function step(question: NeedQuestion, event: NeedEvent, now: Date): NeedStepOutcome {
  const changed = change(question, event, now);
  return 'refused' in changed ? changed : { question: { ...changed, version: question.version + 1 } };
}

function change(question: NeedQuestion, event: NeedEvent, now: Date): NeedQuestion | { readonly refused: string } {
  const isOpen = question.state === 'open';
  switch (event.type) {
    case 'answer':
      return answered(question, event, now);
    case 'remind': {
      const reminders = remindersDue(question, now);
      if (!isOpen || isTooLate(question, now) || reminders <= question.reminders) return { refused: 'No reminder is due.' };
      return { ...question, reminders, ...noted(question, now, CLOCK, 'reminded') };
    }
    case 'expire':
      if (!isOpen || !isTooLate(question, now)) return { refused: 'There is still time to answer.' };
      return { ...question, state: 'unanswered', ...noted(question, now, CLOCK, 'unanswered') };
    case 'close':
      if (question.state === 'kept' || question.state === 'closed') return { refused: standingText(question, now) };
      return { ...withoutHindrance(question), state: 'closed', closedWhy: event.why, ...noted(question, now, REVIEW, 'closed', event.why) };
    case 'filed':
      return filed(question, event.request, now);
    case 'hindered':
      return isToBeFiled(question) ? hindered(question, event.why, now) : { refused: standingText(question, now) };
  }
}

function answered(question: NeedQuestion, { given, by }: Extract<NeedEvent, { readonly type: 'answer' }>, now: Date): NeedQuestion | { readonly refused: string } {
  if (question.state !== 'open' || isTooLate(question, now)) return { refused: standingText(question, now) };
  const at = now.toISOString();
  if (given.verdict === 'give-up') return { ...question, state: 'given-up', answer: { by, at }, ...noted(question, now, by, 'given-up') };
  const { reason, until } = given;
  const fault = dayFault(until, now, KEPT_DAYS);
  if (fault !== undefined) return { refused: fault };
  return { ...question, state: 'kept', answer: { by, at, reason, until }, ...noted(question, now, by, 'kept', `until ${until}: ${reason}`) };
}

function filed(question: NeedQuestion, request: string | undefined, now: Date): NeedQuestion | { readonly refused: string } {
  if (question.state !== 'given-up' && question.state !== 'unanswered') return { refused: standingText(question, now) };
  if ((request === undefined) === (question.request === undefined)) return { refused: 'Approvers are asked already.' };
  if (request !== undefined) return { ...withoutHindrance(question), request, ...noted(question, now, REVIEW, 'removal-asked', request) };
  const { request: before, ...rest } = question;
  return rest;
}

/** No part of the journal: nothing has happened to the question. */
function hindered(question: NeedQuestion, why: string, now: Date): NeedQuestion {
  const tries = (question.hindrance?.tries ?? 0) + 1;
  const waitMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (tries - 1));
  return { ...question, hindrance: { why, tries, nextAt: new Date(now.getTime() + waitMs).toISOString() } };
}

function withoutHindrance({ hindrance: _, ...question }: NeedQuestion): NeedQuestion {
  return question;
}

/** How a question stands, for somebody who comes too late to answer it, and for lists. */
export function standingText(question: NeedQuestion, now: Date): string {
  const { state, answer, askedAt, answerBy, request, closedWhy, hindrance } = question;
  switch (state) {
    case 'open':
      return isTooLate(question, now) ? `The time to answer ended on ${answerBy.slice(0, 10)}.` : `Asked on ${askedAt.slice(0, 10)}; can be answered until ${answerBy.slice(0, 10)}.`;
    case 'kept':
      return `Kept until ${answer?.until ?? ''}, says ${answer?.by.name ?? ''}: “${answer?.reason ?? ''}”.`;
    case 'given-up':
    case 'unanswered':
      if (hindrance !== undefined) return `${outcomeText(question)}; approvers could not be asked yet to take it away: ${hindrance.why}. ${HINDRANCE_HELP}`;
      return `${outcomeText(question)}; approvers are asked to take it away${request === undefined ? '' : `: ${request}`}.`;
    case 'closed':
      return `Closed: ${closedWhy ?? ''}.`;
  }
}

/** What came of asking, for approvers, where the access is to be taken away. Without a full stop. */
export function outcomeText({ state, answer, askedAt, answerBy }: NeedQuestion): string {
  if (state === 'given-up') return `Not needed any more, says ${answer?.by.name ?? ''}`;
  return answerBy === askedAt ? 'Nobody could be asked' : `Not answered by ${answerBy.slice(0, 10)}`;
}

function lastAt({ journal, askedAt }: NeedQuestion): number {
  return Date.parse(journal.at(-1)?.at ?? askedAt);
}

function isTooLate({ answerBy }: NeedQuestion, now: Date): boolean {
  return Date.parse(answerBy) <= now.getTime();
}

function noted({ journal }: NeedQuestion, now: Date, by: Actor, what: NeedStep['what'], reason?: string): Pick<NeedQuestion, 'journal'> {
  return { journal: [...journal, { at: now.toISOString(), by, what, ...(reason !== undefined && { reason }) }] };
}
