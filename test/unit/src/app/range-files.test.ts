import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { followRangeFiles, type FollowedRanges } from '#src/app/range-files.ts';
import { connectionSettings as settingsOf, connectionsShape } from '#src/config/connection-settings.ts';
import { readRangeFiles } from '#src/config/range-files.ts';
import { withFolder } from '#test/build/files.ts';
import { createKeptLog } from '#test/fakes/log.ts';

async function followed(use: (world: { readonly ranges: FollowedRanges; readonly path: string; readonly log: ReturnType<typeof createKeptLog> }) => Promise<void>): Promise<void> {
  await withFolder({ 'bank.txt': '203.0.113.0/28\n' }, async (folder) => {
    const given = connectionsShape.parse([{ cluster: 'prod', groups: { office: ['192.0.2.0/24'], bank: { file: 'bank.txt' } } }, { cluster: 'dev', groups: { office: ['192.0.2.0/24'] } }]);
    const rangeFiles = readRangeFiles(given, join(folder, 'k8ssec.yaml'), []);
    const log = createKeptLog();
    const ranges = followRangeFiles({ connections: settingsOf(given, [], rangeFiles), rangeFiles }, log, 3600_000);
    await use({ ranges, path: join(folder, 'bank.txt'), log });
    ranges.stop();
  });
}

const bank = ({ connections }: FollowedRanges) => connections[0]?.groups.get('bank');

describe('src/app/range-files.ts', () => {
  test('a file that has changed is read when it has stayed so for a look', async () => {
    await followed(async ({ ranges, path, log }) => {
      const before = ranges.connections[0]?.groups;
      await writeFile(path, '203.0.113.0/28\n198.51.100.0/24\n');

      ranges.look();
      expect(bank(ranges)).toEqual(['203.0.113.0/28']);

      ranges.look();
      expect(bank(ranges)).toEqual(['198.51.100.0/24', '203.0.113.0/28']);
      expect(ranges.connections[0]?.groups).not.toBe(before);
      expect(ranges.connections[0]?.groups.get('office')).toEqual(['192.0.2.0/24']);
      expect(log.lines).toEqual([{ level: 'info', text: 'the ranges of a group have changed and are used', fields: { cluster: 'prod', group: 'bank', ranges: 2 } }]);
    });
  });

  test('what is written while it is looked at is not read before it stays', async () => {
    await followed(async ({ ranges, path }) => {
      await writeFile(path, '198.51.100.0/24\n');
      ranges.look();
      await writeFile(path, '198.51.100.0/24\n192.0.2.7\n');
      ranges.look();
      expect(bank(ranges)).toEqual(['203.0.113.0/28']);

      ranges.look();
      expect(bank(ranges)).toEqual(['192.0.2.7/32', '198.51.100.0/24']);
    });
  });

  test('groups stay the same object as long as their ranges do', async () => {
    await followed(async ({ ranges, path, log }) => {
      const before = ranges.connections[0]?.groups;
      await writeFile(path, '# the same\n203.0.113.0/28\n');
      ranges.look();
      ranges.look();

      expect(ranges.connections[0]?.groups).toBe(before);
      expect(log.lines).toEqual([]);
    });
  });

  test('the last ranges go on while the file is wrong or gone, which is said once and shown', async () => {
    await followed(async ({ ranges, path, log }) => {
      await writeFile(path, 'nonsense\n');
      for (let times = 0; times < 4; times += 1) ranges.look();
      expect(bank(ranges)).toEqual(['203.0.113.0/28']);
      expect(ranges.problems('prod')).toEqual([`bank still has its old ranges (${path}: line 1 is neither a CIDR nor an address, such as 203.0.113.0/24)`]);
      expect(ranges.problems('dev')).toEqual([]);

      await rm(path);
      for (let times = 0; times < 4; times += 1) ranges.look();
      expect(ranges.problems('prod')).toEqual([`bank still has its old ranges (${path}: is not there; paths begin at the folder of the configuration file)`]);
      expect(log.texts('error')).toEqual(['the new ranges of a group cannot be used; the old ones go on', 'the new ranges of a group cannot be used; the old ones go on']);

      await writeFile(path, '203.0.113.0/28\n');
      for (let times = 0; times < 2; times += 1) ranges.look();
      expect([bank(ranges), ranges.problems('prod')]).toEqual([['203.0.113.0/28'], []]);
    });
  });
});
