import { countPassed, reminderTimesBetween, shareOfTime } from '#src/model/reminders.ts';
import type { ApprovalRequest } from '#src/model/request.ts';

/** Share of the time to a decision after which others are asked as well. */
const ESCALATION = 0.75;
/** Before its end, whoever has something for a time is told so. */
const WARNING_MS = 10 * 60_000;

/** A job is at it, or should be. */
export function isUnderWay({ state }: Pick<ApprovalRequest, 'state'>): boolean {
  return state === 'approved' || state === 'applying' || state === 'reverting';
}

/** Moments of reminders in milliseconds since 1970, in order. */
export function reminderTimes({ createdAt, expiresAt }: ApprovalRequest): readonly number[] {
  return reminderTimesBetween(createdAt, expiresAt);
}

export function escalationTime({ createdAt, expiresAt }: ApprovalRequest): number {
  return shareOfTime(createdAt, expiresAt, ESCALATION);
}

export function remindersDue(request: ApprovalRequest, now: Date): number {
  return countPassed(reminderTimes(request), now);
}

/** Its effect has had its time. */
export function hasHadItsTime({ state, endsAt }: ApprovalRequest, now: Date): boolean {
  return (state === 'applied' || state === 'failed') && endsAt !== undefined && Date.parse(endsAt) <= now.getTime();
}

/** When its effect ends, if it is there from now on; undefined for what lasts. From the first moment at which any of it was there: further attempts do not make it longer. */
export function endOf({ lastsMs, endsAt }: ApprovalRequest, now: Date): string | undefined {
  return lastsMs === undefined ? undefined : (endsAt ?? new Date(now.getTime() + lastsMs).toISOString());
}

/** When to tell that its time ends, in milliseconds since 1970; undefined for what lasts. */
export function warningTime({ endsAt, lastsMs }: ApprovalRequest): number | undefined {
  return endsAt === undefined || lastsMs === undefined ? undefined : Date.parse(endsAt) - Math.min(WARNING_MS, lastsMs / 2);
}

export function endsSoon(request: ApprovalRequest, now: Date): boolean {
  const time = warningTime(request);
  return time !== undefined && time <= now.getTime() && !hasHadItsTime(request, now);
}
