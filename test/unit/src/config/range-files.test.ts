import { appendFile, chmod, mkdir, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { connectionsShape } from '#src/config/connection-settings.ts';
import type { ConfigFault } from '#src/config/faults.ts';
import { readRangeFile, readRangeFiles, stampOf } from '#src/config/range-files.ts';
import { withFolder } from '#test/build/files.ts';
import { withoutRoot } from '#test/build/without-root.ts';

function read(entries: readonly object[], configFile: string) {
  const faults: ConfigFault[] = [];
  return { files: readRangeFiles(connectionsShape.parse(entries), configFile, faults), faults };
}

describe('src/config/range-files.ts', () => {
  test('files stand beside the configuration file, or where a whole path says', async () => {
    await withFolder({ 'ranges/aws.json': '["198.51.100.0/24"]', 'bank.txt': '203.0.113.0/28\n' }, (folder) => {
      const whole = join(folder, 'bank.txt');
      const groups = { office: ['192.0.2.0/24'], aws: { file: 'ranges/aws.json' }, bank: { file: whole } };

      const { files, faults } = read([{ cluster: 'prod', groups }, { cluster: 'dev' }], join(folder, 'k8ssec.yaml'));

      expect(faults).toEqual([]);
      expect(files).toEqual([
        { cluster: 'prod', group: 'aws', path: join(folder, 'ranges/aws.json'), ranges: ['198.51.100.0/24'], stamp: stampOf(join(folder, 'ranges/aws.json')) },
        { cluster: 'prod', group: 'bank', path: whole, ranges: ['203.0.113.0/28'], stamp: stampOf(whole) },
      ]);
      return Promise.resolve();
    });
  });

  test('one file of several clusters is read once', async () => {
    await withFolder({ 'bank.txt': '203.0.113.0/28' }, (folder) => {
      const groups = { bank: { file: 'bank.txt' } };

      const [first, second] = read([{ cluster: 'prod', groups }, { cluster: 'dev', groups }], join(folder, 'k8ssec.yaml')).files;

      expect(first?.ranges).toBe(second?.ranges);
      return Promise.resolve();
    });
  });

  test('all that is wrong is told at once, by file and line', async () => {
    await withFolder({ 'a.txt': 'x\n203.0.113.0/28\ny\n', 'b.txt': '' }, (folder) => {
      const { files, faults } = read([{ cluster: 'prod', groups: { a: { file: 'a.txt' } } }, { cluster: 'dev', groups: { b: { file: 'b.txt' }, c: { file: 'c.txt' } } }], join(folder, 'k8ssec.yaml'));

      expect(files).toEqual([]);
      expect(faults.map(({ name, problem }) => `${name} ${problem}`.replaceAll(folder, ''))).toEqual([
        'connections[0].groups.a: /a.txt line 1 is neither a CIDR nor an address, such as 203.0.113.0/24',
        'connections[0].groups.a: /a.txt line 3 is neither a CIDR nor an address, such as 203.0.113.0/24',
        'connections[1].groups.b: /b.txt names no range; take the group away if it is not needed',
        'connections[1].groups.c: /c.txt is not there; paths begin at the folder of the configuration file',
      ]);
      return Promise.resolve();
    });
  });

  test('a mark of the order of bytes is no part of the first line', async () => {
    await withFolder({ 'bank.txt': '\uFEFF203.0.113.0/28\r\n' }, (folder) => {
      expect(readRangeFile(join(folder, 'bank.txt'))).toEqual({ ranges: ['203.0.113.0/28'] });
      return Promise.resolve();
    });
  });

  test.each<readonly [string, (path: string) => Promise<unknown>, string]>([
    ['a folder', (path) => mkdir(path), 'is no file; name the file that lists the ranges'],
    ['a text of another encoding', (path) => writeFile(path, Buffer.from([0x32, 0xff, 0xfe])), 'is not written in UTF-8; save it as text'],
    ['more than a list of ranges is', async (path) => truncate(path, 16 * 1024 ** 2 + 1).catch(() => writeFile(path, Buffer.alloc(16 * 1024 ** 2 + 1))), 'is larger than 16 MiB; write a list of the ranges that are needed'],
  ])('does not read %s', async (_, make, problem) => {
    await withFolder({}, async (folder) => {
      const path = join(folder, 'x');
      await make(path);

      expect(readRangeFile(path)).toEqual({ problems: [problem] });
    });
  });

  test('says when the file may not be read', async () => {
    await withFolder({ 'bank.txt': '203.0.113.0/28' }, async (folder) => {
      const path = join(folder, 'bank.txt');
      await chmod(path, 0);

      expect(await withoutRoot(() => Promise.resolve(readRangeFile(path)))).toEqual({ problems: ['cannot be read (EACCES); let the user that k8ssec runs as read it'] });
    });
  });

  test('the stamp of a file changes with it', async () => {
    await withFolder({ 'bank.txt': '203.0.113.0/28' }, async (folder) => {
      const path = join(folder, 'bank.txt');
      const before = stampOf(path);
      await appendFile(path, '\n');

      expect(stampOf(path)).not.toBe(before);
      expect(stampOf(join(folder, 'other.txt'))).toBeUndefined();
    });
  });

  test.each<readonly [string, (path: string) => Promise<unknown>]>([
    ['other ranges of the same length, with the time of before', async (path) => {
      const { mtime } = await stat(path);
      await writeFile(path, '203.0.113.1/32');
      await utimes(path, mtime, mtime);
    }],
    ['the right to read it', (path) => chmod(path, 0o640)],
  ])('the stamp of a file changes with %s', async (_, change) => {
    await withFolder({ 'bank.txt': '203.0.113.0/28' }, async (folder) => {
      const path = join(folder, 'bank.txt');
      await utimes(path, 1_700_000_000, 1_700_000_000);
      const before = stampOf(path);
      // Kernels tell times of files in steps of some milliseconds.
      await wait(20);
      await change(path);

      expect(stampOf(path)).not.toBe(before);
    });
  });
});
