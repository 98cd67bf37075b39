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

/** One line of the log of who was allowed what. */
export type DecisionEntry = RefusedEntry | RequestEntry;

/** Append-only; each entry carries the hash of the one before it. */
export interface DecisionLog {
  readonly append: (entry: DecisionEntry) => Promise<void>;
}
