import type { z } from 'zod';
import type { ConfirmingWorld, ProposalWorld } from './approvals.ts';
import type { Owner, OwnerAsked } from './owner.ts';
import type { ChangeResult, Plan, Verification } from './plan.ts';
import type { AccessAsked, RulingSaid } from './rulings.ts';

/**
 * How a request for approval stands.
 *
 * pending → partly-approved → approved → applying → applied → reverting → reverted; a decision may also end it as denied, and without
 * one it ends as expired, canceled or void. `failed` is an approved effect that was not (wholly) achieved, and `revert-failed` one that
 * was not (wholly) taken back; both can be tried again. What failed before anything was changed goes back to `approved`, so that the
 * world is looked at again.
 */
export const REQUEST_STATES = [
  'pending',
  'partly-approved',
  'approved',
  'applying',
  'applied',
  'failed',
  'reverting',
  'reverted',
  'revert-failed',
  'denied',
  'expired',
  'canceled',
  'void',
] as const;
export type RequestState = (typeof REQUEST_STATES)[number];

/** Who did something: a person, or the bot itself (`clock`, `directory`, `job`). */
export interface Actor {
  /** Slack user id; absent for the bot. */
  readonly person?: string;
  readonly name: string;
}

export interface Approval {
  readonly by: Actor;
  /** ISO 8601 */
  readonly at: string;
  readonly reason?: string;
}

export interface Decision extends Approval {
  readonly verdict: 'approved' | 'denied' | 'expired' | 'canceled' | 'void';
}

/** One thing that happened to a request, in the order of happening; each becomes one entry of the decision log. */
export interface JournalEntry {
  readonly at: string;
  readonly by: Actor;
  readonly what: 'asked' | 'owner-asked' | 'known-by-owner' | 'unknown-to-owner' | 'approved' | 'denied' | 'expired' | 'canceled' | 'voided' | 'withdrawn' | 'narrowed' | 'reminded' | 'escalated' | 'kept' | 'not-theirs' | 'ruling-undone' | 'lapsed' | 'applying' | 'changed' | 'applied' | 'failed' | 'undo-asked' | 'taken-back' | 'reverted' | 'revert-failed' | 'retried';
  readonly reason?: string;
  /** Of the plan at that time. */
  readonly planHash: string;
}

/** For this long, traffic is waited for that shows whether an effect is there. */
export const OBSERVED_WITHIN_MS = 10 * 60_000;

/** What later traffic showed of the effect. */
export interface Observed {
  readonly state: 'waiting' | 'proven' | 'unproven' | 'rolled-back';
  /** ISO 8601 */
  readonly at: string;
  /** For people, without a full stop: `drops seen`. */
  readonly text: string;
}

/** Pods of the workload before anything was changed. */
export interface PodsBefore {
  /** Absent where the workload does not say, and where nobody could look. */
  readonly available?: number;
  /** Why nobody could look. */
  readonly unseen?: string;
}

