import { execFileSync } from 'node:child_process';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { ARCHIVE_LIMITS, readArchive, type Archive, type ArchiveLimits } from '#src/iac/archive.ts';
import { withFolder } from '#test/build/files.ts';
import { paxOf, repositoryArchive, tarOf, type TarEntry } from '#test/build/tar.ts';

const LONG = `${'folder/'.repeat(40)}long.yaml`;

function read(packed: Buffer, limits: Partial<ArchiveLimits> = {}): Promise<Archive> {
  const chunks = Array.from({ length: Math.ceil(packed.length / 700) }, (_, index) => packed.subarray(index * 700, (index + 1) * 700));
  return readArchive((async function* () { yield* chunks; await Promise.resolve(); })(), (name) => name.endsWith('.yaml'), { ...ARCHIVE_LIMITS, ...limits });
}

function readEntries(entries: readonly TarEntry[], limits?: Partial<ArchiveLimits>): Promise<Archive> {
  return read(gzipSync(tarOf(entries)), limits);
}

function contents({ files }: Archive): Readonly<Record<string, string>> {
  return Object.fromEntries(files.map(({ name, bytes }) => [name, bytes.toString()]));
}

describe('src/iac/archive.ts', () => {
  test('reads the wanted files below the outermost folder, and the commit', async () => {
    const archive = await read(repositoryArchive({ 'a.yaml': 'kind: A\n', 'deploy/b.yaml': 'b'.repeat(2000), 'c.txt': 'no', 'empty.yaml': '' }));

    expect(contents(archive)).toEqual({ 'a.yaml': 'kind: A\n', 'deploy/b.yaml': 'b'.repeat(2000), 'empty.yaml': '' });
    expect(archive).toMatchObject({ unread: [], commit: 'c0ffee0000000000000000000000000000000000' });
  });

  test('reads what git itself makes of a repository', async () => {
    const archive = await withFolder({ 'a.yaml': 'kind: A\n', [LONG]: 'kind: Long\n', 'ö/ü.yaml': 'kind: U\n' }, (folder) => {
      const git = (...args: readonly string[]) => execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@b.example', '-C', folder, ...args], { maxBuffer: 1024 ** 2 });
      git('init', '--quiet');
      git('add', '.');
      git('commit', '--quiet', '-m', 'x');
      const commit = git('rev-parse', 'HEAD').toString().trim();
      return read(git('archive', '--format=tar.gz', '--prefix=acme-shop/', 'HEAD')).then((found) => ({ ...found, expected: commit }));
    });

    expect(contents(archive)).toEqual({ 'a.yaml': 'kind: A\n', [LONG]: 'kind: Long\n', 'ö/ü.yaml': 'kind: U\n' });
    expect(archive.commit).toBe(archive.expected);
  });

  test.each([
    ['an absolute name', [{ name: '/etc/a.yaml' }], 'a name in it leads out of the repository'],
    ['a name that climbs', [{ name: 'top/../../a.yaml' }], 'a name in it leads out of the repository'],
    ['a long name that climbs', [{ name: 'x', type: 'x', content: paxOf({ path: 'top/../../a.yaml' }) }, { name: 'top/b.yaml' }], 'a name in it leads out of the repository'],
    ['a name with a backslash', [{ name: 'top/..\\a.yaml' }], 'a name in it leads out of the repository'],
    ['a hard link', [{ name: 'top/a.yaml', type: '1', target: 'etc/passwd' }], 'it holds a hard link, a device or another entry that no repository has'],
    ['a device', [{ name: 'top/a.yaml', type: '3' }], 'it holds a hard link, a device or another entry that no repository has'],
    ['a pipe', [{ name: 'top/a.yaml', type: '6' }], 'it holds a hard link, a device or another entry that no repository has'],
    ['two files of one name', [{ name: 'top/a.yaml', content: 'a' }, { name: 'top/a.yaml', content: 'b' }], 'it holds two files of one name'],
    ['a broken extended header', [{ name: 'x', type: 'x', content: '99 path=a\n' }, { name: 'top/a.yaml' }], 'an extended header in it is broken'],
    ['an endless extended header', [{ name: 'x', type: 'x', content: Buffer.alloc(70_000) }], 'an extended header in it is too long'],
    ['a size that it does not hold', [{ name: 'top/a.yaml', content: 'a', size: 90_000 }], 'it breaks off'],
  ])('refuses %s', async (_, entries, message) => {
    await expect(readEntries(entries)).rejects.toThrow(message);
  });

  test.each<[string, readonly TarEntry[], Partial<ArchiveLimits>, string]>([
    ['unpacks to too much', [{ name: 'top/a.bin', content: Buffer.alloc(5 * 1024 ** 2) }], { maxUnpackedBytes: 2 * 1024 ** 2 }, 'it unpacks to more than 2 MiB'],
    ['has too many entries', Array.from({ length: 12 }, (_, index) => ({ name: `top/${index}` })), { maxEntries: 10 }, 'it has more than 10 entries'],
    ['has too much to keep', [1, 2, 3].map((index) => ({ name: `top/${index}.yaml`, content: Buffer.alloc(1024 ** 2) })), { maxKeptBytes: 2 * 1024 ** 2 }, 'its manifests and Terraform files are larger than 2 MiB together'],
  ])('refuses one that %s', async (_, entries, limits, message) => {
    await expect(readEntries(entries, limits)).rejects.toThrow(message);
  });

  test('refuses a bomb of gzip before it has unpacked it', async () => {
    const bomb = gzipSync(Buffer.concat([tarOf([{ name: 'top/a.bin', size: 64 * 1024 ** 2 }]).subarray(0, 512), Buffer.alloc(64 * 1024 ** 2)]));

    await expect(read(bomb, { maxUnpackedBytes: 1024 ** 2 })).rejects.toThrow('it unpacks to more than 1 MiB');
    await expect(read(gzipSync(Buffer.concat([tarOf([]), Buffer.alloc(8 * 1024 ** 2)])), { maxUnpackedBytes: 1024 ** 2 })).rejects.toThrow('it unpacks to more than 1 MiB');
  });

  test('follows no link, and says which wanted files it left', async () => {
    const archive = await readEntries([
      { name: 'top/in.yaml', type: '2', target: 'a.yaml' },
      { name: 'top/deep/up.yaml', type: '2', target: '../a.yaml' },
      { name: 'top/out.yaml', type: '2', target: '../../etc/passwd' },
      { name: 'top/root.yaml', type: '2', target: '/etc/passwd' },
      { name: 'top/other', type: '2', target: '/etc/passwd' },
      { name: 'top/a.yaml', content: 'kind: A\n' },
    ]);

    expect(contents(archive)).toEqual({ 'a.yaml': 'kind: A\n' });
    expect(archive.unread).toEqual([
      { name: 'in.yaml', reason: 'a link, which is not followed' },
      { name: 'deep/up.yaml', reason: 'a link, which is not followed' },
      { name: 'out.yaml', reason: 'a link that leads out of the repository' },
      { name: 'root.yaml', reason: 'a link that leads out of the repository' },
    ]);
  });

  test('a file that is too large hides no other', async () => {
    const archive = await readEntries([{ name: 'top/large.yaml', content: Buffer.alloc(2 * 1024 ** 2) }, { name: 'top/a.yaml', content: 'a' }], { maxFileBytes: 1024 ** 2 });

    expect(archive).toMatchObject({ files: [{ name: 'a.yaml' }], unread: [{ name: 'large.yaml', reason: 'larger than 1 MiB' }] });
  });

  test.each([
    ['no gzip', Buffer.from('<html>not found</html>'), 'it is not packed with gzip, or breaks off'],
    ['half a gzip', repositoryArchive({ 'a.yaml': 'a' }).subarray(0, 60), 'it is not packed with gzip, or breaks off'],
    ['gzip of something else', gzipSync('x'.repeat(2000)), 'it is no tar archive of the form that is read (ustar or pax)'],
    ['nothing', gzipSync(''), 'it breaks off'],
  ])('refuses %s', async (_, packed, message) => {
    await expect(read(packed)).rejects.toThrow(message);
  });

  test('an error of the stream is thrown on', async () => {
    const failing = (async function* () { yield gzipSync('').subarray(0, 5); await Promise.resolve(); throw new Error('the connection broke'); })();

    await expect(readArchive(failing, () => true)).rejects.toThrow('the connection broke');
  });
});
