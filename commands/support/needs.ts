import { NOT_ASKED, type Caller } from '#src/model/access.ts';
import { Refused, UsageError, type Answer } from '#src/model/command.ts';
import type { NeedOutcome, NeedQuestion } from '#src/model/needs.ts';
import type { Services } from '#src/model/services.ts';
import { mayAnswer } from '#src/people/asked-people.ts';
import { standingText } from '#src/people/need-steps.ts';
import { template as notice } from '#templates/notice.ts';

/** Refuses whoever was not asked the question which the first word names; where none is named, nobody. */
export async function permitNeed([id]: readonly string[], caller: Caller, { needs }: Services): Promise<void> {
  if (id === undefined) return;
  const question = await needs.get(id.toLowerCase());
  if (question === undefined || !mayAnswer(question, caller)) throw new Refused({ reason: NOT_ASKED, ask: [] }, question && { cluster: question.cluster });
}

/** The question of that id. @throws {UsageError} */
export async function namedNeed(id: string | undefined, { needs }: Services): Promise<NeedQuestion> {
  if (id === undefined) throw new UsageError('Which question? Its id stands at the end of its message.');
  const question = await needs.get(id.toLowerCase());
  if (question === undefined) throw new UsageError(`There is no question "${id}", or it is not asked any more.`);
  return question;
}

/** Tells whoever answered, or tried to, what came of it. */
export function needAnswer(outcome: NeedOutcome, services: Services): Answer {
  if ('refused' in outcome) return { title: 'Not done', message: notice.render({ text: outcome.refused }, services) };
  return { title: 'Done', message: notice.render({ text: standingText(outcome.taken, services.clock.now()) }, services) };
}
