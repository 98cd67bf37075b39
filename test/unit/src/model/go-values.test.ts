import { describe, expect, test } from '@jest/globals';
import { parseGoBoolean, parseGoDuration } from '#src/model/go-values.ts';

describe('src/model/go-values.ts', () => {
  test.each([
    ['1', true],
    ['t', true],
    ['T', true],
    ['TRUE', true],
    ['True', true],
    ['0', false],
    ['f', false],
    ['FALSE', false],
    ['yes', undefined],
    ['tRUE', undefined],
    [' true', undefined],
    ['', undefined],
  ])('reads %j as a switch like Go', (text, expected) => {
    expect(parseGoBoolean(text)).toBe(expected);
  });

  test.each([
    ['0', 0],
    ['0s', 0],
    ['-0', 0],
    ['300ms', 300],
    ['1m30s', 90_000],
    ['1.5h', 5_400_000],
    ['.5s', 500],
    ['1s9m3h', 11_341_000],
    ['-1m', -60_000],
    ['60', undefined],
    ['1 h', undefined],
    ['1d', undefined],
    ['1h!', undefined],
    ['s', undefined],
    ['', undefined],
  ])('reads %j as a length of time like Go', (text, expected) => {
    expect(parseGoDuration(text)).toBe(expected);
  });

  test('is done quickly with a long text that is no length of time', () => {
    const started = performance.now();

    expect(parseGoDuration(`${'1'.repeat(20_000)}x`)).toBeUndefined();
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
