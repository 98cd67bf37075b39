import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { createDetector, type Detector } from '#src/events/detect.ts';
import { createEventReader, type EventReader } from '#src/events/read.ts';
import { createRecordSplitter, type JsonRecord } from '#src/events/sources/records.ts';
import type { Detection, DetectionSettings, EventOf, EventSource } from '#src/model/detection.ts';
import type { FoundFile } from '#src/iac/files.ts';
import { detectionRecord, type EventRecord, type EventSummary } from './event-records.ts';
import type { FaultNotes } from './fault-notes.ts';
import type { Notes } from './notes.ts';
import { listed } from './output/words.ts';
import { checkId, type UndecidedRecord } from './records.ts';
import { findInputs, NothingReadable, STDIN, type FileTarget } from './scan-files.ts';

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
  return { reader: createEventReader(source), detector: createDetector({ detections, context: { settings }, cluster: '', onFault: faults.report }) };
}

async function* judgeFile(file: FoundFile, run: Run, needs: EventNeeds, count: Count): AsyncGenerator<EventRecord> {
  const pieces = createPieces(file.name, run, needs.source, count);
  const splitter = createRecordSplitter();
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
  const all = (async function* () {
    yield first.value;
    for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield next.value;
  })();
  if (GZIP.every((byte, index) => first.value[index] === byte)) {
    const { compose } = await import('node:stream');
    yield* compose(all, createGunzip()) as AsyncIterable<Uint8Array>;
  } else yield* all;
}
