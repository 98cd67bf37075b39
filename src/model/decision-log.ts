import type { NeedStep } from './needs.ts';
import type { QuestionState } from './questions.ts';
import type { JournalEntry } from './request.ts';

interface EntryBase {
  /** An entry of the same id is appended once, however often that is asked for; without one it gets its own. */
  readonly id?: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Slack user id, or the part of the bot that did it. */
  readonly who: string;
  readonly reason?: string;
}

/** Somebody was not allowed what they asked for. */
export interface RefusedEntry extends EntryBase {
  readonly kind: 'refused';
  /** The command as it was understood. */
  readonly what: string;
  readonly cluster?: string;
  readonly request?: string;
  readonly reason: string;
}

/** Something happened to a request. */
export interface RequestEntry extends EntryBase {
  readonly kind: JournalEntry['what'];
  /** What the request asks for. */
  readonly what: string;
  readonly request: string;
  /** Name of the ApprovalKind. */
  readonly requestKind: string;
  readonly clusters: readonly string[];
  readonly planHash: string;
}

/** Something happened to a question to a person about what was done in their name. */
export interface QuestionEntry extends EntryBase {
  readonly kind: `question-${QuestionState | 'locking' | 'not-locked'}`;
  /** What was done. */
  readonly what: string;
  readonly question: string;
  /** Slack user id of whoever was asked. */
  readonly person: string;
  /** Who did it, as the cluster calls them. */
  readonly user: string;
  readonly cluster: string;
  readonly request?: string;
}

/** Something happened to a question to a person whether they still need their access. */
export interface NeedEntry extends EntryBase {
  readonly kind: `need-${NeedStep['what']}`;
  /** What was asked. */
  readonly what: string;
  readonly question: string;
  /** Id of whoever has the access, as the sources of people know them. */
  readonly person: string;
  readonly cluster: string;
  readonly request?: string;
}

/** An entry of the allowlist was ended after its request was forgotten. */
export interface AllowlistEntry extends EntryBase {
  readonly kind: 'allowlist-ended';
  /** What was allowed. */
  readonly what: string;
  /** Id of the entry and of its request. */
  readonly request: string;
  readonly cluster?: string;
}

/** What had its time in a policy was ended by what the policy itself says, although its request had not ended it. */
export interface PartEntry extends EntryBase {
  readonly kind: 'part-ended';
  /** The policy, and what was taken out of it. */
  readonly what: string;
  readonly cluster: string;
  /** Known or not. */
  readonly request: string;
}

/** One line of the log of who was allowed what. */
export type DecisionEntry = RefusedEntry | AllowlistEntry | PartEntry | RequestEntry | QuestionEntry | NeedEntry;

/** Append-only; each entry carries the hash of the one before it. */
export interface DecisionLog {
  readonly append: (entry: DecisionEntry) => Promise<void>;
}
