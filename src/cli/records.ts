import type { Unheeded } from '#src/iac/suppress.ts';
import { FilePlace } from '#src/iac/source.ts';
import type { Suppression } from '#src/iac/suppressions.ts';
import type { Finding } from '#src/model/finding.ts';
import type { LocatedFinding } from '#src/model/scan-result.ts';
import type { Change } from './baseline.ts';

/** One finding as it is printed. */
export interface FindingRecord extends Finding {
  readonly type: 'finding';
  /** Absent for a cluster, and for what no single file shows. */
  readonly file?: string;
  /** From 1; of the path where it is written, else of the object; for what was rendered, of the template's object. */
  readonly line?: number;
  /** Number of the document in its file, from 1. */
  readonly document?: number;
  /** The context it was found in; absent for files. */
  readonly cluster?: string;
  /** There with a baseline only. */
  readonly change?: Change;
}

/** A finding that a comment in its file leaves out. */
export interface SuppressedRecord extends Omit<FindingRecord, 'type' | 'change'> {
  readonly type: 'suppressed';
  readonly suppression: { readonly line: number; readonly reason: string; readonly until?: string };
}

/** A document, or a whole file when none is named, that could not be judged. */
export interface UnreadableRecord {
  readonly type: 'unreadable';
  readonly file: string;
  readonly document?: number;
  readonly reason: string;
}

export interface FileRecord {
  readonly type: 'file';
  readonly file: string;
  readonly objects: number;
}

/** A cluster that was read. */
export interface ClusterRecord {
  readonly type: 'cluster';
  readonly cluster: string;
  readonly version: string;
  readonly objects: number;
}

/** A check, or one item of it, that could not be evaluated. */
export interface GapRecord {
  readonly check: string;
  readonly item?: string;
  readonly reason: string;
  /** The only kind whose objects were not judged. */
  readonly kind?: string;
  /** Some objects were judged all the same. */
  readonly partial?: true;
  readonly cluster?: string;
}

/** Objects whose evidence was missing. */
export interface UndecidedRecord {
  readonly check: string;
  readonly reason: string;
  readonly count: number;
  readonly cluster?: string;
}

/** The end of a result: what was looked at, and what could not be. */
export interface SummaryRecord {
  readonly type: 'summary';
  readonly files: number;
  /** Absent for files. */
  readonly clusters?: number;
  readonly objects: number;
  readonly unreadable: number;
  /** Ids of the checks that ran, `id:item` for those with items. */
  readonly checks: readonly string[];
  readonly notEvaluated: readonly GapRecord[];
  readonly undecided: readonly UndecidedRecord[];
  readonly findings: number;
  /** Findings that comments leave out; absent when there are none. */
  readonly suppressed?: number;
  /** Comments that leave nothing out although they ask to; absent when there are none. */
  readonly unheeded?: readonly Unheeded[];
  /** There with a baseline only. */
  readonly baseline?: BaselineCounts;
  /** Whose Pod Security Standards and defaults were applied; absent when clusters have different ones. */
  readonly kubernetesVersion?: string;
}

/** How the findings stand to those of a baseline. */
export interface BaselineCounts {
  readonly new: number;
  readonly worse: number;
  readonly known: number;
  readonly fixed: number;
  /** In the baseline, and out of sight of this scan. */
  readonly notSeen: number;
}

export type ScanRecord = FindingRecord | SuppressedRecord | UnreadableRecord | FileRecord | ClusterRecord | SummaryRecord;

/** Where findings come from when their origin does not say. */
export interface Where {
  readonly file?: string;
  readonly cluster?: string;
}

export function findingRecord(located: LocatedFinding, where: Where = {}): FindingRecord {
  const { origin, steps = [], check, item, severity, object, related, container, path, ports, message, evidence, count, fingerprint } = located;
  const place = origin instanceof FilePlace ? origin : undefined;
  const file = place?.file ?? where.file;
  return {
    type: 'finding',
    ...(file !== undefined && { file }),
    ...(where.cluster !== undefined && { cluster: where.cluster }),
    ...(place !== undefined && { line: place.lineInFile(steps), ...(place.document !== undefined && { document: place.document }) }),
    check,
    ...(item !== undefined && { item }),
    severity,
    object,
    ...(related !== undefined && { related }),
    ...(container !== undefined && { container }),
    ...(path !== undefined && { path }),
    ...(ports !== undefined && { ports }),
    message,
    ...(evidence !== undefined && { evidence }),
    ...(count !== undefined && { count }),
    fingerprint,
  };
}

export function suppressedRecord({ type: _, ...finding }: FindingRecord, { line, reason, until }: Suppression): SuppressedRecord {
  return { type: 'suppressed', ...finding, suppression: { line, reason, ...(until !== undefined && { until }) } };
}

/** In the order of the file; what stands at the same place by check, item and container. */
export function byPlace(a: Placed, b: Placed): number {
  return (a.document ?? 0) - (b.document ?? 0) || (a.line ?? 0) - (b.line ?? 0) || compareText(keyOf(a), keyOf(b));
}

type Placed = FindingRecord | SuppressedRecord;

function keyOf({ check, item, object, container }: Placed): string {
  return [check, item, object.kind, object.namespace, object.name, object.address, container].join('\n');
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** `family:item`, as checks with items are listed. */
export function checkId({ check, item }: { readonly check: string; readonly item?: string | undefined }): string {
  return item === undefined ? check : `${check}:${item}`;
}
