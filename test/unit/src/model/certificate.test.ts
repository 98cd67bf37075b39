import { describe, expect, test } from '@jest/globals';
import { readCertificate } from '#src/model/certificate.ts';
import { aCertificate } from '#test/build/certificates.ts';

describe('src/model/certificate.ts', () => {
  test.each([
    ['names its user', 'ada', 'ada'],
    ['says nothing of its holder', '', ''],
  ])('reads a certificate that %s', async (_, name, user) => {
    const { cert } = await aCertificate(name, { until: new Date('2027-01-01T00:00:00Z') });

    expect(readCertificate(cert)).toEqual({ user, groups: [], expiresAtMs: Date.parse('2027-01-01T00:00:00Z') });
  });

  test('a text that is none is no certificate', () => {
    expect(readCertificate('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----')).toBeUndefined();
  });
});
