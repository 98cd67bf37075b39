import { defineRiskCheck } from '#src/checks/access/role-risk.ts';
import type { RiskyRight } from '#src/model/rbac-grant.ts';
import { cis, RBAC_GOOD_PRACTICES } from '#src/model/references.ts';

/** Signers whose certificates the API server takes for users. */
const SIGNING: RiskyRight = {
  verbs: ['approve', 'sign'],
  resources: ['signers'],
  names: (signer) => signer === 'kubernetes.io/*' || signer.startsWith('kubernetes.io/kube-apiserver-client'),
};

/**
 * Reports each role that lets its holder approve or sign certificates that sign people in.
 *
 * To approve takes the right to approve for the signer as well; without it in sight the right is milder.
 */
export const check = defineRiskCheck({
  id: 'access/csr-approve',
  title: 'Nobody but the cluster approves certificates of people',
  severity: 'critical',
  tips: [2],
  why: 'An approved certificate may name any user and group, and cannot be revoked before it ends.',
  fix: 'Take the approval of certificatesigningrequests out of the role, or name only the signers that are meant.',
  sources: [cis('5.1.11'), RBAC_GOOD_PRACTICES],
  may: 'approve certificates that sign people in',
  rights: [
    { verbs: ['update', 'patch'], resources: ['certificatesigningrequests/approval'], needs: [SIGNING] },
    SIGNING,
  ],
});
