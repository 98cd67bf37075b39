/** How much of the time was watched: all of it, some days of it, or nothing because no audit log is connected. */
export type ActivityCoverage = 'complete' | { readonly observedDays: number; readonly ofDays: number } | 'none';

/** What a user of a cluster was seen doing. */
export interface Activity {
  /** ISO 8601; absent when nothing was seen. */
  readonly lastSeen?: string;
  /** In a few words: `exec in shop`. */
  readonly lastDeed?: string;
  /** Of the days after which somebody counts as inactive. */
  readonly coverage: ActivityCoverage;
}

/** Who was seen in a cluster, as far as it was watched. */
export interface ActivityView {
  readonly of: (cluster: string, user: string) => Promise<Activity>;
}

/** Where no audit log is connected. */
export const NOTHING_WATCHED: ActivityView = { of: () => Promise.resolve({ coverage: 'none' }) };
