import { isRuled, isUndecided } from '#src/model/request-standing.ts';
import type { ApprovalRequest } from '#src/model/request.ts';
import type { Ruling } from '#src/model/rulings.ts';
import type { Filing } from '#src/model/request-store.ts';
import { countOf, lastAt } from './journal.ts';
import { lapsesAt } from './ruling-steps.ts';
import { escalationTime, isUnderWay, reminderTimes, warningTime } from './standing.ts';

/** Publishing and logging take much less; whoever has not done it by then has died over it. */
export const SETTLED_WITHIN_MS = 15_000;
/** A job that carries something out is looked for this often. */
const LOOKED_FOR_EVERY_MS = 60_000;
/** What could not be taken back in time is tried again after this long, doubled for each failure. */
const FIRST_WAIT_MS = 60_000;
const LONGEST_WAIT_MS = 3600_000;
/** A ruling whose day is over tells what was said before for as long as its request is stored, which is looked for this often. */
const LAPSED_LOOK_MS = 30 * 24 * 3600_000;
/** How long a lasting effect counts as one that can be taken back. */
const UNDO_MS = 30 * 24 * 3600_000;

/** How a request is filed right after a change, of which nobody has been told yet. */
export function filingOf(request: ApprovalRequest, now: Date, escalates: boolean): Filing {
  const { state, endsAt } = request;
  const dueAt = Math.min(dueAfter(request, now, escalates) ?? Infinity, now.getTime() + SETTLED_WITHIN_MS);
  const isAlive = isUndecided(request) || isUnderWay(request) || state === 'revert-failed';
  const isInEffect = state === 'applied' || state === 'failed';
  const isKnownFor = isInEffect || (isRuled(request) && request.ruling.type !== 'pause');
  const openUntil = isAlive || (isInEffect && endsAt !== undefined) ? Infinity : isKnownFor ? lastAt(request) + UNDO_MS : 0;
  const ruling = rulingOf(request);
  return { dueAt, openUntil, joins: isAlive && state !== 'reverting' && state !== 'revert-failed', isOver: openUntil !== Infinity && !isRuled(request), ...(ruling && { ruling }) };
}

/** When it is to be looked at next, once everybody knows how it stands. Milliseconds since 1970. */
export function dueAfter(request: ApprovalRequest, now: Date, escalates: boolean): number | undefined {
  if (isUndecided(request)) return nextStep(request, escalates);
  if (isUnderWay(request)) return now.getTime() + LOOKED_FOR_EVERY_MS;
  if (isRuled(request)) return request.ruling.type === 'not-theirs' ? undefined : lapsesAt(request);
  if (rulingOf(request) !== undefined) return now.getTime() + LAPSED_LOOK_MS;
  const { state, endsAt } = request;
  if (state === 'applied' && !request.warned) return warningTime(request) ?? (endsAt === undefined ? undefined : Date.parse(endsAt));
  if (state === 'applied' || state === 'failed') return endsAt === undefined ? undefined : Date.parse(endsAt);
  return state === 'revert-failed' && endsAt !== undefined ? lastAt(request) + waitMs(request) : undefined;
}

/** What it says of somebody's access; undefined where nobody has said anything, or has taken it back. */
function rulingOf({ id: request, about, ruling, decision, clusters }: ApprovalRequest): Ruling | undefined {
  if (about === undefined || ruling === undefined || decision === undefined || ruling.ended?.by.person !== undefined) return undefined;
  const { ended: _, ...says } = ruling;
  const { by, at, reason } = decision;
  return { request, about, clusters, says, by: by.name, at, ...(reason !== undefined && { reason }) };
}

function nextStep(request: ApprovalRequest, escalates: boolean): number {
  const reminder = reminderTimes(request)[request.reminders] ?? Infinity;
  const escalation = escalates && !request.escalated ? escalationTime(request) : Infinity;
  return Math.min(reminder, escalation, Date.parse(request.expiresAt));
}

function waitMs(request: ApprovalRequest): number {
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.max(0, countOf(request, 'revert-failed') - 1));
}
