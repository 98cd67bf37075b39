import { describe, expect, test } from '@jest/globals';
import { endOfLife, SUPPORT_TABLE, supportOf } from '#src/model/kubernetes-support.ts';
import { NEWEST_KNOWN } from '#src/model/version.ts';

describe('src/model/kubernetes-support.ts', () => {
  test.each([
    [34, '2026-10-27T12:00:00Z', 'supported'],
    [34, '2026-10-28T00:00:00Z', 'ended'],
    [35, '2026-11-01T00:00:00Z', 'supported'],
    [37, '2027-11-01T00:00:00Z', 'ended'],
    [20, '2021-01-01T00:00:00Z', 'ended'],
    [38, '2026-11-01T00:00:00Z', 'unknown'],
  ] as const)('knows whether 1.%d is maintained at %s', (minor, now, expected) => {
    expect(supportOf(minor, new Date(now))).toBe(expected);
  });

  test('knows the end of each version in the table, each later than the one before', () => {
    const { oldest, newest } = SUPPORT_TABLE;
    const ends = Array.from({ length: newest - oldest + 1 }, (_, index) => endOfLife(oldest + index) ?? '');

    expect(ends.every((end) => /^\d{4}-\d{2}-\d{2}$/.test(end))).toBe(true);
    expect(ends.toSorted()).toEqual(ends);
    expect(endOfLife(oldest - 1)).toBeUndefined();
  });

  test('reaches to the newest version that is known elsewhere', () => {
    expect(SUPPORT_TABLE.newest).toBe(NEWEST_KNOWN.minor);
  });
});
