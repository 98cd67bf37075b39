import { describe, expect, test } from '@jest/globals';
import { humanDuration } from '#src/sandbox/kube/table/duration.ts';

const [SECOND, MINUTE, HOUR, DAY] = [1000, 60_000, 3_600_000, 86_400_000] as const;

describe('src/sandbox/kube/table/duration.ts', () => {
  test.each([
    [-5 * SECOND, '<invalid>'],
    [-SECOND, '0s'],
    [119 * SECOND, '119s'],
    [2 * MINUTE, '2m'],
    [3 * MINUTE + 5 * SECOND, '3m5s'],
    [179 * MINUTE, '179m'],
    [3 * HOUR + 20 * MINUTE, '3h20m'],
    [47 * HOUR, '47h'],
    [3 * DAY + 4 * HOUR, '3d4h'],
    [8 * DAY, '8d'],
    [729 * DAY, '729d'],
    [800 * DAY, '2y70d'],
    [9 * 365 * DAY, '9y'],
  ])('%d ms are shown as %s', (ms, shown) => {
    expect(humanDuration(ms)).toBe(shown);
  });
});
