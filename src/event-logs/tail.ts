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
    for (const file of replay ? await logFiles(path) : [path]) {
      const head = await headOf(file);
      if (head === undefined) continue;
      // What is there already is not read; the end of a line is.
      return replay ? startOf(file, head) : { text: '', cursor: placeAt(head, await endOfLines(path, maxBytes)) };
    }
    return undefined;
  };

  /** Undefined when there is nothing more in it, and when another file has its name; `broken` when what follows cannot be read. */
  const readFile = async (file: string, { head, offset }: Cursor): Promise<Pulled | 'broken' | undefined> => {
    const piece = await readPiece(file, offset, maxBytes);
    if (piece?.head !== head) return undefined;
    const { bytes, isBroken } = piece;
    const isFull = bytes.length === maxBytes;
    // Nothing is added to an older file: its last line is whole as it is.
    const whole = file !== path && !isFull ? bytes.length : bytes.lastIndexOf(NEWLINE) + 1;
    if (whole > 0) return { text: bytes.subarray(0, whole).toString('utf8'), cursor: placeAt(head, offset + whole) };
    if (isFull) return { text: undefined, cursor: placeAt(head, offset + bytes.length) };
    return isBroken ? 'broken' : undefined;
  };

  const startOf = async (file: string, head: string): Promise<Pulled> => {
    const read = await readFile(file, { head, offset: 0 });
    // Nothing of it can be read: the next look finds it so, and goes on behind it.
    return read === undefined || read === 'broken' ? { text: '', cursor: placeAt(head, 0) } : read;
  };

  /** The file was rotated away: the rest of it, then the one after it. */
  const readRotated = async (cursor: Cursor): Promise<Pulled | undefined> => {
    const files = await logFiles(path);
    const looks = await Promise.all(files.map(lookAt));
    const index = looks.findLastIndex(({ head }, at) => head === cursor.head && files[at] !== path);
    const file = files[index];
    const rest = file === undefined ? undefined : await readFile(file, cursor);
    if (rest !== undefined && rest !== 'broken') return rest;
    const nextIndex = file === undefined ? files.length - 1 : index + 1;
    // What lies between and cannot be read is passed over.
    const damaged = looks.slice(nextIndex).findIndex(({ isBroken }) => !isBroken);
    const [next, look] = [files[nextIndex + damaged], looks[nextIndex + damaged]];
    // A new file whose first line is not whole yet.
    if (damaged === -1 || next === undefined || look?.head === undefined) return undefined;
    if (damaged > 0 || rest === 'broken') return { text: undefined, cursor: placeAt(look.head, 0), problem: 'an older file of it is damaged' };
    return file === undefined ? { text: undefined, cursor: placeAt(look.head, 0) } : startOf(next, look.head);
  };

  return {
    async pull(text) {
      if (text === undefined) return begin();
      const cursor = cursorShape.parse(JSON.parse(text));
      const read = (await headOf(path)) === cursor.head ? await readFile(path, cursor) : await readRotated(cursor);
      return read === 'broken' ? undefined : read;
    },
  };
}

function placeAt(head: string, offset: number): string {
  return JSON.stringify({ head, offset });
}

interface Look {
  readonly head: string | undefined;
  /** Not even its first line can be read. */
  readonly isBroken: boolean;
}

async function lookAt(path: string): Promise<Look> {
  const piece = await readPiece(path, 0, 0);
  return { head: piece?.head, isBroken: piece !== undefined && piece.isBroken && piece.head === undefined };
}

async function headOf(path: string): Promise<string | undefined> {
  return (await lookAt(path)).head;
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
