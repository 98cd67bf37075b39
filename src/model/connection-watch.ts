import type { ConnectedWorkload } from './connection.ts';

/** What could not be told of connections, by its reason, since the beginning of a day (UTC). */
export type UntoldCounts = Readonly<Record<string, number>>;

/** For how long the workloads of a cluster are watched. Time in which no source told anything does not count. */
export interface ConnectionWatch {
  /** Connections were seen up to a moment, and everything since `gapMs` before it at the most. Answers the time that was watched so far. */
  readonly seenUntil: (cluster: string, atMs: number, gapMs: number) => Promise<number>;
  /** How much had been watched when each workload was seen first, which is now for new ones; `-Infinity` where its learning was ended. */
  readonly begin: (cluster: string, workloads: readonly ConnectedWorkload[]) => Promise<readonly number[]>;
  /** Somebody else has watched these workloads for long enough: they count as watched since ever. */
  readonly endLearning: (cluster: string, workloads: readonly ConnectedWorkload[]) => Promise<void>;
  /** For how long each workload was watched; undefined for one that was never seen. */
  readonly watchedMs: (cluster: string, workloads: readonly ConnectedWorkload[]) => Promise<readonly (number | undefined)[]>;
  /** For how long the cluster was watched. */
  readonly observedMs: (cluster: string) => Promise<number>;
  /** For how long every workload was watched. */
  readonly all: (cluster: string) => Promise<readonly number[]>;
  readonly countUntold: (cluster: string, day: string, counts: UntoldCounts) => Promise<void>;
  readonly untold: (cluster: string, day: string) => Promise<UntoldCounts>;
}
