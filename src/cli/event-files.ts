import { createReadStream } from 'node:fs';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { createDetector, type Detector } from '#src/events/detect.ts';
import { createEventReader, type EventReader, type EventReading, type ScannedLines } from '#src/events/read.ts';
import { createRecordSplitter, type JsonRecord } from '#src/events/sources/records.ts';
import type { Detection, DetectionSettings, EventOf, EventSource } from '#src/model/detection.ts';
import type { FoundFile } from '#src/iac/files.ts';
import { detectionRecord, type EventRecord, type EventSummary } from './event-records.ts';
import type { FaultNotes } from './fault-notes.ts';
import type { Notes } from './notes.ts';
import { amount, listed } from './output/words.ts';
import { checkId, type UndecidedRecord } from './records.ts';
import { findInputs, NothingReadable, type FileTarget } from './scan-files.ts';
import { STDIN } from './target.ts';

export interface EventNeeds {
  readonly source: EventSource;
  readonly detections: readonly Detection[];
  readonly settings: DetectionSettings;
  readonly stdin: () => AsyncIterable<Uint8Array>;
  readonly notes: Notes;
  readonly faults: FaultNotes;
  readonly signal: AbortSignal;
}

/** As API servers, Falco, Hubble and exports of clouds call their files; rotated ones have a number or a time at the end. */
const EVENT_FILE = /\.(?:json|jsonl|ndjson|log)(?:[.-][\dTZ.-]+)?(?:\.gz)?$/i;
const GZIP = [0x1f, 0x8b];
/** Of one file, broken pieces that are told one by one. */
const TOLD = 3;
const NAMED = 3;

/** What is known of the files so far. */
interface Count {
  files: number;
  events: number;
  unreadable: number;
  lost: number;
  findings: number;
  /** Some event could be read, or some file was empty. */
  readable: boolean;
  readonly undecided: Map<string, UndecidedRecord>;
}

/** What a run keeps from event to event: of all files, or of one. */
interface Run {
  readonly reader: EventReader;
  readonly detector: Detector;
}

/**
 * Judges recorded events, and gives out what is detected as soon as it is known.
 *
 * @throws {UsageError} before anything is given out, {NothingReadable} after the summary.
 */
export async function* judgeFiles(target: FileTarget, needs: EventNeeds): AsyncGenerator<EventRecord> {
  const found = await findInputs(target, (name) => (EVENT_FILE.test(name) ? 'events' : undefined));
  const count: Count = { files: 0, events: 0, unreadable: found.unreadable.length, lost: 0, findings: 0, readable: false, undecided: new Map() };
  for (const { name, reason } of found.unreadable) yield { type: 'unreadable', file: name, reason };
  let run = beginRun(needs);
  for (const [index, file] of found.files.entries()) {
    needs.signal.throwIfAborted();
    needs.notes.progress(`${index} of ${found.files.length} files`);
    if (target.isolate === 'file') run = beginRun(needs);
    yield* judgeFile(file, run, needs, count);
  }
  if (found.linksLeft.length > 0) needs.notes.note(`Links that lead out of their folder were not followed: ${listed(found.linksLeft, NAMED)}.`);
  yield summaryOf(count, needs);
  if (!count.readable) throw new NothingReadable(found.files.length === 0 ? 'There is no JSON or log file under the given paths.' : 'Nothing under the given paths could be read as events.');
}

function beginRun({ source, detections, settings, faults }: EventNeeds): Run {
  const detector = createDetector({ detections, context: { settings }, cluster: '', onFault: faults.report });
  return { reader: createEventReader(source, detector), detector };
}

async function* judgeFile(file: FoundFile, run: Run, needs: EventNeeds, count: Count): AsyncGenerator<EventRecord> {
  const pieces = createPieces(file.name, run, needs.source, count);
  const splitter = createRecordSplitter(undefined, run.reader.scanner?.scanLines);
  try {
    for await (const chunk of unpacked(file.path === STDIN ? needs.stdin() : createReadStream(file.path))) {
      needs.signal.throwIfAborted();
      for (const record of splitter.push(chunk)) yield* pieces.judge(record);
    }
    for (const record of splitter.end()) yield* pieces.judge(record);
  } catch (error) {
    if (!isReadError(error)) throw error;
    count.unreadable += 1;
    yield { type: 'unreadable', file: file.name, reason: reasonOf(error) };
    if (pieces.events() === 0) return;
  }
  yield* pieces.end();
}

