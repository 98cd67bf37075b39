/** One JSON value of a stream, or why a piece of it is none. */
export type JsonRecord = { readonly text: string } | { readonly malformed: string };

/** Cuts a stream of bytes into JSON values: one per line, one after the other, over several lines, or the elements of one list. */
export interface RecordSplitter<T = never> {
  /** The values that the chunk completes, each found when it is asked for. All have to be, before the next chunk. */
  readonly push: (chunk: Uint8Array) => Iterable<JsonRecord | T>;
  readonly end: () => readonly JsonRecord[];
}

/** Reads as many whole lines from the beginning as it likes, by itself, and says how long they are. */
export type LineTaker<T extends { readonly length: number }> = (bytes: Uint8Array) => T;

const MIB = 1024 * 1024;
/** A batch of an API server is some 10 MiB at most. */
const MAX_VALUE_BYTES = 64 * MIB;

/** Of one chunk, lines that a taker is offered after it took none. */
const OFFERS = 8;

const NEWLINE = 0x0a;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * Nothing but the value at hand is kept, and of that at most `maxBytes`.
 *
 * A stream that begins with a whole value in one line is read line by line, so that a broken line spoils no other. Any other stream is
 * read by brackets; a raw line break within a text, or an object that begins at the left edge within another, means that the value before
 * was cut off, and reading begins anew there.
 */
export function createRecordSplitter<T extends { readonly length: number } = never>(maxBytes: number = MAX_VALUE_BYTES, take?: LineTaker<T>): RecordSplitter<T> {
  const pending = createPending(maxBytes);
  const brackets = createBracketSplitter(maxBytes);
  let mode: 'unknown' | 'lines' | 'brackets' = 'unknown';

  function valuesOf(line: Buffer): readonly JsonRecord[] {
    const text = line.toString('utf8').replace(/^\uFEFF/, '').trim();
    if (text === '') return [];
    mode = 'lines';
    return valuesOfLine(text, maxBytes);
  }

  function* takeLines(bytes: Buffer): Generator<JsonRecord | T> {
    let [start, offers] = [0, OFFERS];
    for (;;) {
      if (take !== undefined && offers > 0 && pending.isEmpty() && start < bytes.length) {
        const lines = take(bytes.subarray(start));
        if (lines.length === 0) offers -= 1;
        else {
          mode = 'lines';
          start += lines.length;
          yield lines;
        }
      }
      const end = bytes.indexOf(NEWLINE, start);
      if (end === -1) break;
      const line = pending.take(bytes.subarray(start, end));
      if (line !== undefined && mode === 'unknown' && beginsBrackets(line)) return yield* takeBrackets([line, bytes.subarray(end)]);
      if (line !== undefined) yield* valuesOf(line);
      start = end + 1;
    }
    const rest = bytes.subarray(start);
    // A list in one line may be as long as a file: it is not waited for.
    if (mode === 'unknown' && pending.isEmpty() && firstByte(rest) === OPEN_LIST) yield* takeBrackets([rest]);
    else yield* pending.add(rest);
  }

  function takeBrackets(pieces: readonly Buffer[]): readonly JsonRecord[] {
    mode = 'brackets';
    return pieces.flatMap((piece) => brackets.push(piece));
  }

  return {
    push: (chunk) => (mode === 'brackets' ? brackets.push(chunk) : takeLines(bufferOf(chunk))),
    end() {
      if (mode === 'brackets') return brackets.end();
      const line = pending.take(Buffer.alloc(0));
      if (line === undefined) return [];
      return mode === 'unknown' && beginsBrackets(line) ? [...takeBrackets([line]), ...brackets.end()] : valuesOf(line);
    },
  };
}

/** The beginning of a value whose end has not come yet. */
interface Pending {
  readonly add: (bytes: Buffer) => readonly JsonRecord[];
  /** All of it with these bytes at the end; undefined when it had become too long. Begins anew. */
  readonly take: (bytes: Buffer) => Buffer | undefined;
  readonly isEmpty: () => boolean;
}

function createPending(maxBytes: number): Pending {
  let parts: Buffer[] = [];
  let size = 0;
  let tooLong = false;
  return {
    add(bytes) {
      size += bytes.length;
      if (tooLong) return [];
      if (size > maxBytes) {
        tooLong = true;
        parts = [];
        return [{ malformed: `longer than ${Math.round(maxBytes / MIB)} MiB` }];
      }
      // The bytes belong to whoever reads, who may write over them.
      if (bytes.length > 0) parts.push(Buffer.from(bytes));
      return [];
    },
    take(bytes) {
      const whole = parts.length === 0 ? bytes : Buffer.concat([...parts, bytes]);
      const isWhole = !tooLong;
      parts = [];
      size = 0;
      tooLong = false;
      return isWhole ? whole : undefined;
    },
    isEmpty: () => size === 0,
  };
}

