import { describe, expect, test } from '@jest/globals';
import type { TrackedFinding } from '#src/model/scan-record.ts';
import { findingsCsv } from '#jobs/support/findings-csv.ts';
import { aFinding } from '#test/build/finding.ts';

const tracked = (overrides: Partial<TrackedFinding> = {}): TrackedFinding => ({
  ...aFinding(),
  state: 'open',
  firstSeen: '2026-11-23T08:00:41.000Z',
  lastSeen: '2026-11-24T08:00:41.000Z',
  ...overrides,
});

describe('jobs/support/findings-csv.ts', () => {
  test('has a line for each finding below the names of the columns', () => {
    expect(findingsCsv([tracked({ container: 'api', item: 'NET_ADMIN' })])).toBe(
      'severity,check,item,kind,namespace,name,container,path,message,state,first seen,id\r\n' +
        'high,workload/privileged,NET_ADMIN,Deployment,shop,api,api,,Container api runs privileged,open,2026-11-23T08:00:41.000Z,3f9c01abd2e4f5061728\r\n',
    );
  });

  test.each([
    ['a comma', 'a,b', '"a,b"'],
    ['a quote', 'a"b', '"a""b"'],
    ['a line break', 'a\nb', '"a\nb"'],
    ['an equals sign at its beginning', '=cmd|calc!A0', "'=cmd|calc!A0"],
    ['a plus at its beginning', '+1+1', "'+1+1"],
    ['a minus at its beginning', '-1', "'-1"],
    ['an at sign at its beginning', '@SUM(A1)', "'@SUM(A1)"],
    ['a tab at its beginning', '\t=1', "'\t=1"],
    ['a carriage return at its beginning', '\r=1', '"\'\r=1"'],
    ['a formula with a comma', '=HYPERLINK("http://x","y")', '"\'=HYPERLINK(""http://x"",""y"")"'],
    ['a sign that is not at its beginning', 'a=b', 'a=b'],
  ])('%s in a text is kept, and calculates nothing', (_, text, cell) => {
    expect(findingsCsv([tracked({ message: text })])).toContain(`,api,,,${cell},open,`);
  });
});