/** A request as it is stored. Every message about it is rendered from this and nothing else. */
export interface ApprovalRequest {
  /** Short enough to type: `r7k2m9`. */
  readonly id: string;
  /** Name of an ApprovalKind. */
  readonly kind: string;
  /** Parsed by the kind. */
  readonly subject: unknown;
  /** While a request of this kind and identity is open, a repeat joins it. */
  readonly identity: string;
  readonly card: RequestCard;
  readonly clusters: readonly string[];
  readonly namespaces: readonly string[];
  /** One of the clusters is a production cluster. */
  readonly production: boolean;
  readonly requester: Actor;
  /** Slack user ids of the people it is about, who never decide but in their own case. */
  readonly targets: readonly string[];
  /** A person whom it is about may decide it, alone. */
  readonly ownCase?: true;
  /** Of whose access it would take away, approvers may rule. */
  readonly about?: AccessAsked;
  readonly plan: Plan;
  readonly planHash: string;
  /** What to ask for to have single changes of the plan alone, in the terms of the kind and in the order of the changes; absent where it is all or nothing. */
  readonly parts?: readonly (readonly string[])[];
  /** An approver wanted less of it than was asked; `dropped` approvals of all of it do not count any more. */
  readonly narrowed?: { readonly by: Actor; readonly from: number; readonly dropped: number };
  /** Absent until the owner is asked. */
  readonly owner?: OwnerAsked;
  /** Approvals that it needs, of different people. */
  readonly needed: number;
  /** User name that whoever approves has to type, because it is an administrator's whose rights go. Bound to the plan by what that rests on. */
  readonly retype?: string;
  /** A decision takes a reason. */
  readonly reasonNeeded?: true;
  readonly approvals: readonly Approval[];
  readonly decision?: Decision;
  /** Of a denied one: what holds of the access from then on, until it is `ended`. */
  readonly ruling?: RulingSaid & { readonly ended?: Approval };
  readonly state: RequestState;
  /** Grows with every change. */
  readonly version: number;
  readonly createdAt: string;
  /** Without a decision by then it expires. */
  readonly expiresAt: string;
  /** How long its effect lasts, from when it is achieved; absent for good. */
  readonly lastsMs?: number;
  /** When its effect is to be taken back; set when it was achieved. */
  readonly endsAt?: string;
  /** One for each change of the plan. */
  readonly results: readonly ChangeResult[];
  readonly verification?: Verification;
  /** The same after its effect was taken back. */
  readonly undoneVerification?: Verification;
  /** Set right before the first change is made, where traffic has to show whether the effect is there. */
  readonly podsBefore?: PodsBefore;
  /** Where traffic has to show whether the effect is there. */
  readonly observed?: Observed;
  /** Whoever has it was told that its time ends soon. */
  readonly warned?: true;
  /** Why the effect was not achieved, or not taken back, for people; what single changes met stands in the results. */
  readonly problem?: string;
  /** Why the effect is being, or was, taken back. */
  readonly revert?: { readonly by: Actor; readonly reason?: string; readonly at: string };
  /** What has changed since it was shown to whoever approved it, in whole sentences; the approval counts all the same. */
  readonly changedSince?: readonly string[];
  /** Id of the request that follows a void one. */
  readonly successor?: string;
  /** The void request that it follows, and what has changed since that one was asked, in whole sentences. */
  readonly follows?: { readonly id: string; readonly changed: readonly string[] };
  /** Channel of its message. */
  readonly channel: string;
  /** Slack user and group ids who may decide, for the message and for pings; after the escalation also those whom it went to. */
  readonly approvers: readonly string[];
  /** Reminders that are due so far, at most two; after a long silence one may stand for both. */
  readonly reminders: number;
  readonly escalated?: true;
  readonly journal: readonly JournalEntry[];
  /** Entries of the journal that the decision log has. Kept beside the versions. */
  readonly logged: number;
  /** Version that every copy of its message was last brought to. Kept beside the versions. */
  readonly published: number;
}

/** What people read about a request before they decide. Plain text; the template escapes it. */
export interface RequestCard {
  /** `Departed user still has access` */
  readonly header: string;
  /** Ends the sentence `Approve? …`: `Remove the access of bob@corp.example: 7 bindings in 2 clusters`. */
  readonly ask: string;
  /** `[name, value]`, at most ten. */
  readonly facts: readonly (readonly [string, string])[];
  /** `Would be removed` heads the list of changes. */
  readonly effect: string;
  /** Of the button that approves: `Approve 1 h`. */
  readonly approve: string;
  /** Shorter or narrower forms of approving, with the time each lasts. */
  readonly shorter?: readonly { readonly label: string; readonly lastsMs: number }[];
  /** Asks for the same once more, for when its time ends or nobody has decided. */
  readonly again?: { readonly label: string; readonly command: string; readonly args: readonly string[] };
  /** Of the button that takes the effect back: `Restore`, `End now`. */
  readonly undo: string;
  /** When it has been taken back: `Restored`. */
  readonly undone?: string;
  /** What follows when a person takes it back, in one sentence. */
  readonly afterUndo?: string;
  /** What it is about, one by one, where the plan does not list it: at most a few dozen lines without a full stop. */
  readonly items?: readonly string[];
  /** What is true while nobody has decided, in whole sentences, where it is not that nothing has been changed yet. */
  readonly now?: string;
  /** What it means how it ended, in whole sentences, where that is not told by what was changed. */
  readonly meaning?: { readonly approved: string; readonly denied: string; readonly expired: string };
  /** Whoever owns what it is about can be asked before anybody decides. */
  readonly owned?: true;
  /** What else somebody may want to do while nobody has decided. */
  readonly instead?: readonly { readonly label: string; readonly command: string; readonly args: readonly string[] }[];
}

