import type { EventSource } from '#src/model/detection.ts';
import type { EventReader, EventReading, ScannedReadings } from './read.ts';

const NEWLINE = 0x0a;
/** Lines that a scanner is offered after it took none. */
const OFFERS = 8;

/** What a text says: one JSON value, or one in each line. Undefined when it is neither. A line that is no JSON is a malformed event among others. */
export function readingsOf<S extends EventSource>(reader: EventReader<S>, text: string): Iterable<EventReading<S>> | undefined {
  const { scanner } = reader;
  if (scanner !== undefined) {
    const bytes = Buffer.from(text);
    const { readings, length } = scanner.scanLines(bytes);
    // Whoever has a second line has no whole value in all of them.
    if (length > 0) return readScanned(reader, bytes, length, readings);
    const whole = scanner.scan(bytes);
    if (whole !== undefined) return flat(whole);
  }
  const parsed = parse(text);
  if (parsed !== undefined) return reader.read(parsed);
  const lines = linesOf(text);
  return lines.length > 1 ? lines.flatMap((line) => readLine(reader, line)) : undefined;
}

function* readScanned<S extends EventSource>(reader: EventReader<S>, bytes: Buffer, length: number, readings: ScannedReadings<EventReading<S>>): Generator<EventReading<S>> {
  let at = length;
  yield* flat(readings);
  for (let offers = OFFERS; at < bytes.length; ) {
    const newline = bytes.indexOf(NEWLINE, at);
    const end = newline === -1 ? bytes.length : newline;
    yield* linesOf(bytes.toString('utf8', at, end)).flatMap((line) => readLine(reader, line));
    at = end + 1;
    if (offers === 0 || at >= bytes.length || reader.scanner === undefined) continue;
    const more = reader.scanner.scanLines(bytes.subarray(at));
    if (more.length === 0) offers -= 1;
    at += more.length;
    yield* flat(more.readings);
  }
}

function* flat<S extends EventSource>(readings: ScannedReadings<EventReading<S>>): Generator<EventReading<S>> {
  for (const reading of readings) {
    if (Array.isArray(reading)) yield* reading as readonly EventReading<S>[];
    else yield reading as EventReading<S>;
  }
}

function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line.trim() !== '');
}

function readLine<S extends EventSource>(reader: EventReader<S>, line: string): readonly EventReading<S>[] {
  const scanned = reader.scanner?.scan(Buffer.from(line));
  return scanned === undefined ? reader.read(parse(line) ?? line) : [...flat(scanned)];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
