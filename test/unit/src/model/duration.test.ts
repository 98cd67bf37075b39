import { describe, expect, test } from '@jest/globals';
import { durationWords, formatDuration, parseDuration } from '#src/model/duration.ts';

describe('src/model/duration.ts', () => {
  test.each<[string, number, string]>([
    ['30m', 30 * 60_000, '30 minutes'],
    ['1h', 3600_000, '1 hour'],
    ['90m', 90 * 60_000, '90 minutes'],
    ['8h', 8 * 3600_000, '8 hours'],
    ['1d', 24 * 3600_000, '1 day'],
    ['3d', 72 * 3600_000, '3 days'],
  ])('reads and writes %s', (text, ms, words) => {
    expect([parseDuration(text), formatDuration(ms), durationWords(ms)]).toEqual([ms, text, words]);
  });

  test.each(['', '8', 'h', '0h', '-1h', '1.5h', '8 h', '8H', '1w', '1h30m', '100000h'])('does not take %p for a duration', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});
