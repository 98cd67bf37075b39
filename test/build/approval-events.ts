import { step, type RequestEvent } from '#src/approvals/machine.ts';
import type { Actor, ApprovalRequest } from '#src/model/request.ts';

export const BO: Actor = { person: 'U0BO000001', name: 'Bo' };
export const CY: Actor = { person: 'U0CY000001', name: 'Cy' };
export const EVE: Actor = { person: 'U0EVE00001', name: 'Eve' };

export const MOMENT = new Date('2026-11-23T09:00:00.000Z');

export function approval(by: Actor = BO, more: Partial<Extract<RequestEvent, { readonly type: 'approve' }>> = {}): RequestEvent {
  return { type: 'approve', by, planHash: 'hash-1', ...more };
}

/** The request after these events, each of which has to be taken. */
export function after(request: ApprovalRequest, events: readonly RequestEvent[], now: Date = MOMENT): ApprovalRequest {
  return events.reduce((current, event) => {
    const outcome = step(current, event, now);
    if ('refused' in outcome) throw new Error(`${event.type} was refused: ${outcome.refused}`);
    return outcome.request;
  }, request);
}

/** Why the last of these events is refused. */
export function refusalOf(request: ApprovalRequest, event: RequestEvent, now: Date = MOMENT): string {
  const outcome = step(request, event, now);
  if ('request' in outcome) throw new Error(`${event.type} was taken`);
  return outcome.refused;
}

/** The events of a change that was made. */
export function made(index = 0): readonly RequestEvent[] {
  return [
    { type: 'attempt', index },
    { type: 'progress', index, result: { state: 'done', uid: `uid-${index}` } },
  ];
}

export const PROVEN: RequestEvent = { type: 'achieved', verification: { at: MOMENT.toISOString(), failures: [], unknown: [] } };
