import type { Asker, ClusterState, ScanRecord, ScanScope } from './scan-record.ts';

export interface ScanRequest {
  readonly cluster: string;
  readonly scope: ScanScope;
  readonly asker: Asker;
  /** Where its message goes; nowhere when absent. */
  readonly channel?: string;
}

export type ScanStart =
  /** Queued; `place` counts from 1. */
  | { readonly outcome: 'queued'; readonly scan: ScanRecord; readonly place: number }
  /** Another scan of the cluster is under way; the asker will be told when it ends. */
  | { readonly outcome: 'joined'; readonly scan: ScanRecord };

export type CancelOutcome = 'canceled' | 'ended' | 'unknown';

/** Scans of clusters: asked for here, carried out by jobs. */
export interface Scans {
  /** One after the other for each cluster; asking for a cluster that is being scanned joins that scan. */
  readonly start: (requests: readonly ScanRequest[]) => Promise<readonly ScanStart[]>;
  /** At once and for good, whether or not anybody is at work on it. */
  readonly cancel: (id: string, person: string) => Promise<CancelOutcome>;
  /** Queues what was asked for and got lost on its way to the queue, so that no cluster stays taken by a scan that nobody makes. */
  readonly requeueLost: (clusters: readonly string[]) => Promise<void>;
  readonly get: (id: string) => Promise<ScanRecord | undefined>;
  /** The scan under way of a cluster. */
  readonly active: (cluster: string) => Promise<ScanRecord | undefined>;
  /** What the last scans found; undefined before the first. */
  readonly state: (cluster: string) => Promise<ClusterState | undefined>;
}
