export interface Digest {
  readonly name: string;
  readonly channel: string;
  /** Cron expression, or `off`. */
  readonly schedule: string;
  readonly timeZone: string;
  /** Names of the clusters in it. */
  readonly clusters: readonly string[];
}

/** When a digest was posted last, so that the next one tells what changed since. */
export interface Digests {
  readonly all: () => readonly Digest[];
  readonly find: (name: string) => Digest | undefined;
  readonly lastPosted: (name: string) => Promise<Date | undefined>;
  /** Remembers the later of both. */
  readonly posted: (name: string, at: Date) => Promise<void>;
}
