import { posix } from 'node:path';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { ArchiveRefused, BLOCK, readHeader, readPax, type TarHeader } from './tar.ts';

const MIB = 1024 * 1024;

export interface ArchiveLimits {
  /** Of all that it unpacks to, also of what is not kept. */
  readonly maxUnpackedBytes: number;
  /** Of the files that are kept. */
  readonly maxKeptBytes: number;
  readonly maxEntries: number;
  /** A larger file is not read, which hides no other. */
  readonly maxFileBytes: number;
}

export const ARCHIVE_LIMITS: ArchiveLimits = { maxUnpackedBytes: 1024 * MIB, maxKeptBytes: 128 * MIB, maxEntries: 200_000, maxFileBytes: 16 * MIB };

/** The longest extended header; a path is the longest thing in one. */
const MAX_PAX_BYTES = 64 * 1024;

export interface ArchiveFile {
  /** Below the folder that code hosts put around a repository. */
  readonly name: string;
  readonly bytes: Buffer;
}

export interface Archive {
  readonly files: readonly ArchiveFile[];
  /** Files that were wanted and not read, with the reason. */
  readonly unread: readonly { readonly name: string; readonly reason: string }[];
  /** The commit that it was made of, as git writes it into an archive; absent when it does not say. */
  readonly commit?: string;
}

/**
 * Reads the wanted files of a `tar.gz` as code hosts make it of a repository. Nothing is written to a disk, and no link is followed.
 *
 * @throws {ArchiveRefused} for what is too large, broken, or no archive of a repository: hard links, devices, and names that lead out of it.
 */
export async function readArchive(packed: AsyncIterable<Uint8Array>, isWanted: (name: string) => boolean, limits: ArchiveLimits = ARCHIVE_LIMITS): Promise<Archive> {
  const unpacked = createGunzip();
  const source = Readable.from(packed);
  source.once('error', (error) => unpacked.destroy(error)).pipe(unpacked);
  try {
    return await new Reading(isWanted, limits).read(unpacked as AsyncIterable<Buffer>);
  } catch (error) {
    if (isZlibError(error)) throw new ArchiveRefused('it is not packed with gzip, or breaks off', { cause: error });
    throw error;
  } finally {
    source.destroy();
    unpacked.destroy();
  }
}

function isZlibError(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' && error.code.startsWith('Z_');
}

/** Overrides for the next entry, from an extended header before it. */
type Extended = ReadonlyMap<string, string>;

class Reading {
  private readonly isWanted: (name: string) => boolean;
  private readonly limits: ArchiveLimits;
  private readonly files = new Map<string, Buffer>();
  private readonly unread = new Map<string, string>();
  private commit: string | undefined;
  private entries = 0;
  private keptBytes = 0;

  constructor(isWanted: (name: string) => boolean, limits: ArchiveLimits) {
    this.isWanted = isWanted;
    this.limits = limits;
  }

  async read(unpacked: AsyncIterable<Buffer>): Promise<Archive> {
    const bytes = new ByteReader(unpacked, this.limits.maxUnpackedBytes);
    let extended: Extended = new Map();
    for (;;) {
      const block = await bytes.take(BLOCK);
      const header = readHeader(block);
      if (header === undefined) break;
      this.entries += 1;
      if (this.entries > this.limits.maxEntries) throw new ArchiveRefused(`it has more than ${this.limits.maxEntries.toLocaleString('en-US')} entries`);
      if (header.kind === 'pax' || header.kind === 'global') {
        const records = await this.records(header, bytes);
        if (header.kind === 'pax') extended = records;
        else this.commit = records.get('comment') ?? this.commit;
        continue;
      }
      await this.entry(withExtended(header, extended), bytes);
      extended = new Map();
    }
    await bytes.end();
    return {
      files: [...this.files].map(([name, content]) => ({ name, bytes: content })),
      unread: [...this.unread].map(([name, reason]) => ({ name, reason })),
      ...(this.commit !== undefined && /^[0-9a-f]{40,64}$/.test(this.commit) && { commit: this.commit }),
    };
  }

  private async records({ size }: TarHeader, bytes: ByteReader): Promise<Extended> {
    if (size > MAX_PAX_BYTES) throw new ArchiveRefused('an extended header in it is too long');
    return readPax(await bytes.padded(size));
  }

