import type { ApprovalRequest } from './request.ts';

export function isUndecided({ state }: Pick<ApprovalRequest, 'state'>): boolean {
  return state === 'pending' || state === 'partly-approved';
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
export function when(at: string, now: Date): string {
  const [day = '', time = ''] = new Date(at).toISOString().split('T');
  return `${day === now.toISOString().slice(0, 10) ? '' : `on ${day} `}at ${time.slice(0, 5)} UTC`;
}