/** What a kind finds out before people are asked. */
export interface Proposal {
  readonly card: RequestCard;
  readonly plan: Plan;
  /** See ApprovalRequest. */
  readonly parts?: readonly (readonly string[])[];
  readonly clusters: readonly string[];
  readonly namespaces: readonly string[];
  readonly targets: readonly string[];
  /** See ApprovalRequest. */
  readonly about?: AccessAsked;
  readonly lastsMs?: number;
  /** Needs one more person than the kind's usual number: cluster-admin, a sensitive role. */
  readonly sensitive: boolean;
  /** See ApprovalRequest. */
  readonly retype?: string;
  /** Whom it is about agrees, so that one approval is enough. */
  readonly consented?: true;
  /** Where it is one's own case by its subject, and not by its kind. */
  readonly ownCase?: true;
}

/** Nothing can be proposed; the message says why, for people. */
export class NothingToPropose extends Error {
  /** What somebody else could apply instead, such as YAML. */
  readonly patch: string | undefined;

  constructor(message: string, { patch }: { readonly patch?: string } = {}) {
    super(message);
    this.patch = patch;
  }
}

/** One kind of thing that people approve. */
export interface ApprovalKind<Subject = unknown> {
  readonly name: string;
  readonly summary: string;
  readonly subject: z.ZodType<Subject>;
  /** Without a decision it expires after this long. */
  readonly expiresAfterMs: number;
  /** Approvals it needs, outside production and in it. */
  readonly approvals: { readonly usual: number; readonly production: number };
  /** Whether a decision takes a reason outside production too; in production it always does. */
  readonly reasonNeeded: boolean;
  /** Of whoever would be cut off or is acting against nobody else: one person may decide about the own case. */
  readonly ownCase?: true;
  /** What is approved is the subject itself, and changes only make way for it: where none is needed any more, the approval counts all the same. */
  readonly holdsWithoutChanges?: true;
  /** What is approved is the subject itself, whatever it takes by the time it is done: the approval counts for another plan than was shown too, as long as all of that can be taken back. */
  readonly holdsForAnyPlan?: true;
  // Methods, so that kinds of different subjects fit into one list; the subject is parsed before they are called.
  identity(subject: Subject): string;
  /** The subject of which these parts alone are proposed; absent where it is all or nothing. */
  narrow?(subject: Subject, parts: readonly string[]): Subject;
  /**
   * Looks at the world and says what would be done. Only reads; called again before anything is done, and what it says then must
   * have the same plan for the approval to hold.
   *
   * @throws {NothingToPropose}
   */
  propose(subject: Subject, world: ProposalWorld, signal: AbortSignal): Promise<Proposal>;
  /**
   * Who owns what it is about, of the kinds whose cards say that it is owned.
   *
   * @throws {NothingToPropose} when that is not known, with what to do about it
   */
  owner?(subject: Subject, world: ProposalWorld): Promise<Owner>;
  /**
   * Asks right before anything is done what only others know, such as whether somebody is back.
   *
   * @throws {NothingToPropose} when it is not to be done any more
   * @throws {SourceFailed} when it could not be asked, so that nothing is done now
   */
  confirm?(subject: Subject, world: ConfirmingWorld, signal: AbortSignal): Promise<void>;
}

export function defineApprovalKind<Subject>(kind: ApprovalKind<Subject>): ApprovalKind<Subject> {
  return kind;
}
