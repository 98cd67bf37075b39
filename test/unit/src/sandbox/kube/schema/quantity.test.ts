import { describe, expect, test } from '@jest/globals';
import { canonicalQuantity } from '#src/sandbox/kube/schema/quantity.ts';

describe('src/sandbox/kube/schema/quantity.ts', () => {
  test.each([
    ['0', '0'],
    ['0.5', '500m'],
    ['1000m', '1'],
    ['1.5', '1500m'],
    ['250m', '250m'],
    ['1024Mi', '1Gi'],
    ['1.5Gi', '1536Mi'],
    ['512', '512'],
    ['1000', '1k'],
    ['128M', '128M'],
    ['1e3', '1e3'],
    ['12e6', '12e6'],
    ['1500u', '1500u'],
    ['0.0000000001', '1n'],
    ['-1.5', '-1500m'],
    ['.5', '500m'],
    ['1.', '1'],
  ])('%s is written as %s', (given, written) => {
    expect(canonicalQuantity(given)).toBe(written);
  });

  test.each(['', '1x', 'one', '1 Gi', '--1', '1ki', '.'])('%j is no quantity', (given) => {
    expect(canonicalQuantity(given)).toBeUndefined();
  });
});
