import { defineRiskCheck } from '#src/checks/access/role-risk.ts';
import { cis, mitre, RBAC_GOOD_PRACTICES } from '#src/model/references.ts';

const ROLES = ['roles', 'clusterroles'] as const;
const BINDINGS = ['rolebindings', 'clusterrolebindings'] as const;

/**
 * Reports each role that lets its holder give itself more rights.
 *
 * To bind roles takes a right to write bindings as well. Without it in sight the right is milder, and no risk in a role that nothing binds.
 */
export const check = defineRiskCheck({
  id: 'access/escalate-or-bind',
  title: 'Nobody may give rights that they do not have',
  severity: 'critical',
  tips: [2],
  why: 'With escalate a role grants more than its author has, and with bind a binding gives any role away: both lead to cluster administrator.',
  fix: 'Take escalate and bind out of the role, or narrow bind to named roles that are harmless.',
  sources: [cis('5.1.8'), mitre('T1098.006'), RBAC_GOOD_PRACTICES],
  may: 'give itself rights that it does not have',
  rights: [
    { verbs: ['escalate'], resources: ROLES },
    { verbs: ['bind'], resources: ROLES, needs: [{ verbs: ['create', 'update', 'patch'], resources: BINDINGS }], quietAlone: true },
  ],
  misplaced: [
    { verbs: ['escalate', 'bind', 'impersonate'], resources: BINDINGS },
    { verbs: ['impersonate'], resources: ROLES },
  ],
});
