import { describe, expect, test } from '@jest/globals';
import { reportText, shortNumber, type Environment } from '#scripts/bench/report.ts';

const ENVIRONMENT: Environment = { node: 'v24.0.0', cpu: 'a processor', cores: 2, loadAverage: 0.5, seed: 1, size: 'small', pairs: 5 };

describe('scripts/bench/report.ts', () => {
  test.each([
    [0.16449, '0.164'],
    [1.4142, '1.41'],
    [12.345, '12.3'],
    [123.45, '123'],
    [1234.5, '1235'],
    [98765.4, '98765'],
    [2, '2'],
    [0, '0'],
  ])('%d is written as %s', (value, expected) => {
    expect(shortNumber(value)).toBe(expected);
  });

  test('a target is one line with id, ratio, target and verdict; figures follow without any', () => {
    const targets = [
      { id: 'B1a', says: 'CPU', atMost: 1.6, value: 5.04, spread: { min: 4.5, median: 5.2 } },
      { id: 'B3b', says: 'memory', atMost: 60, unit: 'MB', value: 58.5 },
    ];

    const lines = reportText({ targets, figures: [{ name: 'a scan', value: 812.4, unit: 'ms' }] }, ENVIRONMENT).split('\n');

    expect(lines).toEqual([
      'B1a       5.04  ≤ 1.6           MISSED  CPU (pairs: min 4.50, median 5.20)',
      'B3b       58.5  ≤ 60 MB         met     memory',
      '',
      'Node v24.0.0, a processor, 2 cores, load average 0.500; size small, 5 pairs, seed 1',
      '',
      'a scan        812 ms',
      '',
    ]);
  });
});
