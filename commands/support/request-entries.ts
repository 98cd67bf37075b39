import type { Caller } from '#src/model/access.ts';
import { isUndecided } from '#src/model/request-standing.ts';
import type { ApprovalRequest } from '#src/model/request.ts';
import { shownRequest } from '#src/model/request-shown.ts';
import type { Services } from '#src/model/services.ts';
import type { RequestEntry } from '#templates/parts/request-entry.ts';

/** A request as this person is shown it. What they are offered is only a hint: whoever presses is asked for their rights again. */
export async function requestEntryFor(request: ApprovalRequest, caller: Caller, services: Services): Promise<RequestEntry> {
  return { request: shownRequest(request), mayDecide: await mayDecide(request, caller, services), isMine: request.requester.person === caller.userId };
}

async function mayDecide(request: ApprovalRequest, caller: Caller, { approvals, access }: Services): Promise<boolean> {
  if (isUndecided(request)) return (await approvals.may(caller, 'decide', request)).allowed;
  if (request.approvers.includes(caller.userId)) return true;
  const verdicts = await Promise.all(request.clusters.map((cluster) => access.may(caller, 'approver', cluster)));
  return verdicts.every(({ allowed }) => allowed);
}
