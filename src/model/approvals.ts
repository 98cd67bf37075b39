import type { Caller, Permission } from './access.ts';
import type { ActivityView } from './activity.ts';
import type { RequestAct } from './approvers.ts';
import type { Clock } from './clock.ts';
import type { Clusters } from './clusters.ts';
import type { ConnectionsView } from './connection.ts';
import type { PeopleNow, PeopleView } from './people-view.ts';
import type { Actor, ApprovalRequest, Observed } from './request.ts';
import type { RulingGiven } from './rulings.ts';
import type { AccessSettings } from './settings.ts';

/** What a kind may look at when it makes a proposal. */
export interface ProposalWorld {
  readonly clock: Clock;
  readonly clusters: Clusters;
  readonly people: PeopleView;
  readonly activity: ActivityView;
  readonly connections: ConnectionsView;
  readonly settings: AccessSettings;
  /** Name of this bot among others that may write to the same clusters; fit for a label. Rejects when Slack has to be asked for it and does not answer. */
  readonly installation: () => Promise<string>;
}

/** What it may look at besides right before something is done. */
export interface ConfirmingWorld extends ProposalWorld {
  readonly people: PeopleView & PeopleNow;
}

/** How long a reason is that is given, in characters without the blanks around it; the least holds where one is needed. */
export const REASON_LENGTH = { min: 10, max: 500 } as const;

/** What a press or a typed decision led to. */
export type DecideOutcome =
  | { readonly outcome: 'taken'; readonly request: ApprovalRequest }
  /** Nothing was done; `reason` is one or two sentences for the person, `ask` the Slack ids who could do it. Without the right to do it nobody is told of the request. */
  | { readonly outcome: 'refused'; readonly reason: string; readonly ask: readonly string[]; readonly request?: ApprovalRequest };

export interface Opening {
  readonly requester: Actor;
  /** Where it is asked; the cluster's or the configured channel otherwise. */
  readonly channel?: string;
}

/** Requests for approval: asked, decided, carried out, taken back. Every decision has one winner, whatever the number of clicks and replicas. */
export interface Approvals {
  /** A repeat of an open request joins it. @throws {NothingToPropose} */
  readonly ask: (kind: string, subject: unknown, opening: Opening, signal: AbortSignal) => Promise<{ readonly request: ApprovalRequest; readonly joined: boolean }>;
  /** What asking would come to, stored and shown nowhere: the open request that it would join, or one as it would begin, of version 0. @throws {NothingToPropose} */
  readonly preview: (kind: string, subject: unknown, opening: Opening, signal: AbortSignal) => Promise<ApprovalRequest>;
  readonly get: (id: string) => Promise<ApprovalRequest | undefined>;
  /** Undecided ones and those whose effect can still be taken back, newest first. */
  readonly open: () => Promise<readonly ApprovalRequest[]>;
  /** Approves or denies what was shown: another plan hash than the request's is refused, unless its kind holds for any plan and it is said what has changed. Who tries without the right is logged here. */
  readonly decide: (id: string, decision: DecisionGiven, by: Caller) => Promise<DecideOutcome>;
  /** Denies the removal of somebody's access with what holds of it from then on: by whoever may deny it. */
  readonly rule: (id: string, ruling: RulingDecided, by: Caller) => Promise<DecideOutcome>;
  /** By an approver, once: asks whoever owns what it is about. Whatever they answer decides nothing. */
  readonly askOwner: (id: string, by: Caller) => Promise<DecideOutcome>;
  /** By the owner that was asked. */
  readonly ownerSays: (id: string, answer: OwnerAnswer, by: Caller) => Promise<DecideOutcome>;
  /** By whoever asked, or an approver. */
  readonly cancel: (id: string, by: Caller) => Promise<DecideOutcome>;
  /** Takes the effect back, or ends it early; or takes back what was ruled. */
  readonly undo: (id: string, by: Caller, reason?: string) => Promise<DecideOutcome>;
  /** Another attempt at what failed. */
  readonly retry: (id: string, by: Caller) => Promise<DecideOutcome>;
  /** Whether this person may do that, without doing it; whoever may not is told the same of a request that there is not. */
  readonly may: (by: Caller, act: RequestAct, request: ApprovalRequest | undefined) => Promise<Permission>;
}

export interface DecisionGiven {
  readonly verdict: 'approve' | 'deny';
  /** That was shown. */
  readonly planHash: string;
  /** What has changed since it was shown, in whole sentences; counts where the kind of the request holds for any plan. */
  readonly changedSince?: readonly string[];
  readonly reason?: string;
  /** Shorter than asked. */
  readonly lastsMs?: number;
  /** The user name that the request takes. */
  readonly user?: string;
  /** Places of the changes that alone are approved, from 0; absent for all. */
  readonly only?: readonly number[];
}

export interface RulingDecided {
  readonly says: RulingGiven;
  readonly reason: string;
  /** That was shown; absent for whatever is asked for by then. */
  readonly planHash?: string;
}

export interface OwnerAnswer {
  readonly isKnown: boolean;
  /** How they know it, or why they do not. */
  readonly reason: string;
}

/** Somebody who has left. */
export interface Leaver {
  /** Slack user id. */
  readonly person: string;
  readonly name: string;
  /** What proves it, without a full stop. */
  readonly why: string;
}

/** What jobs do for requests. All of it is safe to repeat at any point. */
export interface ApprovalRuns {
  /**
   * Carries out an approved request, or takes it back, up to its next lasting state.
   *
   * What cannot be done just now is thrown, so that it is tried again; on the `last` attempt it has failed instead.
   */
  readonly advance: (id: string, signal: AbortSignal, last: boolean) => Promise<void>;
  /** No further attempt follows, however the last one ended. */
  readonly giveUp: (id: string, reason: string) => Promise<void>;
  /** Notes what traffic showed of an effect; one that did harm is taken back. What is known already changes nothing. */
  readonly observe: (id: string, observed: Observed) => Promise<void>;
  /** What these people asked for and was not begun is void, and what they approved lacks their approval, as long as it is undecided. */
  readonly leave: (leavers: readonly Leaver[]) => Promise<void>;
  /** Expires, reminds, ends what has its time, logs and publishes what a dead process did not, and queues what got lost. */
  readonly tend: (signal: AbortSignal) => Promise<void>;
}
