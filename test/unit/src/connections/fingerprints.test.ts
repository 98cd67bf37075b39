import { describe, expect, test } from '@jest/globals';
import { createFingerprints } from '#src/connections/fingerprints.ts';

describe('src/connections/fingerprints.ts', () => {
  test('knows every key that was added and no other, however it grew', () => {
    const seen = createFingerprints();
    const keys = Array.from({ length: 100_000 }, (_, index) => `key ${index}`);
    for (const key of keys) seen.add(key);
    for (const key of keys) seen.add(key);

    expect(keys.filter((key) => !seen.has(key))).toEqual([]);
    expect(keys.filter((key) => seen.has(`other ${key}`))).toEqual([]);
    expect(seen.size()).toBe(100_000);
  });

  test('takes at most 20 bytes for each key, right after growing as well', () => {
    const seen = createFingerprints();
    let most = 0;
    for (let index = 0; index < 60_000; index += 1) {
      seen.add(String(index));
      if (seen.size() > 4000) most = Math.max(most, seen.bytes() / seen.size());
    }

    expect(most).toBeLessThanOrEqual(20);
  });

  test('forgets everything when it is full, rather than to take more room', () => {
    const seen = createFingerprints(10);
    for (let index = 0; index < 11; index += 1) seen.add(String(index));

    expect([seen.has('0'), seen.has('10'), seen.size()]).toEqual([false, true, 1]);
  });
});
