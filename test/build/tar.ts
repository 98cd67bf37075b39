import { gzipSync } from 'node:zlib';

export interface TarEntry {
  readonly name: string;
  readonly content?: string | Buffer;
  /** As ustar has it: `0` a file, `2` a link, `5` a folder, `g` and `x` extended headers. */
  readonly type?: string;
  readonly target?: string;
  /** Another size than that of the content. */
  readonly size?: number;
}

/** The bytes of a tar archive with these entries, whatever they say. */
export function tarOf(entries: readonly TarEntry[]): Buffer {
  return Buffer.concat([...entries.flatMap(entryOf), Buffer.alloc(1024)]);
}

/** An archive as code hosts make it: packed, in a folder of its own, with the commit in a header. */
export function repositoryArchive(files: Readonly<Record<string, string>>, commit = 'c0ffee0000000000000000000000000000000000'): Buffer {
  return gzipSync(tarOf([{ name: 'pax_global_header', type: 'g', content: paxOf({ comment: commit }) }, { name: 'acme-shop-c0ffee0/', type: '5' }, ...Object.entries(files).map(([name, content]) => ({ name: `acme-shop-c0ffee0/${name}`, content }))]));
}

/** The records of an extended header. */
export function paxOf(records: Readonly<Record<string, string>>): string {
  return Object.entries(records).map(([key, value]) => record(` ${key}=${value}\n`)).join('');
}

/** Its length counts the digits of the length. */
function record(rest: string): string {
  const bytes = Buffer.byteLength(rest);
  const length = bytes + String(bytes + String(bytes).length).length;
  return `${length}${rest}`;
}

function entryOf({ name, content = '', type = '0', target = '', size }: TarEntry): readonly Buffer[] {
  const body = Buffer.from(content);
  const header = Buffer.alloc(512);
  header.write(name, 0, 100);
  header.write('0000644\0', 100);
  header.write(`${(size ?? body.length).toString(8).padStart(11, '0')}\0`, 124);
  header.write('        ', 148);
  header.write(type, 156);
  header.write(target, 157, 100);
  header.write('ustar\0' + '00', 257);
  const sum = header.reduce((all, byte) => all + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return [header, body, Buffer.alloc((512 - (body.length % 512)) % 512)];
}
