import type { DecisionGiven } from '#src/model/approvals.ts';
import type { Change } from '#src/model/plan.ts';
import { isUndecided } from '#src/model/request-standing.ts';
import { NothingToPropose, type ApprovalKind, type ApprovalRequest, type Proposal } from '#src/model/request.ts';
import type { Narrowed } from './machine.ts';
import type { ApprovalsDeps } from './ports.ts';
import { newRequest, propose } from './propose.ts';

const TIMEOUT_MS = 120_000;

/**
 * What a request is about when only some of its changes are approved; undefined when all are, or when the step says itself why nothing can
 * be decided. It is proposed anew, so that what is proven and said to stay fits what is done, and it must be what was shown.
 */
export async function narrowed(request: ApprovalRequest, { verdict, planHash, only }: DecisionGiven, deps: ApprovalsDeps): Promise<Narrowed | { readonly refused: string } | undefined> {
  const { plan, parts } = request;
  if (verdict === 'deny' || only === undefined || !isUndecided(request) || planHash !== request.planHash) return undefined;
  const places = [...new Set(only)].sort((a, b) => a - b);
  if (places.length === 0) return { refused: 'Choose at least one change, or deny the request.' };
  const chosen = places.flatMap((place) => plan.changes[place] ?? []);
  if (chosen.length < places.length) return { refused: `This request has ${plan.changes.length} changes.` };
  if (chosen.length === plan.changes.length) return undefined;
  const kind = deps.kinds.find(({ name }) => name === request.kind);
  if (kind?.narrow === undefined || parts === undefined) return { refused: 'Only the whole of this can be approved.' };
  const subject = kind.narrow(kind.subject.parse(request.subject), places.flatMap((place) => parts[place] ?? []));
  return proposed(request, kind, subject, chosen, deps);
}

async function proposed(request: ApprovalRequest, kind: ApprovalKind, subject: unknown, chosen: readonly Change[], deps: ApprovalsDeps): Promise<Narrowed | { readonly refused: string }> {
  let proposal: Proposal;
  try {
    proposal = await propose(kind, subject, deps, AbortSignal.timeout(TIMEOUT_MS));
  } catch (error) {
    if (!(error instanceof NothingToPropose)) throw error;
    return { refused: error.message };
  }
  const hashOf = (changes: readonly Change[]): string => deps.executor.planHash({ changes, stays: [], proofs: [], basis: [] });
  const asksMore = request.retype === undefined && proposal.retype !== undefined;
  if (asksMore || hashOf(proposal.plan.changes) !== hashOf(chosen)) return { refused: 'It is not as it was when it was shown to you, so nothing was decided. Look at the request again.' };
  const { requester, channel } = request;
  const { card, clusters, namespaces, production, plan, planHash, needed, parts, about, retype } = newRequest(kind, subject, proposal, { requester, channel }, deps);
  return { subject, card, clusters, namespaces, production, plan, planHash, needed, ...(parts && { parts }), ...(about && { about }), ...(retype !== undefined && { retype }) };
}
