import { describe, expect, test } from '@jest/globals';
import { compareWays } from '#scripts/bench/audit/compare.ts';

describe('scripts/bench/audit/compare.ts', () => {
  test.each([3, 4])('scanning says what parsing says, with odd and broken lines (seed %i)', (seed) => {
    expect(() => compareWays(10_000, seed, [1009])).not.toThrow();
  });
});
