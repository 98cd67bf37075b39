import { describe, expect, test } from '@jest/globals';
import { dayAfter, dayFault } from '#src/model/day.ts';

const NOW = new Date('2026-11-23T23:30:00.000Z');

describe('src/model/day.ts', () => {
  test('days are counted in UTC', () => {
    expect([dayAfter(NOW, 0), dayAfter(NOW, 1), dayAfter(NOW, 90)]).toEqual(['2026-11-23', '2026-11-24', '2027-02-21']);
  });

  test.each([
    ['2026-11-24', undefined],
    ['2027-02-21', undefined],
    ['2027-02-22', 'It can be kept for 90 days at most, until 2027-02-21.'],
    ['2026-11-23', 'That day is not in the future.'],
    ['2026-02-30', '"2026-02-30" is no day such as 2027-02-21.'],
    ['soon', '"soon" is no day such as 2027-02-21.'],
  ])('the last day %s', (day, fault) => {
    expect(dayFault(day, NOW, 90)).toBe(fault);
  });
});
