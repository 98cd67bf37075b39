import { isUndecided } from '#src/model/request-standing.ts';
import type { ApprovalRequest } from '#src/model/request.ts';
import type { Filing } from '#src/model/request-store.ts';
import { countOf, lastAt } from './journal.ts';
import { escalationTime, isUnderWay, reminderTimes, warningTime } from './standing.ts';

/** Publishing and logging take much less; whoever has not done it by then has died over it. */
export const SETTLED_WITHIN_MS = 15_000;
/** A job that carries something out is looked for this often. */
const LOOKED_FOR_EVERY_MS = 60_000;
/** What could not be taken back in time is tried again after this long, doubled for each failure. */
const FIRST_WAIT_MS = 60_000;
const LONGEST_WAIT_MS = 3600_000;
/** How long a lasting effect counts as one that can be taken back. */
const UNDO_MS = 30 * 24 * 3600_000;

/** How a request is filed right after a change, of which nobody has been told yet. */
export function filingOf(request: ApprovalRequest, now: Date, escalates: boolean): Filing {
  const { state, endsAt } = request;
  const dueAt = Math.min(dueAfter(request, now, escalates) ?? Infinity, now.getTime() + SETTLED_WITHIN_MS);
  const isAlive = isUndecided(request) || isUnderWay(request) || state === 'revert-failed';
  const isInEffect = state === 'applied' || state === 'failed';
  const openUntil = isAlive || (isInEffect && endsAt !== undefined) ? Infinity : isInEffect ? lastAt(request) + UNDO_MS : 0;
  return { dueAt, openUntil, joins: isAlive && state !== 'reverting' && state !== 'revert-failed', isOver: openUntil !== Infinity };
}

/** When it is to be looked at next, once everybody knows how it stands. Milliseconds since 1970. */
export function dueAfter(request: ApprovalRequest, now: Date, escalates: boolean): number | undefined {
  if (isUndecided(request)) return nextStep(request, escalates);
  if (isUnderWay(request)) return now.getTime() + LOOKED_FOR_EVERY_MS;
  const { state, endsAt } = request;
  if (state === 'applied' && !request.warned) return warningTime(request) ?? (endsAt === undefined ? undefined : Date.parse(endsAt));
  if (state === 'applied' || state === 'failed') return endsAt === undefined ? undefined : Date.parse(endsAt);
  return state === 'revert-failed' && endsAt !== undefined ? lastAt(request) + waitMs(request) : undefined;
}

function nextStep(request: ApprovalRequest, escalates: boolean): number {
  const reminder = reminderTimes(request)[request.reminders] ?? Infinity;
  const escalation = escalates && !request.escalated ? escalationTime(request) : Infinity;
  return Math.min(reminder, escalation, Date.parse(request.expiresAt));
}

function waitMs(request: ApprovalRequest): number {
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.max(0, countOf(request, 'revert-failed') - 1));
}
