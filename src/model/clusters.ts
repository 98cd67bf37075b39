import type { CheckContext } from './check.ts';
import type { ObjectSource } from './source.ts';

/** A cluster that is watched. */
export interface Cluster {
  readonly name: string;
  readonly production: boolean;
  /** Where scheduled results go; undefined when no channel is configured. */
  readonly channel: string | undefined;
  /** Cron expression of its scans, or `off`. */
  readonly schedule: string;
  readonly timeZone: string;
}

/** The API server did not answer, or not as one. The message is for people and names no address. */
export class ClusterUnreachable extends Error {}

/** A cluster to read from, with connections that have to be closed. */
export interface OpenCluster extends ObjectSource {
  readonly close: () => void;
}

export interface Clusters {
  readonly all: () => readonly Cluster[];
  readonly find: (name: string) => Cluster | undefined;
  /** @throws {ClusterUnreachable} */
  readonly open: (name: string, signal: AbortSignal) => Promise<OpenCluster>;
  readonly settings: CheckContext['settings'];
}
