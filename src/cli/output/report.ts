import type { ScanRecord } from '../records.ts';

/** One way to print the result of a scan. Takes its records as they come; `end` prints what had to wait. */
export interface Report {
  readonly add: (record: ScanRecord) => Promise<void>;
  readonly end: () => Promise<void>;
}

export type Print = (text: string) => Promise<void>;
