import { defineFacts, type Subject } from '#src/model/check.ts';
import { readCertificate, type ClientCertificate } from '#src/model/certificate.ts';
import { textAt } from '#src/model/raw.ts';

/** A certificate that somebody may sign in with; `certificate` is undefined when it could not be read. */
export interface IssuedCertificate {
  readonly subject: Subject;
  readonly certificate: ClientCertificate | undefined;
}

const CLIENT_SIGNER = 'kubernetes.io/kube-apiserver-client';

/** The client certificates for people and programs that the cluster issued. Requests vanish an hour later, so that only the latest are seen. */
export const clientCertificates = defineFacts({
  name: 'client-certificates',
  reads: ['CertificateSigningRequest'],
  keeps: 'user, groups and end of each certificate',
  start: (): IssuedCertificate[] => [],
  add(state, object, subject) {
    const issued = textAt(object, 'status', 'certificate');
    if (textAt(object, 'spec', 'signerName') !== CLIENT_SIGNER || !issued) return;
    state.push({ subject, certificate: readCertificate(Buffer.from(issued, 'base64').toString('latin1')) });
  },
});
