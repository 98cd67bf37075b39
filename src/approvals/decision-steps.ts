import { dayAfter } from '#src/model/day.ts';
import { isUndecided, standing } from '#src/model/request-standing.ts';
import type { Actor, Approval, ApprovalRequest, Decision, JournalEntry } from '#src/model/request.ts';
import { PAUSE_DAYS } from '#src/model/rulings.ts';
import { CLOCK, JOB, noted } from './journal.ts';
import type { Outcome, RequestEvent } from './machine.ts';
import { escalationTime, remindersDue } from './standing.ts';

type EventOf<Type extends RequestEvent['type']> = Extract<RequestEvent, { readonly type: Type }>;

export function approve(request: ApprovalRequest, event: EventOf<'approve'>, now: Date): Outcome {
  const { by, lastsMs = request.lastsMs, changedSince } = event;
  const refused = refusal(request, event, now);
  if (refused !== undefined) return { refused };
  if (request.approvals.some((approval) => approval.by.person === by.person)) return { refused: 'You have already approved this.' };
  if (lastsMs !== undefined && !isShorter(request, lastsMs)) return { refused: 'What is asked for can only be made shorter.' };
  const approval = approvalOf(event, now);
  const approvals = [...request.approvals, approval];
  const isEnough = approvals.length >= request.needed || isOwnCase(request, by);
  return {
    request: {
      ...request,
      state: isEnough ? 'approved' : 'partly-approved',
      approvals,
      ...(lastsMs !== undefined && { lastsMs }),
      ...(isEnough && { decision: { ...approval, verdict: 'approved' } }),
      ...(changedSince && { changedSince: [...new Set([...(request.changedSince ?? []), ...changedSince])] }),
      ...noted(request, now, by, 'approved', changedSince === undefined ? event.reason : [event.reason, 'Changed since it was shown:', ...changedSince].filter((text) => text !== undefined).join(' ')),
    },
  };
}

/** An approval counts for the plan that it was given to: those of the wider one are to be given anew, and this is the first of the narrower. */
export function narrow(request: ApprovalRequest, event: EventOf<'narrow'>, now: Date): Outcome {
  const { by, to, reason } = event;
  const refused = refusal(request, event, now);
  if (refused !== undefined) return { refused };
  if (to.plan.changes.length >= request.plan.changes.length) return { refused: 'What is asked for can only be made less.' };
  const from = request.narrowed?.from ?? request.plan.changes.length;
  const dropped = request.approvals.filter((approval) => approval.by.person !== by.person).length;
  const { about: _about, retype: _retype, ...whole } = request;
  const less: ApprovalRequest = { ...whole, ...to, approvals: [], narrowed: { by, from, dropped } };
  const noting = { ...less, ...noted(less, now, by, 'narrowed', `${to.plan.changes.length} of ${request.plan.changes.length} changes`) };
  return approve(noting, { type: 'approve', by, planHash: to.planHash, ...(reason !== undefined && { reason }) }, now);
}

/** What would take access away is not asked again at once by whoever looks for it every day. */
export function deny(request: ApprovalRequest, event: EventOf<'deny'>, now: Date): Outcome {
  const refused = refusal(request, event, now);
  if (refused !== undefined) return { refused };
  const paused: ApprovalRequest = request.about === undefined ? request : { ...request, ruling: { type: 'pause', until: dayAfter(now, PAUSE_DAYS) } };
  return ended(paused, 'denied', event, 'denied', now);
}

export function cancel(request: ApprovalRequest, event: EventOf<'cancel'>, now: Date): Outcome {
  return isUndecided(request) ? ended(request, 'canceled', event, 'canceled', now) : { refused: standing(request, now) };
}

export function expire(request: ApprovalRequest, now: Date): Outcome {
  if (!isUndecided(request)) return { refused: standing(request, now) };
  if (!isTooLate(request, now)) return { refused: 'This request has not expired yet.' };
  return ended(request, 'expired', { by: CLOCK }, 'expired', now);
}

