import { addActivity, addPresence, emptyActivity, type ActivityState } from '#src/events/activity.ts';
import { createDetector, type Detected } from '#src/events/detect.ts';
import { detections } from '#src/events/detections/index.gen.ts';
import { createAuditReader, type AuditReading, type ScannedLines } from '#src/events/sources/audit/read.ts';
import { createRecordSplitter, type JsonRecord } from '#src/events/sources/records.ts';
import { NO_DETECTION_SETTINGS } from '#src/model/detection.ts';
import { BenchFault } from '../harness.ts';

/** Few are a burst, so that there are some. */
const SETTINGS = { ...NO_DETECTION_SETTINGS, thresholds: { ...NO_DETECTION_SETTINGS.thresholds, secretsRead: 3, secretsRefused: 3, requestsRefused: 3, requestsThrottled: 3 } };

/** All that a log says. */
export interface Outcome {
  readonly detected: readonly Detected[];
  readonly undecided: readonly string[];
  readonly activity: ActivityState;
  /** Of each kind of reading. */
  readonly counts: Readonly<Record<string, number>>;
}

/** Judges a log that comes in chunks: with the scanner of bytes, or by parsing every line. */
export function judge(bytes: Buffer, chunkBytes: number, way: 'scan' | 'parse'): Outcome {
  const fault = (detection: string, error: unknown) => {
    throw new BenchFault(`${detection} failed: ${String(error)}`);
  };
  const detector = createDetector({ detections, context: { settings: SETTINGS }, cluster: 'bench', onFault: fault });
  const reader = createAuditReader(detector);
  const activity = emptyActivity();
  const [detected, undecided]: [Detected[], string[]] = [[], []];
  const counts: Record<string, number> = {};
  const count = (what: string) => (counts[what] = (counts[what] ?? 0) + 1);
  const take = (reading: AuditReading): void => {
    if ('malformed' in reading) count(reading.malformed);
    else if ('skipped' in reading) count(reading.skipped);
    else {
      count('event');
      if ('plain' in reading) return addPresence(activity, reading);
      addActivity(activity, reading.event);
      for (const judgement of detector.judge('audit', reading.event)) {
        if ('message' in judgement) detected.push(judgement);
        else undecided.push(`${judgement.detection}: ${judgement.reason}`);
      }
    }
  };
  for (const record of records(bytes, chunkBytes, way === 'scan' ? reader.scanLines : undefined)) {
    if ('malformed' in record) count('broken');
    else if ('text' in record) readText(record.text).forEach(take);
    else {
      for (const reading of record.readings) {
        if (Array.isArray(reading)) (reading as readonly AuditReading[]).forEach(take);
        else take(reading as AuditReading);
      }
    }
  }
  return { detected, undecided, activity, counts };

  function readText(text: string): readonly AuditReading[] {
    // Bodies of a webhook are whole lists.
    const scanned = way === 'scan' ? reader.scan(Buffer.from(text)) : undefined;
    if (scanned !== undefined) return scanned.flat();
    const value = parsed(text);
    return value === undefined ? [{ malformed: 'no JSON' }] : reader.read(value);
  }
}

function* records(bytes: Buffer, chunkBytes: number, take: ((bytes: Uint8Array) => ScannedLines<AuditReading>) | undefined): Generator<JsonRecord | ScannedLines<AuditReading>> {
  const splitter = createRecordSplitter(undefined, take);
  for (let start = 0; start < bytes.length; start += chunkBytes) yield* splitter.push(bytes.subarray(start, start + chunkBytes));
  yield* splitter.end();
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
