import { describe, expect, test } from '@jest/globals';
import { isSchedule, isZone } from '#src/config/values.ts';

describe('src/config/values.ts', () => {
  test.each(['off', '0 7 * * *', '*/15 8-18 * * 1-5', '0 9 * * MON', '@daily', '@hourly', '@weekly', '@monthly', '0 0 1 * *'])('%s is a schedule', (text) => {
    expect(isSchedule(text)).toBe(true);
  });

  test.each(['', 'on', '* * * * * *', '0 7 * *', '61 * * * *', '0 25 * * *', '@reboot', '0 7 * * * ; rm', 'OFF', '0 0 31 2 *', '0 0 30 2 1'])('"%s" is none', (text) => {
    expect(isSchedule(text)).toBe(false);
  });

  test.each([['UTC', true], ['Europe/Paris', true], ['Mars/Base', false], ['', false], ['Paris', false]])('%s is a zone: %s', (text, is) => {
    expect(isZone(text)).toBe(is);
  });
});