/** Nobody has to decide it any more, or what was approved is not what would be done now. */
export function voided(request: ApprovalRequest, { reason, successor }: EventOf<'void'>, now: Date): Outcome {
  if (!isUndecided(request) && request.state !== 'approved') return { refused: standing(request, now) };
  const outcome = ended(request, 'void', { by: JOB, reason }, 'voided', now);
  return successor === undefined || 'refused' in outcome ? outcome : { request: { ...outcome.request, successor } };
}

/** An approval counts only as long as whoever gave it may give one. */
export function withdraw(request: ApprovalRequest, { person, reason }: EventOf<'withdraw'>, now: Date): Outcome {
  if (!isUndecided(request)) return { refused: standing(request, now) };
  const approvals = request.approvals.filter(({ by }) => by.person !== person);
  if (approvals.length === request.approvals.length) return { refused: 'They have not approved this.' };
  return { request: { ...request, state: approvals.length === 0 ? 'pending' : 'partly-approved', approvals, ...noted(request, now, JOB, 'withdrawn', reason) } };
}

/** After a long silence, such as that of a stopped bot, one reminder stands for all that were due. */
export function remind(request: ApprovalRequest, now: Date): Outcome {
  const reminders = remindersDue(request, now);
  if (!isUndecided(request) || isTooLate(request, now)) return { refused: standing(request, now) };
  if (reminders <= request.reminders) return { refused: 'No reminder is due.' };
  return { request: { ...request, reminders, ...noted(request, now, CLOCK, 'reminded') } };
}

export function escalate(request: ApprovalRequest, to: readonly string[], now: Date): Outcome {
  if (!isUndecided(request) || isTooLate(request, now)) return { refused: standing(request, now) };
  if (request.escalated || escalationTime(request) > now.getTime()) return { refused: 'Nobody else is to be asked now.' };
  return { request: { ...request, escalated: true, approvers: [...new Set([...request.approvers, ...to])], ...noted(request, now, CLOCK, 'escalated', to.join(', ')) } };
}

/** Why this decision of this person changes nothing. */
export function refusal(request: ApprovalRequest, { by, planHash }: Pick<EventOf<'deny'>, 'by' | 'planHash'>, now: Date): string | undefined {
  if (!isUndecided(request) || isTooLate(request, now)) return standing(request, now);
  if (planHash !== request.planHash) return 'This is not what is asked for any more, so nothing was decided. Look at the request again.';
  if (by.person === undefined) return 'Only people decide.';
  if (isOwnCase(request, by)) return undefined;
  if (request.targets.includes(by.person)) return 'This is about you, so somebody else must decide.';
  return by.person === request.requester.person ? 'You asked for this, so somebody else must decide.' : undefined;
}

function isOwnCase({ ownCase, targets }: ApprovalRequest, { person }: Actor): boolean {
  return ownCase === true && person !== undefined && targets.includes(person);
}

export function isTooLate({ expiresAt }: ApprovalRequest, now: Date): boolean {
  return Date.parse(expiresAt) <= now.getTime();
}

/** What would last for good can be approved for the times that are offered. */
function isShorter({ lastsMs: asked, card }: ApprovalRequest, lastsMs: number): boolean {
  if (asked === undefined) return card.shorter?.some((offered) => offered.lastsMs === lastsMs) ?? false;
  return Number.isSafeInteger(lastsMs) && lastsMs > 0 && lastsMs <= asked;
}

/** The journal says `noting` where that is more than the reason. */
export function ended(request: ApprovalRequest, verdict: Exclude<Decision['verdict'], 'approved'>, event: { readonly by: Actor; readonly reason?: string }, what: JournalEntry['what'], now: Date, noting = event.reason): Outcome {
  return { request: { ...request, state: verdict, decision: { ...approvalOf(event, now), verdict }, ...noted(request, now, event.by, what, noting) } };
}

export function approvalOf({ by, reason }: { readonly by: Actor; readonly reason?: string }, now: Date): Approval {
  return { by, at: now.toISOString(), ...(reason !== undefined && { reason }) };
}
