import { describe, expect, test } from '@jest/globals';
import type { RawObject } from '#src/model/raw.ts';
import { job } from '#jobs/note-certificates.ts';
import { readAccess } from '#src/people/read-access.ts';
import { aClientCertificate, clustersOf, NOW } from '#test/build/access.ts';
import { servicesWith } from '#test/build/queue.ts';
import { createKeptLog } from '#test/fakes/log.ts';

const RUN = { signal: new AbortController().signal, attempt: 1, last: false };

/** A memory that only lasts as long as the test. */
function aMemory() {
  const kept = new Map<string, RawObject[]>();
  return {
    of: (cluster: string) => Promise.resolve(kept.get(cluster) ?? []),
    remember: (cluster: string, requests: readonly RawObject[]) => Promise.resolve(void kept.set(cluster, [...(kept.get(cluster) ?? []), ...requests])),
  };
}

describe('jobs/note-certificates.ts', () => {
  test('notes what every cluster has issued, so that it is known when the cluster has forgotten it', async () => {
    const certificates = aMemory();
    const pending: RawObject = { apiVersion: 'certificates.k8s.io/v1', kind: 'CertificateSigningRequest', metadata: { name: 'csr-new' }, spec: { signerName: 'kubernetes.io/kube-apiserver-client' } };
    const before = clustersOf({ prod: [await aClientCertificate('bob'), pending], dev: [] });
    await job.run({}, servicesWith({ clusters: { ...before, certificates } }), RUN);

    const later = { ...clustersOf({ prod: [], dev: [] }), certificates };
    const { maps } = await readAccess(later, ['prod', 'dev'], NOW, RUN.signal);

    expect(maps.map(({ users }) => [...users.keys()])).toEqual([['bob'], []]);
    expect(maps[0]?.users.get('bob')).toMatchObject([{ type: 'certificate', request: 'csr-bob' }]);
    expect(before.opened()).toBe(0);
  });

  test('counts a certificate that the cluster still shows once', async () => {
    const certificates = aMemory();
    const clusters = { ...clustersOf({ prod: [await aClientCertificate('bob')] }), certificates };
    await job.run({}, servicesWith({ clusters }), RUN);

    expect((await readAccess(clusters, ['prod'], NOW, RUN.signal)).maps[0]?.users.get('bob')).toHaveLength(1);
  });

  test('goes on past a cluster that does not answer, and says so', async () => {
    const [certificates, log] = [aMemory(), createKeptLog()];
    const clusters = { ...clustersOf({ away: 'the API server refuses connections', prod: [await aClientCertificate('bob')] }), certificates };
    await job.run({}, servicesWith({ clusters }, log), RUN);

    expect(await certificates.of('prod')).toHaveLength(1);
    expect(JSON.stringify(log)).toContain('the API server refuses connections');
  });
});