/** Files packed with gzip are known by how they begin, whatever their name. */
async function* unpacked(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const chunks = stream[Symbol.asyncIterator]();
  const first = await chunks.next();
  if (first.done === true) return;
  const beginning = first.value;
  const all = Readable.from(
    (async function* () {
      yield beginning;
      for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield next.value;
    })(),
  );
  // A fault of the one ends the other, which throws it.
  const bytes = GZIP.every((byte, index) => beginning[index] === byte) ? pipeline(all, createGunzip(), () => undefined) : all;
  yield* bytes as AsyncIterable<Uint8Array>;
}

/** Judges the pieces of one file, and counts them. */
interface Pieces {
  readonly judge: (record: JsonRecord | ScannedLines<EventReading>) => readonly EventRecord[];
  readonly end: () => readonly EventRecord[];
  readonly events: () => number;
}

function createPieces(file: string, { reader, detector }: Run, source: EventSource, count: Count): Pieces {
  let piece = 0;
  let events = 0;
  let broken = 0;

  function malformed(reason: string): readonly EventRecord[] {
    broken += 1;
    count.unreadable += 1;
    return broken <= TOLD ? [{ type: 'unreadable', file, document: piece, reason }] : [];
  }

  function judgeEvent(event: EventOf[EventSource], index: number): readonly EventRecord[] {
    return detector.judge(source, event).flatMap((judgement) => {
      if ('message' in judgement) {
        count.findings += 1;
        return [detectionRecord(judgement, file, index)];
      }
      const { detection: check, reason } = judgement;
      const key = `${check}\n${reason}`;
      count.undecided.set(key, { check, reason, count: (count.undecided.get(key)?.count ?? 0) + 1 });
      return [];
    });
  }

  function judgeReading(reading: EventReading): readonly EventRecord[] {
    if ('malformed' in reading) return malformed(reading.malformed);
    if ('lost' in reading) count.lost += reading.lost.lost;
    if ('lost' in reading || ('skipped' in reading && reading.skipped === 'other')) return [];
    const index = events;
    events += 1;
    return 'event' in reading ? judgeEvent(reading.event, index) : [];
  }

  function judgeLines({ readings }: ScannedLines<EventReading>): readonly EventRecord[] {
    const records: EventRecord[] = [];
    for (const line of readings) {
      piece += 1;
      if (Array.isArray(line)) records.push(...(line as readonly EventReading[]).flatMap(judgeReading));
      else records.push(...judgeReading(line as EventReading));
    }
    return records;
  }

  return {
    judge(record) {
      if ('readings' in record) return judgeLines(record);
      piece += 1;
      const value = 'malformed' in record ? record : parsed(record.text);
      return 'malformed' in value ? malformed(value.malformed) : reader.read(value.value).flatMap(judgeReading);
    },
    end() {
      const isReadable = events > 0 || piece === 0;
      count.events += events;
      count.readable ||= isReadable;
      if (isReadable) count.files += 1;
      const more = broken - TOLD;
      return [
        ...(more > 0 ? [{ type: 'unreadable', file, reason: `${amount(more, 'more piece')} that ${more === 1 ? 'is' : 'are'} no event` } as const] : []),
        ...(isReadable ? [{ type: 'file', file, events } as const] : []),
      ];
    },
    events: () => events,
  };
}

function parsed(text: string): { readonly value: unknown } | { readonly malformed: string } {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return { malformed: 'not valid JSON' };
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'no permission to read it',
  EPERM: 'no permission to read it',
  ENOENT: 'it is not there any more',
  EISDIR: 'it is a folder',
  Z_DATA_ERROR: 'it is not packed properly',
  Z_BUF_ERROR: 'it is packed, and its end is missing',
};

/** A fault of the file or of how it is packed, not of this program. */
function isReadError(error: unknown): error is NodeJS.ErrnoException {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' && /^(?:E[A-Z]+|Z_[A-Z_]+)$/.test(error.code);
}

function reasonOf({ code = '' }: NodeJS.ErrnoException): string {
  return REASONS[code] ?? `it cannot be read (${code})`;
}

function summaryOf({ files, events, unreadable, lost, findings, undecided }: Count, { detections, source }: EventNeeds): EventSummary {
  const ran = detections.filter(({ reads }) => reads.includes(source));
  const checks = ran.flatMap(({ id, items }) => (items === undefined ? [id] : Object.keys(items).map((item) => checkId({ check: id, item }))));
  return { type: 'summary', files, events, unreadable, lost, checks: checks.sort(), undecided: [...undecided.values()], findings };
}
