import type { ApprovalRequest } from './request.ts';

type Ruled<Request> = Request & { readonly ruling: NonNullable<ApprovalRequest['ruling']> };

export function isUndecided({ state }: Pick<ApprovalRequest, 'state'>): boolean {
  return state === 'pending' || state === 'partly-approved';
}

/** What was said of the access still holds. */
export function isRuled<Request extends Pick<ApprovalRequest, 'ruling'>>(request: Request): request is Ruled<Request> {
  return request.ruling !== undefined && request.ruling.ended === undefined;
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
      return `${isRuled(request) ? ruledText(request) : 'Already denied'} by ${by.name} ${when(at, now)}.`;
    case 'canceled':
      return `${by.name} canceled this request ${when(at, now)}.`;
    case 'expired':
      return `This request expired ${when(expiresAt, now)}.`;
    case 'void':
      return `This request is void: ${reason?.replace(/\.$/, '') ?? 'something changed'}${successor === undefined ? '' : ` (${successor} follows it)`}.`;
  }
}

function ruledText({ ruling }: Ruled<ApprovalRequest>): string {
  if (ruling.type === 'keep') return `Already kept until ${ruling.until}`;
  return ruling.type === 'pause' ? 'Already denied' : 'Already closed as not their account';
}

/** `at 09:10 UTC`, with the day unless it is today. */
export function when(at: string, now: Date): string {
  const [day = '', time = ''] = new Date(at).toISOString().split('T');
  return `${day === now.toISOString().slice(0, 10) ? '' : `on ${day} `}at ${time.slice(0, 5)} UTC`;
}
