/** What the latest look at the policies that this bot has made in a cluster found. Texts are for people. */
export interface PolicyLook {
  /** ISO 8601 */
  readonly at: string;
  /** Absent where nobody could look. */
  readonly count?: number;
  /** Services with source ranges that end in time, by a note on them. Absent where none may be changed. */
  readonly services?: number;
  /** Policies with parts of requests that are not known any more, so that nobody can undo them here. */
  readonly orphans: readonly string[];
  /** What had its time and could not be ended, and what could not be looked at. */
  readonly problems: readonly string[];
}

/** The policies that this bot has made in clusters. */
export interface OwnPolicies {
  /** Ends what has had its time, whether or not anything but the policy itself remembers that, in each cluster whose connections are watched. */
  readonly sweep: (signal: AbortSignal) => Promise<void>;
}

/** The latest look at each cluster. */
export interface PolicyLooks {
  readonly get: (cluster: string) => Promise<PolicyLook | undefined>;
  readonly put: (cluster: string, look: PolicyLook) => Promise<void>;
}
