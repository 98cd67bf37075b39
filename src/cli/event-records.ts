import type { Actor, Detected } from '#src/events/detect.ts';
import type { AllowingBinding, AuditOutcome } from '#src/model/audit-event.ts';
import type { ObjectRef, Severity } from '#src/model/finding.ts';
import type { UndecidedRecord, UnreadableRecord } from './records.ts';

/** One alarm of a detection as it is printed. */
export interface DetectionRecord {
  readonly type: 'detection';
  readonly file: string;
  /** Of the event in its file, from 0. */
  readonly index: number;
  readonly detection: string;
  readonly item?: string;
  readonly severity: Severity;
  /** ISO 8601, in UTC; absent where the log leaves it out. */
  readonly time?: string;
  /** Null where the source does not know. */
  readonly actor: Actor | null;
  readonly object: ObjectRef | null;
  readonly outcome?: AuditOutcome;
  readonly binding?: AllowingBinding;
  readonly command?: readonly string[];
  readonly message: string;
  readonly fingerprint: string;
}

export interface EventFileRecord {
  readonly type: 'file';
  readonly file: string;
  readonly events: number;
}

/** The end of a result: what was looked at, and what could not be. */
export interface EventSummary {
  readonly type: 'summary';
  readonly files: number;
  readonly events: number;
  /** Files, and pieces of files, that are no event. */
  readonly unreadable: number;
  /** Events that a source says it lost. */
  readonly lost: number;
  /** Ids of the detections that ran, `id:item` for those with items. */
  readonly checks: readonly string[];
  /** Events that a detection concerns and that it could not judge. */
  readonly undecided: readonly UndecidedRecord[];
  readonly findings: number;
}

export type EventRecord = DetectionRecord | UnreadableRecord | EventFileRecord | EventSummary;

export function detectionRecord(detected: Detected, file: string, index: number): DetectionRecord {
  const { detection, item, severity, timeMs, actor, object, outcome, binding, command, message, fingerprint } = detected;
  return {
    type: 'detection',
    file,
    index,
    detection,
    ...(item !== undefined && { item }),
    severity,
    ...(timeMs !== undefined && { time: new Date(timeMs).toISOString().replace('.000Z', 'Z') }),
    actor,
    object,
    ...(outcome !== undefined && { outcome }),
    ...(binding !== undefined && { binding }),
    ...(command !== undefined && { command }),
    message,
    fingerprint,
  };
}
