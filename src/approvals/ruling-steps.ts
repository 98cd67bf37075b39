import { dayFault } from '#src/model/day.ts';
import { isRuled, standing, when } from '#src/model/request-standing.ts';
import type { Approval, ApprovalRequest, JournalEntry } from '#src/model/request.ts';
import { RULED_DAYS, type RulingGiven } from '#src/model/rulings.ts';
import { approvalOf, ended, refusal } from './decision-steps.ts';
import { CLOCK, noted } from './journal.ts';
import type { Outcome, RequestEvent } from './machine.ts';

type EventOf<Type extends RequestEvent['type']> = Extract<RequestEvent, { readonly type: Type }>;

const DAY_MS = 24 * 3600_000;

/** Denies the request for more than now: the access is kept for a time, or is not the person's. */
export function rule(request: ApprovalRequest, { by, planHash = request.planHash, says, reason }: EventOf<'rule'>, now: Date): Outcome {
  const refused = refusal(request, { by, planHash }, now) ?? misfit(request, says, now);
  if (refused !== undefined) return { refused };
  const words = says.type === 'keep' ? `until ${says.until}` : says.users.join(', ');
  return ended({ ...request, ruling: says }, 'denied', { by, reason }, says.type === 'keep' ? 'kept' : 'not-theirs', now, `${words}: ${reason}`);
}

/** Somebody takes back what was said; the access may be asked about again. */
export function undoRuling(request: ApprovalRequest, event: EventOf<'undo'>, now: Date): Outcome {
  if (event.by.person === undefined) return { refused: 'Only people take back what people have said.' };
  return unruled(request, approvalOf(event, now), 'ruling-undone', now);
}

/** The last day is over on which it was not to be asked again. */
export function lapse(request: ApprovalRequest, now: Date): Outcome {
  if (lapsesAt(request) > now.getTime()) return { refused: 'There is nothing whose day is over.' };
  return unruled(request, { by: CLOCK, at: now.toISOString() }, 'lapsed', now);
}

/** In milliseconds since 1970; Infinity for what holds for good, or does not hold. */
export function lapsesAt(request: ApprovalRequest): number {
  return isRuled(request) && request.ruling.type !== 'not-theirs' ? Date.parse(request.ruling.until) + DAY_MS : Infinity;
}

function misfit({ about }: ApprovalRequest, says: RulingGiven, now: Date): string | undefined {
  if (about === undefined) return 'This request is not about the access of somebody that could be kept. Approve or deny it.';
  if (says.type === 'keep') return dayFault(says.until, now, RULED_DAYS);
  if (says.users.length === 0) return 'Say which user name is not theirs.';
  const unknown = says.users.find((user) => !about.users.includes(user));
  return unknown === undefined ? undefined : `This request is not about the user name ${unknown}.`;
}

function unruled(request: ApprovalRequest, over: Approval, what: JournalEntry['what'], now: Date): Outcome {
  const { ruling } = request;
  if (ruling?.ended !== undefined) return { refused: endedText(ruling.ended, now) };
  if (ruling === undefined) return { refused: standing(request, now) };
  return { request: { ...request, ruling: { ...ruling, ended: over }, ...noted(request, now, over.by, what, over.reason) } };
}

function endedText({ by, at }: Approval, now: Date): string {
  return by.person === undefined ? `Its last day ended ${when(at, now)}.` : `Already undone by ${by.name} ${when(at, now)}.`;
}
