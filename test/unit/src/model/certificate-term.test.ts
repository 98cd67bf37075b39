import { X509Certificate } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { lastToEnd, nearEnd, readableCertificates, termOf } from '#src/model/certificate-term.ts';
import { aCertificate } from '#test/build/certificates.ts';

const NOW = new Date('2026-11-01T12:00:00Z');
const HOUR_MS = 3600_000;
const DAY_MS = 24 * HOUR_MS;

function withLeft(leftMs: number, lifeMs: number) {
  const untilMs = NOW.getTime() + leftMs;
  return { name: 'a', fromMs: untilMs - lifeMs, untilMs };
}

describe('src/model/certificate-term.ts', () => {
  test.each([
    ['a year', 365 * DAY_MS, 30 * DAY_MS, undefined],
    ['a year', 365 * DAY_MS, 30 * DAY_MS - 1, 'medium'],
    ['a year', 365 * DAY_MS, 7 * DAY_MS, 'medium'],
    ['a year', 365 * DAY_MS, 7 * DAY_MS - 1, 'high'],
    ['a year', 365 * DAY_MS, 0, 'high'],
    ['a year', 365 * DAY_MS, -400 * DAY_MS, 'high'],
    // Renewed with a third of its life left.
    ['90 days', 90 * DAY_MS, 29 * DAY_MS, undefined],
    ['90 days', 90 * DAY_MS, 17 * DAY_MS, 'medium'],
    ['90 days', 90 * DAY_MS, 6 * DAY_MS, 'high'],
    ['47 days', 47 * DAY_MS, 10 * DAY_MS, undefined],
    ['47 days', 47 * DAY_MS, 5 * DAY_MS, 'medium'],
    // Renewed with a fifth of its life left.
    ['30 days', 30 * DAY_MS, 5 * DAY_MS, undefined],
    ['30 days', 30 * DAY_MS, 2 * DAY_MS, 'high'],
    // Renewed with a day left.
    ['a week', 7 * DAY_MS, 20 * HOUR_MS, undefined],
    ['a week', 7 * DAY_MS, 16 * HOUR_MS, 'high'],
    ['a day', DAY_MS, 3 * HOUR_MS, undefined],
    ['a day', DAY_MS, 2 * HOUR_MS, 'high'],
    ['no time at all', 0, DAY_MS, undefined],
    ['less than no time', -DAY_MS, -HOUR_MS, 'high'],
  ])('a certificate for %s (%d ms) with %d ms left is judged %s', (_, lifeMs, leftMs, severity) => {
    expect(nearEnd(withLeft(leftMs, lifeMs), NOW)?.severity).toBe(severity);
  });

  test.each([[14, undefined], [16, 'medium']])('with a notice of %d days, 15 days that are left are judged %s', (noticeDays, severity) => {
    expect(nearEnd(withLeft(15 * DAY_MS, 365 * DAY_MS), NOW, noticeDays)?.severity).toBe(severity);
  });

  test.each([
    ['long before its end', 10 * DAY_MS, 365 * DAY_MS, 'ends on 2026-11-11', 'on 2026-11-01 it had 10 days left of 365 days'],
    ['on its last day', HOUR_MS, 365 * DAY_MS, 'ends on 2026-11-01', 'on 2026-11-01 it had 1 hour left of 365 days'],
    ['after its end', -DAY_MS, 365 * DAY_MS, 'ended on 2026-10-31', 'on 2026-11-01 it was over, after 365 days'],
    ['where it lives for days alone', HOUR_MS, DAY_MS, 'ends on 2026-11-01 at 13:00 UTC', 'on 2026-11-01 at 12:00 UTC it had 1 hour left of 24 hours'],
  ])('the day of looking is told, and the end as what does not change: %s', (_, leftMs, lifeMs, message, evidence) => {
    expect(nearEnd(withLeft(leftMs, lifeMs), NOW)).toMatchObject({ message, evidence });
  });

  test('what cannot be read among certificates does not hide the others', async () => {
    const { cert } = await aCertificate('good', { isCa: true });
    const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----';

    expect(readableCertificates(`# ours\n${broken}\n${cert}\nrest`).map((one) => termOf(one).name)).toEqual(['good']);
    expect(readableCertificates(broken)).toEqual([]);
    expect(readableCertificates('no certificate')).toEqual([]);
  });

  test('tells for what time a certificate is good', async () => {
    const { cert } = await aCertificate('kube-apiserver', { from: new Date('2026-01-01T00:00:00Z'), until: new Date('2027-01-01T00:00:00Z') });

    expect(termOf(new X509Certificate(cert))).toEqual({ name: 'kube-apiserver', fromMs: Date.parse('2026-01-01T00:00:00Z'), untilMs: Date.parse('2027-01-01T00:00:00Z') });
  });

  test('one that says nothing of its holder has no name', async () => {
    const { cert } = await aCertificate('', { dns: 'localhost' });

    expect(termOf(new X509Certificate(cert)).name).toBe('');
  });

  test('the last to end is the first of those that end last', () => {
    const items = [{ name: 'a', end: 1 }, { name: 'b', end: 3 }, { name: 'c', end: 3 }, { name: 'd', end: 2 }];
    const endOf = ({ end }: { readonly end: number }) => end;

    expect(lastToEnd(items, endOf)?.name).toBe('b');
    expect(lastToEnd([], endOf)).toBeUndefined();
  });
});
