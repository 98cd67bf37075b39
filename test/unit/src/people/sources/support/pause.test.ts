import { describe, expect, test } from '@jest/globals';
import { pauseMs } from '#src/people/sources/support/pause.ts';

const NOW = new Date('2026-11-23T08:00:00Z');
const RESET = String(NOW.getTime() / 1000 + 30);
const DATE = NOW.toUTCString();

describe('src/people/sources/support/pause.ts', () => {
  test.each<[string, Readonly<Record<string, string>>, number]>([
    ['Retry-After in seconds', { 'retry-after': '5' }, 5000],
    ['Retry-After as a date', { 'retry-after': 'Mon, 23 Nov 2026 08:00:10 GMT', date: DATE }, 10_000],
    ['Retry-After before a reset', { 'retry-after': '5', 'x-ratelimit-reset': RESET }, 5000],
    ['a Retry-After of zero', { 'retry-after': '0' }, 1000],
    ['a Retry-After in the past', { 'retry-after': 'Mon, 23 Nov 2026 07:00:00 GMT' }, 1000],
    ['a Retry-After that is none', { 'retry-after': 'soon' }, 60_000],
    ['a negative Retry-After', { 'retry-after': '-5' }, 60_000],
    ['the reset of GitHub and Auth0', { 'x-ratelimit-reset': RESET, date: DATE }, 31_000],
    ['the reset of Okta', { 'x-rate-limit-reset': RESET, date: DATE }, 31_000],
    ['the reset of GitLab', { 'ratelimit-reset': RESET, date: DATE }, 31_000],
    ['a reset in seconds from now', { 'ratelimit-reset': '12' }, 12_000],
    ['a reset that has passed', { 'x-ratelimit-reset': '1700000000', date: DATE }, 1000],
    ['a reset by a clock that is an hour ahead of ours', { 'x-rate-limit-reset': String(Number(RESET) + 3600), date: 'Mon, 23 Nov 2026 09:00:00 GMT' }, 31_000],
    ['a reset without a date', { 'x-rate-limit-reset': RESET }, 31_000],
    ['nothing', {}, 60_000],
  ])('%s is waited for', (_name, headers, ms) => {
    expect(pauseMs(new Headers(headers), NOW)).toBe(ms);
  });
});
