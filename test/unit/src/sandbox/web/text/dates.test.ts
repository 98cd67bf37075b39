import { describe, expect, test } from '@jest/globals';
import { agoText, dateText, momentAt, wallTime, type Viewpoint } from '#src/sandbox/web/text/dates.ts';

const PARIS: Viewpoint = { zone: 'Europe/Paris', nowMs: Date.parse('2026-11-23T09:00:00Z') };

function unix(iso: string): number {
  return Date.parse(iso) / 1000;
}

describe('src/sandbox/web/text/dates.ts', () => {
  test.each([
    ['{date_num}', '2026-11-23'],
    ['{date_slash}', '2026/11/23'],
    ['{date}', '23 November 2026'],
    ['{date_short}', '23 Nov 2026'],
    ['{date_long}', 'Monday, 23 November 2026'],
    ['{time}', '00:30'],
    ['{time_secs}', '00:30:05'],
    ['{date_pretty}, {time}', 'Today, 00:30'],
    ['{ago}', '9 hours ago'],
  ])('fills %s', (format, expected) => {
    expect(dateText(unix('2026-11-22T23:30:05Z'), format, PARIS)).toBe(expected);
  });

  test.each([
    ['2026-11-22T22:59:00Z', 'Yesterday'],
    ['2026-11-24T22:59:00Z', 'Tomorrow'],
    ['2026-11-24T23:00:00Z', '25 Nov 2026'],
  ])('calls the day of %s by the zone of the person', (iso, expected) => {
    expect(dateText(unix(iso), '{date_short_pretty}', PARIS)).toBe(expected);
  });

  test.each([
    [NaN, '{time}'],
    [1e15, '{time}'],
    [0, '{hour}'],
    [0, 'no token'],
  ])('has nothing for %s with %s, so that the fallback is shown', (seconds, format) => {
    expect(dateText(seconds, format, PARIS)).toBeUndefined();
  });

  test.each(['2026-11-23T09:00:00Z', '2026-07-01T12:34:00Z', '2026-03-29T00:59:00Z', '2026-03-29T01:00:00Z', '2026-10-25T02:30:00Z'])('finds %s by its wall clock', (iso) => {
    const at = new Date(iso);

    expect(momentAt(wallTime(at, PARIS), PARIS)?.toISOString()).toBe(at.toISOString());
  });

  test.each(['', '2026-11-23', 'soon', '2026-13-40T99:99'])('takes %j for no moment', (wall) => {
    expect(momentAt(wall, PARIS)).toBeUndefined();
  });

  test.each([
    [-10_000, 'just now'],
    [-120_000, '2 minutes ago'],
    [-3 * 3_600_000, '3 hours ago'],
    [-2 * 86_400_000, '2 days ago'],
    [-400 * 86_400_000, 'last year'],
    [600_000, 'in 10 minutes'],
  ])('says how far %d ms are', (ms, expected) => {
    expect(agoText(ms)).toBe(expected);
  });
});
