/** One line of the log of who was allowed what. */
export interface DecisionEntry {
  /** ISO 8601, UTC. */
  readonly at: string;
  /** `refused` here; later kinds name requests, decisions and effects. */
  readonly kind: 'refused';
  readonly who: string;
  /** The command as it was understood. */
  readonly what: string;
  readonly cluster?: string;
  readonly reason: string;
}

/** Append-only; each entry carries the hash of the one before it. */
export interface DecisionLog {
  readonly append: (entry: DecisionEntry) => Promise<void>;
}
