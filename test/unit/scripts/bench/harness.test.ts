import { describe, expect, test } from '@jest/globals';
import { isMet, least, measureRounds, median, ratioOf, sampleOf, seededNumbers, turned, type Sample } from '#scripts/bench/harness.ts';

const cpu = ({ cpuMs }: Sample) => cpuMs;

function samples(...cpuMs: readonly number[]): readonly Sample[] {
  return cpuMs.map((value) => ({ cpuMs: value, wallMs: 0 }));
}

describe('scripts/bench/harness.ts', () => {
  describe('median', () => {
    test.each([
      [[7], 7],
      [[9, 1, 5], 5],
      [[4, 1, 3, 2], 2.5],
      [[10, 9], 9.5],
    ])('of %j is %d', (values, expected) => {
      expect(median(values)).toBe(expected);
    });

    test('does not change the order of what it is given', () => {
      const values = [3, 1, 2];

      median(values);

      expect(values).toEqual([3, 1, 2]);
    });
  });

  test.each([least, median])('of nothing there is no value', (of) => {
    expect(() => of([])).toThrow(RangeError);
  });

  describe('a ratio', () => {
    test('compares the best of both, whichever pairs they are from', () => {
      expect(ratioOf(samples(30, 20, 90), samples(10, 40, 15), cpu).value).toBe(2);
    });

    test('tells how far the single pairs lie apart', () => {
      expect(ratioOf(samples(30, 20, 90), samples(10, 40, 15), cpu).spread).toEqual({ min: 0.5, median: 3 });
    });
  });

  test.each([
    [1.59, true],
    [1.6, true],
    [1.61, false],
    [Number.NaN, false],
  ])('a value of %d meets a target of 1.6: %p', (value, expected) => {
    expect(isMet({ id: 'B1', says: '', atMost: 1.6, value })).toBe(expected);
  });

  describe('rounds', () => {
    test('begin with one run of each that does not count, and then turn the order', async () => {
      const order: string[] = [];
      const variant = (name: string) => () => {
        order.push(name);
        return Promise.resolve({ cpuMs: order.length, wallMs: 0 });
      };

      const measured = await measureRounds({ reference: variant('reference'), candidate: variant('candidate') }, 2);

      expect(order).toEqual(['reference', 'candidate', 'reference', 'candidate', 'candidate', 'reference']);
      expect(measured).toEqual({ reference: samples(3, 6), candidate: samples(4, 5) });
    });

    test('go one way and then the other', () => {
      expect([0, 1, 2].map((round) => turned(['a', 'b', 'c'], round).join(''))).toEqual(['abc', 'cba', 'abc']);
    });
  });

  test('a sample waits for what it measures and passes its failure on', async () => {
    await expect(sampleOf(() => Promise.reject(new Error('it failed')))).rejects.toThrow('it failed');
  });

  describe('seeded numbers', () => {
    const firstOf = (seed: number, count = 1000) => {
      const next = seededNumbers(seed);
      return Array.from({ length: count }, next);
    };

    test('are the same for a seed and others for another', () => {
      expect(firstOf(1)).toEqual(firstOf(1));
      expect(firstOf(2)).not.toEqual(firstOf(3));
    });

    test.each([0, 1, 2, 3, 2 ** 31])('of the seed %d lie evenly between 0 and 1', (seed) => {
      const numbers = firstOf(seed);

      expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true);
      expect(new Set(numbers).size).toBeGreaterThan(990);
      expect(numbers.reduce((sum, number) => sum + number, 0) / numbers.length).toBeCloseTo(0.5, 1);
    });
  });
});
