import type { Caller } from '#src/model/access.ts';
import type { DecideOutcome } from '#src/model/approvals.ts';
import { UsageError, type Answer } from '#src/model/command.ts';
import type { ApprovalRequest } from '#src/model/request.ts';
import { shownRequest } from '#src/model/request-shown.ts';
import type { Services } from '#src/model/services.ts';
import { template as requestAnswer } from '#templates/request-answer.ts';

/** The request of that id. @throws {UsageError} */
export async function namedRequest(id: string | undefined, { approvals }: Services): Promise<ApprovalRequest> {
  if (id === undefined) throw new UsageError('Which request? Its id stands at the end of its message.');
  const request = await approvals.get(id.toLowerCase());
  if (request === undefined) throw new UsageError(`There is no request "${id}", or it is forgotten by now.`);
  return request;
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
