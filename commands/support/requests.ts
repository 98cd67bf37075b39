import type { Caller } from '#src/model/access.ts';
import type { DecideOutcome } from '#src/model/approvals.ts';
import type { RequestAct } from '#src/model/approvers.ts';
import { Refused, UsageError, type Answer, type Command } from '#src/model/command.ts';
import type { ApprovalRequest } from '#src/model/request.ts';
import { shownRequest } from '#src/model/request-shown.ts';
import type { Services } from '#src/model/services.ts';
import { template as requestAnswer } from '#templates/request-answer.ts';

/** As ids of requests are written; a question's begins with an n, and a scan's has digits and letters up to f. */
export const REQUEST_ID = /^r/i;

/** Refuses whoever may not do that to the request which the first word names; in the same words where there is none. */
export function permitRequest(act: RequestAct): NonNullable<Command['permit']> {
  return async ([id], caller, services) => requireRight(act, id === undefined ? undefined : await services.approvals.get(id.toLowerCase()), caller, services);
}

/** The request of that id. @throws {UsageError} */
export async function namedRequest(id: string | undefined, { approvals }: Services): Promise<ApprovalRequest> {
  if (id === undefined) throw new UsageError('Which request? Its id stands at the end of its message.');
  const request = await approvals.get(id.toLowerCase());
  if (request === undefined) throw new UsageError(`There is no request "${id}", or it is forgotten by now.`);
  return request;
}

/** @throws {Refused} when the caller may not do that to this request, or to any where there is none. */
export async function requireRight(act: RequestAct, request: ApprovalRequest | undefined, caller: Caller, { approvals }: Services): Promise<void> {
  const permission = await approvals.may(caller, act, request);
  // What is only being looked at has an id that nobody will ever find.
  if (!permission.allowed) throw new Refused(permission, request !== undefined && request.version > 0 ? { request: request.id } : {});
}

/** Tells whoever decided, or tried to, what came of it; what they clicked on may be older than the state below. */
export function answerTo(outcome: DecideOutcome, text: (request: ApprovalRequest) => string, services: Services): Answer {
  const { request } = outcome;
  const shown = request && { request: shownRequest(request) };
  if (outcome.outcome === 'refused') return { title: 'Not done', message: requestAnswer.render({ text: outcome.reason, ask: outcome.ask, ...shown }, services) };
  return { title: 'Done', message: requestAnswer.render({ text: text(outcome.request), ask: [], ...shown }, services) };
}

/** Whether somebody may read about it: who asked, who decides, and who may see all of its clusters. */
export async function maySee(request: ApprovalRequest, caller: Caller, services: Services): Promise<boolean> {
  if (request.requester.person === caller.userId || request.targets.includes(caller.userId) || request.approvers.includes(caller.userId)) return true;
  const verdicts = await Promise.all(request.clusters.map((cluster) => services.access.may(caller, 'viewer', cluster)));
  return verdicts.every(({ allowed }) => allowed);
}
