import { isUndecided, standing, when } from '#src/model/request-standing.ts';
import type { ApprovalRequest } from '#src/model/request.ts';
import { isTooLate } from './decision-steps.ts';
import { noted } from './journal.ts';
import type { Outcome, RequestEvent } from './machine.ts';

type EventOf<Type extends RequestEvent['type']> = Extract<RequestEvent, { readonly type: Type }>;

/** Once: whoever presses after that is told when it was. */
export function askOwner(request: ApprovalRequest, { by, owner }: EventOf<'ask-owner'>, now: Date): Outcome {
  if (!isUndecided(request) || isTooLate(request, now)) return { refused: standing(request, now) };
  const { owner: asked } = request;
  if (asked !== undefined) return { refused: `${asked.by.name} asked the owner (${asked.team}) already, ${when(asked.at, now)}.` };
  return { request: { ...request, owner: { ...owner, by, at: now.toISOString() }, ...noted(request, now, by, 'owner-asked', owner.team) } };
}

/** The first answer stands. */
export function ownerSays(request: ApprovalRequest, { by, isKnown, reason }: EventOf<'owner-says'>, now: Date): Outcome {
  if (!isUndecided(request) || isTooLate(request, now)) return { refused: standing(request, now) };
  const { owner } = request;
  if (owner === undefined) return { refused: 'No owner was asked about this.' };
  if (owner.answer !== undefined) return { refused: `${owner.answer.by.name} has answered this already, ${when(owner.answer.at, now)}.` };
  const answer = { by, at: now.toISOString(), isKnown, reason };
  return { request: { ...request, owner: { ...owner, answer }, ...noted(request, now, by, isKnown ? 'known-by-owner' : 'unknown-to-owner', reason) } };
}
