/** One entry of a tar archive, before what it holds. */
export interface TarHeader {
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'link' | 'pax' | 'global' | 'other';
  readonly size: number;
  /** Where a link leads. */
  readonly target: string;
}

/** The archive is not one that is read, or holds what no archive of a repository does. The message is for people. */
export class ArchiveRefused extends Error {}

export const BLOCK = 512;
const KINDS: Readonly<Record<string, TarHeader['kind']>> = { '0': 'file', '\0': 'file', '2': 'link', '5': 'folder', x: 'pax', g: 'global' };

/** Reads a header of ustar; undefined for the empty block that ends an archive. @throws {ArchiveRefused} */
export function readHeader(block: Buffer): TarHeader | undefined {
  if (block.every((byte) => byte === 0)) return undefined;
  if (text(block, 257, 5) !== 'ustar' || numberAt(block, 148, 8) !== checksumOf(block)) throw new ArchiveRefused('it is no tar archive of the form that is read (ustar or pax)');
  const prefix = text(block, 345, 155);
  const name = text(block, 0, 100);
  const type = String.fromCharCode(block[156] ?? 0);
  return { name: prefix === '' ? name : `${prefix}/${name}`, kind: KINDS[type] ?? 'other', size: numberAt(block, 124, 12), target: text(block, 157, 100) };
}

/** The records of an extended header of pax: `<length> <key>=<value>\n`. @throws {ArchiveRefused} */
export function readPax(bytes: Buffer): ReadonlyMap<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at);
    const length = space === -1 ? '' : bytes.toString('latin1', at, space);
    const end = at + Number(length);
    const equals = bytes.indexOf(0x3d, space);
    if (!/^[1-9]\d{0,9}$/.test(length) || end > bytes.length || bytes[end - 1] !== 0x0a || equals === -1 || equals >= end) throw new ArchiveRefused('an extended header in it is broken');
    records.set(bytes.toString('utf8', space + 1, equals), bytes.toString('utf8', equals + 1, end - 1));
    at = end;
  }
  return records;
}

/** With the field of the sum itself taken for blanks. */
function checksumOf(block: Buffer): number {
  let sum = 0;
  for (const [index, byte] of block.entries()) sum += index >= 148 && index < 156 ? 0x20 : byte;
  return sum;
}

function numberAt(block: Buffer, offset: number, length: number): number {
  const digits = text(block, offset, length).trim();
  if (!/^[0-7]*$/.test(digits)) throw new ArchiveRefused('a number in one of its headers is broken');
  return digits === '' ? 0 : Number.parseInt(digits, 8);
}

function text(block: Buffer, offset: number, length: number): string {
  const end = block.indexOf(0, offset);
  return block.toString('utf8', offset, end === -1 ? offset + length : Math.min(end, offset + length));
}
