import type { KnownUses } from './known-uses.ts';

/** How much of the time was watched: all of it, all of it but what only reads, some days of it, or nothing because no audit log is connected. */
export type ActivityCoverage = 'complete' | 'writes-only' | { readonly observedDays: number; readonly ofDays: number } | 'none';

/** What a user of a cluster was seen doing. */
export interface Activity {
  /** ISO 8601; absent when nothing was seen. */
  readonly lastSeen?: string;
  /** In a few words: `exec in shop`. */
  readonly lastDeed?: string;
  /** Of the days after which somebody counts as inactive. */
  readonly coverage: ActivityCoverage;
}

export type Deed = 'read' | 'write' | 'exec';

/** The latest that somebody was seen doing. */
export interface LastSeen {
  ms: number;
  readonly deed: Deed;
  readonly namespace?: string;
}

/** How much of one day (in UTC) was watched. */
export interface DayWatch {
  /** One bit for each minute in which an event came in. */
  readonly minutes: Uint8Array;
  /** Events that got lost, or what could not be remembered of one: somebody may have been there, and may have used anything. */
  lost: number;
  /** Whether a request came in that only reads. Policies may leave them all out, and some providers do so unless they are told otherwise. */
  reads: boolean;
}

/**
 * Who was seen in one cluster, and how much of the time was watched.
 *
 * What several processes have seen of one cluster is put together in the store, in any order.
 */
export interface ActivityState {
  /** By user name: people only. Whoever acts as somebody else counts as themselves, but not a program that acts for people. */
  readonly users: Map<string, LastSeen>;
  /** By binding, see `bindingKey`: when it last allowed somebody anything, whoever that was. */
  readonly bindings: Map<string, LastSeen>;
  /** Who acted as whom, see `actingKey`. */
  readonly actedAs: Map<string, LastSeen>;
  /** By ServiceAccount, tool and address or network of the internet, see `toolKey`: people's tools that worked with no token of a pod. */
  readonly tools: Map<string, LastSeen>;
  /** By day: `2026-08-21`. */
  readonly days: Map<string, DayWatch>;
}

/** Keeps what was seen, so that several processes can add to it. */
export interface ActivityStore {
  /** Adding the same again changes nothing. Answers of how many events, at the least, something found no room. */
  readonly add: (cluster: string, seen: ActivityState) => Promise<number>;
  /** What is known of one user, and how the named days were watched. Whomever a proxy acts as was there themselves. */
  readonly read: (cluster: string, user: string, days: readonly string[], proxies?: readonly string[]) => Promise<ActivityState>;
  /** The same of every user. */
  readonly readAll: (cluster: string, days: readonly string[], proxies?: readonly string[]) => Promise<ActivityState>;
  /** Everything but the users. What was seen last long before these days is forgotten. */
  readonly readUses: (cluster: string, days: readonly string[]) => Promise<ActivityState>;
}

/** What everybody was seen doing in one cluster. */
export interface ClusterActivity {
  readonly coverage: ActivityCoverage;
  readonly of: (user: string) => Activity;
}

/** Who was seen in a cluster, as far as it was watched. */
export interface ActivityView {
  readonly of: (cluster: string, user: string) => Promise<Activity>;
  /** Of everybody at once. */
  readonly ofAll: (cluster: string) => Promise<ClusterActivity>;
  /** What was used; undefined where the audit log of the cluster does not come in. */
  readonly usesOf: (cluster: string) => Promise<KnownUses | undefined>;
}

/** Of a cluster whose audit log does not come in. */
export const UNWATCHED: ClusterActivity = { coverage: 'none', of: () => ({ coverage: 'none' }) };

/** Where no audit log is connected. */
export const NOTHING_WATCHED: ActivityView = { of: (_, user) => Promise.resolve(UNWATCHED.of(user)), ofAll: () => Promise.resolve(UNWATCHED), usesOf: () => Promise.resolve(undefined) };
