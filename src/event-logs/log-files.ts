import { createHash } from 'node:crypto';
import { open, readdir, stat, type FileHandle } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

interface LogFile {
  readonly path: string;
  readonly mtimeMs: number;
}

/** So many bytes tell one file from another: a log holds no line twice, for each has its own id or time. */
const HEAD_BYTES = 1024;
const CHUNK_BYTES = 64 * 1024;
const NEWLINE = 0x0a;

/** All files of a log, the oldest first and the one that is written to last. Rotation gives the others the same beginning of the name. */
export async function logFiles(path: string): Promise<readonly string[]> {
  const stem = basename(path, extname(path));
  const names = (await readdir(dirname(path))).filter((name) => name.startsWith(stem) && name !== basename(path) && /^[-.]/.test(name.slice(stem.length)));
  const older = await Promise.all(names.map((name) => fileAt(join(dirname(path), name))));
  const current = await fileAt(path);
  const inOrder = older.filter((file) => file !== undefined).toSorted((a, b) => a.mtimeMs - b.mtimeMs || (a.path < b.path ? -1 : 1));
  return [...inOrder, ...(current === undefined ? [] : [current])].map((file) => file.path);
}

async function fileAt(path: string): Promise<LogFile | undefined> {
  try {
    const found = await stat(path);
    return found.isFile() ? { path, mtimeMs: found.mtimeMs } : undefined;
  } catch (error) {
    // Rotation takes files away at any time.
    if (isGone(error)) return undefined;
    throw error;
  }
}

/** A piece of a file, and what tells that file from others whatever its name is. */
interface Piece {
  /** Undefined while the first line of the file is not whole. */
  readonly head: string | undefined;
  readonly bytes: Buffer;
  /** It is packed, and what follows cannot be unpacked. */
  readonly isBroken: boolean;
}

type Read = Omit<Piece, 'head'>;

/**
 * Reads on from a place, in what is in the file where it is packed. Undefined when the file is gone.
 *
 * The head is read from the same open file after the bytes: a name may belong to another file meanwhile, and a file may be emptied.
 */
export async function readPiece(path: string, from: number, most: number): Promise<Piece | undefined> {
  const file = await openLog(path);
  if (file === undefined) return undefined;
  const read = path.endsWith('.gz') ? readPacked : readPlain;
  try {
    const { bytes, isBroken } = await read(file, from, most);
    const start = await read(file, 0, HEAD_BYTES);
    return { bytes, isBroken: isBroken || (start.isBroken && start.bytes.length === 0), head: headIn(start.bytes) };
  } finally {
    await file.close();
  }
}

async function openLog(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path);
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

function headIn(bytes: Buffer): string | undefined {
  const newline = bytes.indexOf(NEWLINE);
  if (newline === -1 && bytes.length < HEAD_BYTES) return undefined;
  const head = newline === -1 ? bytes : bytes.subarray(0, newline);
  return createHash('sha256').update(head).digest('base64url').slice(0, 22);
}

async function readPlain(file: FileHandle, from: number, most: number): Promise<Read> {
  return { bytes: await bytesAt(file, from, most), isBroken: false };
}

async function bytesAt(file: FileHandle, from: number, most: number): Promise<Buffer> {
  const buffer = Buffer.alloc(Math.min(most, Math.max(0, (await file.stat()).size - from)));
  const { bytesRead } = await file.read(buffer, 0, buffer.length, from);
  return buffer.subarray(0, bytesRead);
}

/** What can be unpacked of it. */
async function readPacked(file: FileHandle, from: number, most: number): Promise<Read> {
  const packed = Readable.from(chunksOf(file));
  const unpacked = createGunzip();
  packed.once('error', (error) => unpacked.destroy(error));
  const parts: Buffer[] = [];
  let [skip, room, isBroken] = [from, most, false];
  try {
    for await (const chunk of packed.pipe(unpacked) as AsyncIterable<Buffer>) {
      const part = chunk.subarray(Math.min(skip, chunk.length)).subarray(0, room);
      skip -= Math.min(skip, chunk.length);
      room -= part.length;
      parts.push(part);
      if (room === 0) break;
    }
  } catch (error) {
    if (!isDamage(error)) throw error;
    isBroken = true;
  } finally {
    packed.destroy();
    unpacked.destroy();
  }
  return { bytes: Buffer.concat(parts), isBroken };
}

/** The stream of a file handle keeps the handle from being closed. */
async function* chunksOf(file: FileHandle): AsyncGenerator<Buffer> {
  let from = 0;
  for (let chunk = await bytesAt(file, from, CHUNK_BYTES); chunk.length > 0; chunk = await bytesAt(file, from, CHUNK_BYTES)) {
    yield chunk;
    from += chunk.length;
  }
}

function isGone(error: unknown): boolean {
  return codeOf(error) === 'ENOENT';
}

/** What zlib says of data that was not packed, or was cut off. */
function isDamage(error: unknown): boolean {
  return codeOf(error)?.startsWith('Z_') === true;
}

function codeOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
