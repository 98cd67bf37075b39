import { z } from 'zod';
import { ClusterUnreachable } from '#src/model/clusters.ts';
import { defineJob } from '#src/model/job.ts';
import { textAt, type RawObject } from '#src/model/raw.ts';
import { NotListed } from '#src/model/source.ts';

/** Notes who was given a client certificate: a cluster forgets that after an hour, and nobody can take the certificate back. */
export const job = defineJob({
  name: 'note-certificates',
  summary: 'Note the client certificates that the clusters have issued, before they forget about them.',
  payload: z.strictObject({}),
  attempts: 2,
  backoffMs: 30_000,
  timeoutMs: 5 * 60_000,
  repeat: 'A certificate that is noted twice is noted once.',
  async run(_, { clusters, log }, { signal }) {
    const { certificates } = clusters;
    if (certificates === undefined) return;
    for (const { name } of clusters.all()) {
      try {
        const cluster = await clusters.open(name, signal);
        try {
          for await (const page of cluster.list('CertificateSigningRequest', signal)) await certificates.remember(name, page.map(({ object }) => object).filter(isIssued));
        } finally {
          cluster.close();
        }
      } catch (error) {
        if (!(error instanceof ClusterUnreachable) && !(error instanceof NotListed)) throw error;
        log.warn({ cluster: name, reason: error.message }, 'the certificates of a cluster could not be looked at');
      }
    }
  },
});

function isIssued(request: RawObject): boolean {
  return Boolean(textAt(request, 'status', 'certificate'));
}
