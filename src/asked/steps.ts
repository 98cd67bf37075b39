import { isToBeLocked, type Question } from '#src/model/questions.ts';
import type { Actor } from '#src/model/request.ts';

export type QuestionEvent =
  | { readonly type: 'yes'; readonly by: Actor; readonly ticket?: string }
  | { readonly type: 'no'; readonly by: Actor }
  | { readonly type: 'time-over' }
  | { readonly type: 'locking'; readonly request: string; readonly problem?: string }
  | { readonly type: 'not-locked'; readonly problem: string };

/** The next version, or in a sentence for people why the event changes nothing. */
export type QuestionOutcome = { readonly question: Question } | { readonly refused: string };

const SECRET_READS: readonly string[] = ['audit/secrets-bulk-read', 'audit/secrets-listed-everywhere'];

/** What becomes of a question by an event. Knows nothing of who may answer. */
export function step(question: Question, event: QuestionEvent, now: Date): QuestionOutcome {
  const changed = change(question, event, now);
  return 'refused' in changed ? changed : { question: { ...question, ...changed, version: question.version + 1 } };
}

function change(question: Question, event: QuestionEvent, now: Date): Partial<Question> | { readonly refused: string } {
  const { state } = question;
  const isOpen = state === 'asked' || state === 'unanswered';
  switch (event.type) {
    case 'yes':
      return isOpen ? { state: 'confirmed', answer: answerOf(event, now), staysListed: whyListed(question, event.ticket) } : { refused: alreadyText(question) };
    case 'no':
      return isOpen ? { state: 'denied', answer: answerOf(event, now), alarmed: true } : { refused: alreadyText(question) };
    case 'time-over':
      if (state !== 'asked') return { refused: alreadyText(question) };
      return now.getTime() < Date.parse(question.dueAt) ? { refused: 'There is still time to answer.' } : { state: 'unanswered', alarmed: true };
    case 'locking':
    case 'not-locked':
      if (!isToBeLocked(question)) return { refused: 'There is nothing to lock.' };
      return { ...(event.type === 'locking' && { request: event.request }), ...(event.problem !== undefined && { problem: event.problem }) };
  }
}

/** The account that answers may be the stolen one: its word alone closes nothing that is out of the ordinary. */
function whyListed({ deed: { severity, detection, production }, state }: Question, ticket: string | undefined): readonly string[] {
  return [
    ...(severity === 'critical' ? ['it is critical'] : []),
    ...(SECRET_READS.includes(detection) ? ['Secrets were read'] : []),
    ...(production && ticket === undefined ? ['production without a ticket'] : []),
    ...(state === 'unanswered' ? ['the answer came late'] : []),
  ];
}

function answerOf({ by, ...more }: Extract<QuestionEvent, { readonly type: 'yes' | 'no' }>, now: Date): NonNullable<Question['answer']> {
  const ticket = 'ticket' in more ? more.ticket : undefined;
  return { by, at: now.toISOString(), ...(ticket !== undefined && { ticket }) };
}

function alreadyText({ state }: Question): string {
  return state === 'confirmed' ? 'This has been answered already: it was you.' : state === 'denied' ? 'This has been answered already: it was not you.' : 'The time to answer is over.';
}
