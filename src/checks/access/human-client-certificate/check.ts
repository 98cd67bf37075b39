import { clientCertificates } from '#src/facts/client-certificates.ts';
import { defineClusterCheck } from '#src/model/check.ts';
import { isCiName } from '#src/model/ci-account.ts';
import { cis, kubernetes } from '#src/model/references.ts';

/**
 * Reports each certificate that a person signs in with and that has not ended.
 *
 * Kubernetes drops the request an hour after the certificate was issued, so that only the latest are seen.
 */
export const check = defineClusterCheck({
  id: 'access/human-client-certificate',
  title: 'People do not sign in with certificates',
  severity: 'high',
  tips: [2],
  why: 'A certificate cannot be revoked: whoever has it signs in until it ends, after leaving the company too.',
  fix: 'Let people sign in through the identity provider; until the certificate ends, remove the bindings of its user and groups.',
  sources: [cis('3.1.1'), kubernetes('Certificates and Certificate Signing Requests', 'reference/access-authn-authz/certificate-signing-requests/')],
  needs: { clientCertificates },
  *judge({ clientCertificates }, { now }) {
    for (const { subject, certificate } of clientCertificates) {
      if (certificate === undefined) {
        yield { undecided: 'the certificate of a request could not be read' };
        continue;
      }
      const { user, groups, expiresAtMs } = certificate;
      if (expiresAtMs <= now.getTime() || user.startsWith('system:') || isCiName(user)) continue;
      const until = new Date(expiresAtMs).toISOString().slice(0, 10);
      const isMaster = groups.includes('system:masters');
      yield {
        subject,
        ...(isMaster && { severity: 'critical' }),
        path: ['status', 'certificate'],
        message: isMaster ? `User ${user} is cluster administrator until ${until}, whatever the bindings say` : `User ${user} signs in with a certificate until ${until}`,
        ...(groups.length > 0 && { evidence: `groups ${groups.join(', ')}` }),
      };
    }
  },
});
