import { z } from 'zod';
import type { EventPull, Pulled } from '#src/model/event-intake.ts';
import { logFiles, readPiece } from './log-files.ts';

interface TailSettings {
  readonly path: string;
  /** Begins with the oldest file there is; otherwise with what is written from now on. */
  readonly replay: boolean;
  /** Of one look. A line that is longer is given up. */
  readonly maxBytes?: number;
}

const MAX_BYTES = 8 * 2 ** 20;
const NEWLINE = 0x0a;

/** The file that was read last, by its beginning, and how far. */
const cursorShape = z.strictObject({ head: z.string(), offset: z.int().min(0) });
type Cursor = z.output<typeof cursorShape>;

/** Follows a log across its rotation, whether its file is renamed, copied and emptied, or packed then. */
export function createTail({ path, replay, maxBytes = MAX_BYTES }: TailSettings): EventPull {
  const begin = async (): Promise<Pulled | undefined> => {
    const [oldest] = replay ? await logFiles(path) : [path];
    const head = oldest === undefined ? undefined : await headOf(oldest);
    if (oldest === undefined || head === undefined) return undefined;
    // What is there already is not read; the end of a line is.
    return replay ? readFile(oldest, { head, offset: 0 }) : { text: '', cursor: JSON.stringify({ head, offset: await endOfLines(path, maxBytes) }) };
  };

  /** Undefined when there is nothing more in it, and when another file has its name. */
  const readFile = async (file: string, { head, offset }: Cursor): Promise<Pulled | undefined> => {
    const piece = await readPiece(file, offset, maxBytes);
    if (piece?.head !== head) return undefined;
    const { bytes } = piece;
    const isFull = bytes.length === maxBytes;
    // Nothing is added to an older file: its last line is whole as it is.
    const whole = file !== path && !isFull ? bytes.length : bytes.lastIndexOf(NEWLINE) + 1;
    if (whole > 0) return { text: bytes.subarray(0, whole).toString('utf8'), cursor: JSON.stringify({ head, offset: offset + whole }) };
    return isFull ? { text: undefined, cursor: JSON.stringify({ head, offset: offset + bytes.length }) } : undefined;
  };

  /** The file was rotated away: the rest of it, then the one after it. */
  const readRotated = async (cursor: Cursor): Promise<Pulled | undefined> => {
    const files = await logFiles(path);
    const heads = await Promise.all(files.map(headOf));
    const index = heads.findLastIndex((head, at) => head === cursor.head && files[at] !== path);
    const file = files[index];
    const rest = file === undefined ? undefined : await readFile(file, cursor);
    if (rest !== undefined) return rest;
    const nextIndex = file === undefined ? files.length - 1 : index + 1;
    const [next, head] = [files[nextIndex], heads[nextIndex]];
    // A new file whose first line is not whole yet.
    if (next === undefined || head === undefined) return undefined;
    if (file === undefined) return { text: undefined, cursor: JSON.stringify({ head, offset: 0 }) };
    return readFile(next, { head, offset: 0 });
  };

  return {
    async pull(text) {
      if (text === undefined) return begin();
      const cursor = cursorShape.parse(JSON.parse(text));
      return (await headOf(path)) === cursor.head ? readFile(path, cursor) : readRotated(cursor);
    },
  };
}

async function headOf(path: string): Promise<string | undefined> {
  return (await readPiece(path, 0, 0))?.head;
}

/** Where the last whole line of a file ends. */
async function endOfLines(path: string, step: number): Promise<number> {
  let [from, end] = [0, 0];
  for (;;) {
    const { bytes } = (await readPiece(path, from, step)) ?? { bytes: Buffer.alloc(0) };
    if (bytes.length === 0) return end;
    const newline = bytes.lastIndexOf(NEWLINE);
    if (newline !== -1) end = from + newline + 1;
    from += bytes.length;
  }
}
