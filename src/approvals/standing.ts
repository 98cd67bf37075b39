import type { ApprovalRequest } from '#src/model/request.ts';

/** Shares of the time to a decision after which people are reminded. With the question itself that makes three pings. */
const REMINDERS = [0.25, 0.75];
/** And after which others are asked as well. */
const ESCALATION = 0.75;
/** Before its end, whoever has something for a time is told so. */
const WARNING_MS = 10 * 60_000;

export function isUndecided({ state }: Pick<ApprovalRequest, 'state'>): boolean {
  return state === 'pending' || state === 'partly-approved';
}

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

/** How a decided request stands, for somebody who comes too late to decide it. */
export function standing(request: ApprovalRequest, now: Date): string {
  const { decision, expiresAt, state, successor } = request;
  if (decision === undefined) return `This request expired ${when(expiresAt, now)}.`;
  const { verdict, by, at, reason } = decision;
  switch (verdict) {
    case 'approved':
      return `Already approved by ${by.name} ${when(at, now)}.${state === 'reverted' ? ' It has been taken back since.' : ''}`;
    case 'denied':
      return `Already denied by ${by.name} ${when(at, now)}.`;
    case 'canceled':
      return `${by.name} canceled this request ${when(at, now)}.`;
    case 'expired':
      return `This request expired ${when(expiresAt, now)}.`;
    case 'void':
      return `This request is void: ${reason?.replace(/\.$/, '') ?? 'something changed'}${successor === undefined ? '' : ` (${successor} follows it)`}.`;
  }
}

/** `at 09:10 UTC`, with the day unless it is today. */
function when(at: string, now: Date): string {
  const [day = '', time = ''] = new Date(at).toISOString().split('T');
  return `${day === now.toISOString().slice(0, 10) ? '' : `on ${day} `}at ${time.slice(0, 5)} UTC`;
}
