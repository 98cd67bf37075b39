export interface Digest {
  readonly name: string;
  readonly channel: string;
  /** Cron expression, or `off`. */
  readonly schedule: string;
  readonly timeZone: string;
  /** Names of the clusters in it. */
  readonly clusters: readonly string[];
}

/** What was told in the digests so far, so that the next one tells what changed since. */
export interface Digests {
  readonly all: () => readonly Digest[];
  readonly find: (name: string) => Digest | undefined;
  readonly lastPosted: (name: string) => Promise<Date | undefined>;
  /** The scan of a cluster that the digest told of last; undefined while the cluster has not been in it. */
  readonly lastTold: (name: string, cluster: string) => Promise<Date | undefined>;
  /** Remembers that it was posted, with the last scan of each cluster in it. Of several times the latest counts. */
  readonly posted: (name: string, at: Date, scans: Readonly<Record<string, Date>>) => Promise<void>;
}
