import type { Clock } from '#src/model/clock.ts';
import type { User } from '../access/user.ts';
import type { Authorizer } from '../access/authorizer.ts';
import type { Catalog } from '../catalog.ts';
import type { Store } from '../store/store.ts';

/** What makes up one cluster. */
export interface Cluster {
  readonly store: Store;
  readonly catalog: Catalog;
  readonly authorizer: Authorizer;
  readonly clock: Clock;
}

/** On whose behalf something is written, and how. */
export interface WriteContext {
  /** Undefined when the cluster itself writes; nothing is forbidden then. */
  readonly user: User | undefined;
  readonly manager: string;
  readonly dryRun: boolean;
  /** Keeps status, creation time and managed fields as they are given, which only those who fill the cluster may do. */
  readonly asGiven: boolean;
  /** Tells the client something that is no error. */
  readonly warn: (message: string) => void;
}

export function byCluster(manager: string): WriteContext {
  return { user: undefined, manager, dryRun: false, asGiven: false, warn: () => undefined };
}