function bufferOf(chunk: Uint8Array): Buffer {
  return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}

/** Whether the first line is the beginning of something longer. */
function beginsBrackets(line: Buffer): boolean {
  const first = firstByte(line);
  return first === OPEN_LIST || (first === OPEN_OBJECT && parsed(line.toString('utf8').trim()) === undefined);
}

function firstByte(bytes: Buffer): number | undefined {
  return bytes.find((byte) => byte > 0x20 && byte < 0x80);
}

/** One value, or several without a line break between them, as some log shippers write them. */
function valuesOfLine(text: string, maxBytes: number): readonly JsonRecord[] {
  if (!text.includes('}{') || parsed(text) !== undefined) return [{ text }];
  const brackets = createBracketSplitter(maxBytes);
  return [...brackets.push(Buffer.from(text)), ...brackets.end()];
}

/** Undefined for a text that is no JSON; the value itself is wrapped, for it may be anything. */
function parsed(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

/** Where a walk over brackets is. */
interface Walk {
  depth: number;
  inText: boolean;
  escaped: boolean;
  /** Within a value. */
  inside: boolean;
  /** Of the value at hand, in the bytes at hand. */
  start: number;
  atLeftEdge: boolean;
}

interface BracketSplitter {
  readonly push: (chunk: Uint8Array) => readonly JsonRecord[];
  readonly end: () => readonly JsonRecord[];
}

/** Elements of a list at the top count as values by themselves. */
function createBracketSplitter(maxBytes: number): BracketSplitter {
  const walk: Walk = { depth: 0, inText: false, escaped: false, inside: false, start: 0, atLeftEdge: true };
  const pending = createPending(maxBytes);

  function finish(bytes: Buffer, end: number, found: JsonRecord[]): void {
    const value = pending.take(bytes.subarray(walk.start, end));
    if (value !== undefined) found.push({ text: value.toString('utf8') });
    walk.inside = false;
  }

  function breakOff(bytes: Buffer, end: number, found: JsonRecord[]): void {
    const value = pending.take(bytes.subarray(walk.start, end));
    if (value !== undefined) found.push({ malformed: 'it breaks off' });
    Object.assign(walk, { depth: 0, inText: false, escaped: false, inside: false });
  }

  function open(bytes: Buffer, index: number, found: JsonRecord[]): void {
    if (walk.inside && walk.atLeftEdge && bytes[index] === OPEN_OBJECT) breakOff(bytes, index, found);
    if (!walk.inside) walk.start = index;
    walk.inside = true;
    walk.depth += 1;
  }

  function inText(byte: number, bytes: Buffer, index: number, found: JsonRecord[]): void {
    if (byte === NEWLINE) breakOff(bytes, index, found);
    else if (walk.escaped) walk.escaped = false;
    else if (byte === BACKSLASH) walk.escaped = true;
    else if (byte === QUOTE) walk.inText = false;
  }

  function step(byte: number, bytes: Buffer, index: number, found: JsonRecord[]): void {
    if (walk.inText) inText(byte, bytes, index, found);
    else if (byte === QUOTE) walk.inText = walk.inside;
    else if (byte === OPEN_OBJECT || (byte === OPEN_LIST && walk.inside)) open(bytes, index, found);
    else if ((byte === CLOSE_OBJECT || byte === CLOSE_LIST) && walk.inside) {
      walk.depth -= 1;
      if (walk.depth === 0) finish(bytes, index + 1, found);
    }
    walk.atLeftEdge = byte === NEWLINE;
  }

  return {
    push(chunk) {
      const found: JsonRecord[] = [];
      const bytes = bufferOf(chunk);
      walk.start = 0;
      for (const [index, byte] of bytes.entries()) step(byte, bytes, index, found);
      if (walk.inside) found.push(...pending.add(bytes.subarray(walk.start)));
      return found;
    },
    end() {
      const found: JsonRecord[] = [];
      walk.start = 0;
      if (walk.inside) breakOff(Buffer.alloc(0), 0, found);
      return found;
    },
  };
}
