import type { DecisionGiven } from '#src/model/approvals.ts';
import type { Change, Plan } from '#src/model/plan.ts';
import type { ApprovalKind, ApprovalRequest } from '#src/model/request.ts';
import type { ApprovalsDeps } from './ports.ts';

/** Whether an approval counts for this plan although another one was shown. */
export function holdsFor({ holdsForAnyPlan }: Pick<ApprovalKind, 'holdsForAnyPlan'>, { changes }: Plan): boolean {
  return holdsForAnyPlan === true && changes.every(({ irreversible }) => irreversible === undefined);
}

/** Whoever approved one plan may have no say in the other places of another. */
export function isWithinPlacesOf(asked: Plan, now: Plan): boolean {
  const placeOf = ({ address: { cluster, namespace } }: Change): string => JSON.stringify([cluster, namespace ?? null]);
  const places = new Set(asked.changes.map(placeOf));
  return now.changes.every((change) => places.has(placeOf(change)));
}

/** The decision about the request as it is now, where it counts for that; otherwise as it was given, about what was shown. */
export function countedFor(request: ApprovalRequest, { changedSince, ...given }: DecisionGiven, { kinds }: Pick<ApprovalsDeps, 'kinds'>): DecisionGiven {
  const kind = kinds.find(({ name }) => name === request.kind);
  const isOther = given.planHash !== request.planHash;
  if (!isOther || given.verdict === 'deny' || given.only !== undefined || changedSince === undefined || kind === undefined || !holdsFor(kind, request.plan)) return given;
  return { ...given, planHash: request.planHash, changedSince };
}