  private async entry({ name: full, kind, size, target }: TarHeader, bytes: ByteReader): Promise<void> {
    if (kind === 'other') throw new ArchiveRefused('it holds a hard link, a device or another entry that no repository has');
    const name = safeName(full);
    const wanted = kind !== 'folder' && name !== '' && this.isWanted(name);
    if (kind === 'link' && wanted) this.leave(name, leadsOut(name, target) ? 'a link that leads out of the repository' : 'a link, which is not followed');
    if (kind !== 'file' || !wanted) return bytes.skip(size);
    if (size > this.limits.maxFileBytes) {
      this.leave(name, `larger than ${Math.round(this.limits.maxFileBytes / MIB)} MiB`);
      return bytes.skip(size);
    }
    this.keptBytes += size;
    if (this.keptBytes > this.limits.maxKeptBytes) throw new ArchiveRefused(`its manifests and Terraform files are larger than ${Math.round(this.limits.maxKeptBytes / MIB)} MiB together`);
    if (this.files.has(name)) throw new ArchiveRefused('it holds two files of one name');
    this.files.set(name, await bytes.padded(size));
  }

  private leave(name: string, reason: string): void {
    this.unread.set(name, reason);
  }
}

function withExtended(header: TarHeader, extended: Extended): TarHeader {
  const size = extended.get('size');
  if (size !== undefined && !/^\d{1,15}$/.test(size)) throw new ArchiveRefused('an extended header in it is broken');
  return { ...header, name: extended.get('path') ?? header.name, target: extended.get('linkpath') ?? header.target, ...(size !== undefined && { size: Number(size) }) };
}

/** The name below the outermost folder. @throws {ArchiveRefused} for one that leads out of it. */
function safeName(full: string): string {
  const [top, ...rest] = full.replace(/\/$/, '').split('/');
  if (full.startsWith('/') || /[\0\\]/.test(full) || [top, ...rest].some((part) => part === '..' || part === '.' || part === '')) throw new ArchiveRefused('a name in it leads out of the repository');
  return rest.join('/');
}

function leadsOut(name: string, target: string): boolean {
  return target.startsWith('/') || posix.join(posix.dirname(name), target).split('/')[0] === '..';
}

/** Takes bytes off a stream in the pieces that are asked for. */
class ByteReader {
  private readonly chunks: AsyncIterator<Buffer>;
  private readonly maxBytes: number;
  private total = 0;
  private rest: Buffer = Buffer.alloc(0);

  constructor(stream: AsyncIterable<Buffer>, maxBytes: number) {
    this.chunks = stream[Symbol.asyncIterator]();
    this.maxBytes = maxBytes;
  }

  async take(count: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    for (let missing = count; missing > 0; ) {
      if (this.rest.length === 0 && !(await this.more())) throw new ArchiveRefused('it breaks off');
      const part = this.rest.subarray(0, missing);
      parts.push(part);
      this.rest = this.rest.subarray(part.length);
      missing -= part.length;
    }
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
  }

  /** What an entry holds, without what fills its last block. */
  async padded(count: number): Promise<Buffer> {
    // A copy, so that a small file does not keep a large chunk alive.
    const content = Buffer.from(await this.take(count));
    await this.take(filling(count));
    return content;
  }

  async skip(count: number): Promise<void> {
    for (let missing = count + filling(count); missing > 0; ) {
      if (this.rest.length === 0 && !(await this.more())) throw new ArchiveRefused('it breaks off');
      const part = Math.min(missing, this.rest.length);
      this.rest = this.rest.subarray(part);
      missing -= part;
    }
  }

  /** Reads what follows the end, so that a checksum at the end of the packed stream is checked, too. */
  async end(): Promise<void> {
    while (await this.more());
  }

  private async more(): Promise<boolean> {
    const next = await this.chunks.next();
    if (next.done === true) return false;
    this.rest = next.value;
    this.total += next.value.length;
    if (this.total > this.maxBytes) throw new ArchiveRefused(`it unpacks to more than ${Math.round(this.maxBytes / MIB)} MiB`);
    return true;
  }
}

function filling(count: number): number {
  return (BLOCK - (count % BLOCK)) % BLOCK;
}
