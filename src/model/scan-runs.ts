import type { ClusterState, ScanRecord } from './scan-record.ts';

/** What a run changes of its scan's record. */
export type ScanPatch = Partial<Omit<ScanRecord, 'id' | 'cluster' | 'scope' | 'asker' | 'channel' | 'queuedAt' | 'runs' | 'canceledBy'>>;

/** One beginning of work on a scan. Once the scan was canceled, or a later run has begun, it can change nothing any more. */
export interface ScanRun {
  readonly scan: ScanRecord;
  /** Stores a step. Undefined when this run has to stop, because it can change nothing any more. */
  readonly report: (patch: ScanPatch) => Promise<ScanRecord | undefined>;
  /** Stores the end, frees the cluster for the next scan and keeps what is known of the cluster now: all or, as undefined says, nothing. */
  readonly end: (patch: ScanPatch, state?: ClusterState) => Promise<ScanRecord | undefined>;
}

/** Somebody who wants to be told when a scan ends, and the conversation in which they asked. */
export interface Waiting {
  readonly person: string;
  readonly channel?: string;
}

/** The job's side of scans. */
export interface ScanRuns {
  readonly get: (id: string) => Promise<ScanRecord | undefined>;
  /** Undefined when the scan has ended already, or nothing is known of it. */
  readonly begin: (id: string) => Promise<ScanRun | undefined>;
  /** The asker, if a person, and everybody who joined. */
  readonly audience: (id: string) => Promise<readonly Waiting[]>;
}
