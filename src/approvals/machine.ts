import type { Owner } from '#src/model/owner.ts';
import type { ChangeResult, Verification } from '#src/model/plan.ts';
import type { Actor, ApprovalRequest, Observed, PodsBefore, RequestState } from '#src/model/request.ts';
import type { RulingGiven } from '#src/model/rulings.ts';
import { approve, cancel, deny, escalate, expire, narrow, remind, voided, withdraw } from './decision-steps.ts';
import { achieved, attempt, begin, failed, observe, progress, retry, reverted, revertFailed, takenBack, undo, warn } from './effect-steps.ts';
import { askOwner, ownerSays } from './owner-steps.ts';
import { lapse, rule, undoRuling } from './ruling-steps.ts';

/** Something that may happen to a request. Without `by`, the bot did it. */
export type RequestEvent =
  | { readonly type: 'approve'; readonly by: Actor; readonly planHash: string; readonly reason?: string; readonly lastsMs?: number; readonly changedSince?: readonly string[] }
  /** Approves less than was asked, which is what the request is about from then on. */
  | { readonly type: 'narrow'; readonly by: Actor; readonly planHash: string; readonly reason?: string; readonly to: Narrowed }
  | { readonly type: 'deny'; readonly by: Actor; readonly planHash: string; readonly reason?: string }
  /** Denies it with what holds of the access from then on. Without a plan it is about whatever is asked for by then. */
  | { readonly type: 'rule'; readonly by: Actor; readonly planHash?: string; readonly reason: string; readonly says: RulingGiven }
  /** The day is over until which it was not to be asked again. */
  | { readonly type: 'lapse' }
  | { readonly type: 'cancel'; readonly by: Actor; readonly reason?: string }
  | { readonly type: 'ask-owner'; readonly by: Actor; readonly owner: Owner }
  | { readonly type: 'owner-says'; readonly by: Actor; readonly isKnown: boolean; readonly reason: string }
  | { readonly type: 'expire' }
  | { readonly type: 'remind' }
  | { readonly type: 'escalate'; readonly to: readonly string[] }
  | { readonly type: 'void'; readonly reason: string; readonly successor?: string }
  /** Whoever approved it has left, so that somebody else has to. */
  | { readonly type: 'withdraw'; readonly person: string; readonly reason: string }
  /** `instead` is done where what was approved holds without the changes that it was asked with, or with others. */
  | { readonly type: 'begin'; readonly podsBefore?: PodsBefore; readonly instead?: Pick<ApprovalRequest, 'card' | 'plan' | 'planHash' | 'changedSince'> }
  /** This change is about to be made; from now on nobody knows whether it was, until its result is there. */
  | { readonly type: 'attempt'; readonly index: number }
  | { readonly type: 'progress'; readonly index: number; readonly result: ChangeResult }
  | { readonly type: 'achieved'; readonly verification: Verification }
  | { readonly type: 'failed'; readonly reason: string }
  | { readonly type: 'retry'; readonly by: Actor }
  | { readonly type: 'undo'; readonly by: Actor; readonly reason?: string }
  | { readonly type: 'taken-back'; readonly index: number; readonly result: ChangeResult }
  | { readonly type: 'reverted'; readonly verification?: Verification }
  /** Its time ends soon. */
  | { readonly type: 'warn' }
  | { readonly type: 'revert-failed'; readonly reason: string }
  /** Traffic showed something of the effect. */
  | { readonly type: 'observe'; readonly observed: Observed };

/** What a request is about, and what it then needs. */
export type Narrowed = Pick<ApprovalRequest, 'subject' | 'card' | 'clusters' | 'namespaces' | 'production' | 'plan' | 'planHash' | 'needed' | 'parts' | 'about' | 'retype'>;

/** The next version of the request, or in one or two sentences for people why the event changes nothing. */
export type Outcome = { readonly request: ApprovalRequest } | { readonly refused: string };

/** States that each state may lead to. */
export const ARROWS: Readonly<Record<RequestState, readonly RequestState[]>> = {
  pending: ['partly-approved', 'approved', 'denied', 'expired', 'canceled', 'void'],
  'partly-approved': ['pending', 'approved', 'denied', 'expired', 'canceled', 'void'],
  approved: ['applying', 'failed', 'void'],
  applying: ['applied', 'failed'],
  applied: ['reverting'],
  failed: ['approved', 'applying', 'reverting'],
  reverting: ['reverted', 'revert-failed'],
  'revert-failed': ['reverting'],
  reverted: [],
  denied: [],
  expired: [],
  canceled: [],
  void: [],
};

/** What becomes of a request by an event. Knows nothing of rights, except that nobody decides alone about what they asked for or what is about them. */
export function step(request: ApprovalRequest, event: RequestEvent, now: Date): Outcome {
  const outcome = changed(request, event, now);
  if ('refused' in outcome) return outcome;
  return { request: { ...outcome.request, version: request.version + 1 } };
}

function changed(request: ApprovalRequest, event: RequestEvent, now: Date): Outcome {
  switch (event.type) {
    case 'approve':
      return approve(request, event, now);
    case 'narrow':
      return narrow(request, event, now);
    case 'deny':
      return deny(request, event, now);
    case 'rule':
      return rule(request, event, now);
    case 'lapse':
      return lapse(request, now);
    case 'cancel':
      return cancel(request, event, now);
    case 'ask-owner':
      return askOwner(request, event, now);
    case 'owner-says':
      return ownerSays(request, event, now);
    case 'expire':
      return expire(request, now);
    case 'remind':
      return remind(request, now);
    case 'escalate':
      return escalate(request, event.to, now);
    case 'void':
      return voided(request, event, now);
    case 'withdraw':
      return withdraw(request, event, now);
    case 'begin':
      return begin(request, event, now);
    case 'attempt':
      return attempt(request, event.index);
    case 'progress':
      return progress(request, event, now);
    case 'achieved':
      return achieved(request, event.verification, now);
    case 'failed':
      return failed(request, event.reason, now);
    case 'retry':
      return retry(request, event.by, now);
    case 'undo':
      return request.ruling !== undefined ? undoRuling(request, event, now) : undo(request, event, now);
    case 'taken-back':
      return takenBack(request, event, now);
    case 'reverted':
      return reverted(request, event.verification, now);
    case 'warn':
      return warn(request, now);
    case 'revert-failed':
      return revertFailed(request, event.reason, now);
    case 'observe':
      return observe(request, event.observed, now);
  }
}
