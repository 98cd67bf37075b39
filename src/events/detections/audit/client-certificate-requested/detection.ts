import { loggedBody, objectName, userName } from '#src/model/audit-object.ts';
import { defineDetection } from '#src/model/detection.ts';
import { isByNewNode, isBySystem } from '#src/model/principal.ts';
import { objectsAt, textAt, textsAt, type RawObject } from '#src/model/raw.ts';
import { kubernetes } from '#src/model/references.ts';

const CLIENT_SIGNER = 'kubernetes.io/kube-apiserver-client';

/** Tells of each certificate to sign in with that somebody asked for or approved. Nodes ask for theirs, and components approve those. */
export const detection = defineDetection({
  id: 'audit/client-certificate-requested',
  title: 'A certificate to sign in with was asked for or approved',
  severity: 'high',
  tips: [8, 2],
  why: 'Kubernetes cannot revoke a client certificate: whoever has one stays in until it expires.',
  fix: 'Ask the person what it is for; deny the request while it is open, or take every right from the name that stands in the certificate.',
  sources: [kubernetes('Certificates and Certificate Signing Requests', 'reference/access-authn-authz/certificate-signing-requests/')],
  items: {
    requested: { title: 'A certificate to sign in with was asked for' },
    approved: { title: 'A certificate to sign in with was approved' },
  },
  audit: {
    resources: ['certificatesigningrequests', 'certificatesigningrequests/approval'],
    verbs: ['create', 'update', 'patch'],
    *judge(event) {
      const approves = event.target?.resource === 'certificatesigningrequests/approval';
      if (event.outcome !== 'allowed' || isBySystem(event) || isByNewNode(event) || approves === (event.verb === 'create')) return;
      const logged = loggedBody(event);
      if ('undecided' in logged) return yield logged;
      if (!isForClient(logged.body) || (approves && !isApproved(logged.body))) return;
      const did = approves ? 'approved' : 'asked for';
      yield { item: approves ? 'approved' : 'requested', message: `${userName(event)} ${did} a certificate to sign in with, ${objectName(event)}` };
    },
  },
});

function isForClient(request: RawObject): boolean {
  const signer = textAt(request, 'spec', 'signerName');
  return signer?.startsWith(CLIENT_SIGNER) === true || textsAt(request, 'spec', 'usages').includes('client auth');
}

function isApproved(request: RawObject): boolean {
  return objectsAt(request, 'status', 'conditions').some(([, condition]) => textAt(condition, 'type') === 'Approved');
}
