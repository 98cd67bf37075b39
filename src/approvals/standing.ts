import type { ApprovalRequest } from '#src/model/request.ts';

/** Shares of the time to a decision after which people are reminded. With the question itself that makes three pings. */
const REMINDERS = [0.25, 0.75];
/** And after which others are asked as well. */
const ESCALATION = 0.75;
/** Before its end, whoever has something for a time is told so. */
const WARNING_MS = 10 * 60_000;

/** A job is at it, or should be. */
export function isUnderWay({ state }: Pick<ApprovalRequest, 'state'>): boolean {
  return state === 'approved' || state === 'applying' || state === 'reverting';
}

/** Moments of reminders in milliseconds since 1970, in order. */
export function reminderTimes(request: ApprovalRequest): readonly number[] {
  return REMINDERS.map((share) => shareOfTime(request, share));
}

export function escalationTime(request: ApprovalRequest): number {
  return shareOfTime(request, ESCALATION);
}

function shareOfTime({ createdAt, expiresAt }: ApprovalRequest, share: number): number {
  const from = Date.parse(createdAt);
  return from + share * (Date.parse(expiresAt) - from);
}

export function remindersDue(request: ApprovalRequest, now: Date): number {
  return reminderTimes(request).filter((time) => time <= now.getTime()).length;
}

/** Its effect has had its time. */
export function hasHadItsTime({ state, endsAt }: ApprovalRequest, now: Date): boolean {
  return (state === 'applied' || state === 'failed') && endsAt !== undefined && Date.parse(endsAt) <= now.getTime();
}

/** When to tell that its time ends, in milliseconds since 1970; undefined for what lasts. */
export function warningTime({ endsAt, lastsMs }: ApprovalRequest): number | undefined {
  return endsAt === undefined || lastsMs === undefined ? undefined : Date.parse(endsAt) - Math.min(WARNING_MS, lastsMs / 2);
}

export function endsSoon(request: ApprovalRequest, now: Date): boolean {
  const time = warningTime(request);
  return time !== undefined && time <= now.getTime() && !hasHadItsTime(request, now);
}
