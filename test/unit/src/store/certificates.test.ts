import { describe, expect, test } from '@jest/globals';
import { createCertificateMemory } from '#src/store/certificates.ts';
import { aClientCertificate } from '#test/build/access.ts';
import { onEveryRedis } from '#test/build/redis.ts';

const NOW = new Date('2026-11-23T08:00:00.000Z');

describe('src/store/certificates.ts', () => {
  onEveryRedis(({ redis }) => {
  test('remembers each certificate until it ends, per cluster', async () => {
    const memory = createCertificateMemory(redis());
    const lasting = await aClientCertificate('bob', { groups: ['ops'], expiresAt: '2027-03-03T00:00:00.000Z' });
    const short = await aClientCertificate('eve', { expiresAt: '2026-11-23T09:00:00.000Z' });

    await memory.remember('prod', [lasting, short]);
    await memory.remember('prod', [lasting]);

    expect((await memory.of('prod', NOW)).map(({ metadata }) => metadata)).toEqual(expect.arrayContaining([{ name: 'csr-bob' }, { name: 'csr-eve' }]));
    expect((await memory.of('prod', new Date('2026-11-23T09:00:00.000Z'))).map(({ metadata }) => metadata)).toEqual([{ name: 'csr-bob' }]);
    expect(await memory.of('prod', NOW)).toHaveLength(1);
    expect(await memory.of('dev', NOW)).toEqual([]);
  });

  test('keeps nothing of a request but whose the certificate is', async () => {
    const memory = createCertificateMemory(redis());
    const request = await aClientCertificate('bob');
    await memory.remember('prod', [{ ...request, metadata: { name: 'csr-bob', uid: 'u1', annotations: { note: 'private' } }, spec: { signerName: 'kubernetes.io/kube-apiserver-client', request: 'c2VjcmV0' } }]);

    expect(JSON.stringify(await memory.of('prod', NOW))).not.toMatch(/private|c2VjcmV0/);
  });
  });
});
