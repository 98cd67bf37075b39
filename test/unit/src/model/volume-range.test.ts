import { describe, expect, test } from '@jest/globals';
import { createVolumeRanges, type Excess, type Volume } from '#src/model/volume-range.ts';

const WINDOW_MS = 10 * 60_000;
const DAY_MS = 24 * 3600_000;
const START_MS = Date.UTC(2026, 7, 21);
const MANY: Volume = { connections: 2000, bytes: 0 };
const FEW: Volume = { connections: 100, bytes: 0 };

describe('src/model/volume-range.ts', () => {
  /** What is told of volumes at so many windows after a start. */
  function told(days: readonly (readonly [day: number, window: number, volume: Volume])[], factor = 5): readonly (Excess | undefined)[] {
    const ranges = createVolumeRanges();
    return days.map(([day, window, volume]) => ranges.add('web', START_MS + day * DAY_MS + window * WINDOW_MS, volume, factor));
  }

  test('the second window in a row above every earlier day is told, once, and so is each that follows', () => {
    expect(told([[0, 0, FEW], [1, 1, MANY], [1, 2, MANY], [1, 2, MANY], [1, 3, MANY]])).toEqual([
      undefined,
      undefined,
      { of: 'connections', now: 2000, before: 100 },
      undefined,
      { of: 'connections', now: 2000, before: 100 },
    ]);
  });

  test.each<[string, Parameters<typeof told>[0]]>([
    ['the first day teaches only', [[0, 0, FEW], [0, 1, MANY], [0, 2, MANY]]],
    ['one window alone', [[0, 0, FEW], [1, 1, MANY], [1, 2, FEW], [1, 3, MANY]]],
    ['as much as on an earlier day', [[0, 0, MANY], [1, 1, MANY], [1, 2, MANY]]],
    ['what is little by itself', [[0, 0, { connections: 1, bytes: 0 }], [1, 1, FEW], [1, 2, FEW]]],
    ['what a new level was yesterday', [[0, 0, FEW], [1, 1, MANY], [2, 1, MANY], [2, 2, MANY]]],
  ])('%s is not told', (_, days) => {
    expect(told(days)).toEqual(days.map(() => undefined));
  });

  test('a level of more than a week ago is forgotten', () => {
    const week = Array.from({ length: 8 }, (_, day) => [day + 1, 0, FEW] as const);

    expect(told([[0, 0, MANY], ...week, [9, 1, MANY], [9, 2, MANY]]).at(-1)).toEqual({ of: 'connections', now: 2000, before: 100 });
  });

  test('bytes count by themselves', () => {
    const bytes = (mebibytes: number): Volume => ({ connections: 1, bytes: mebibytes * 2 ** 20 });

    expect(told([[0, 0, bytes(2)], [1, 1, bytes(60)], [1, 2, bytes(60)]]).at(-1)).toEqual({ of: 'bytes', now: 60 * 2 ** 20, before: 2 * 2 ** 20 });
  });
});
