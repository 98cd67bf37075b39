import { defineRiskCheck } from '#src/checks/access/role-risk.ts';
import { cis, mitre, RBAC_GOOD_PRACTICES } from '#src/model/references.ts';

/** Reports each role that lets its holder sign in as ServiceAccounts. */
export const check = defineRiskCheck({
  id: 'access/token-create',
  title: 'Only few may create tokens of ServiceAccounts',
  severity: 'high',
  tips: [2],
  why: 'A token of a ServiceAccount gives all its rights to whoever created it, also outside the cluster.',
  fix: 'Narrow the role to the ServiceAccounts that it is meant for by resourceNames.',
  sources: [cis('5.1.13'), mitre('T1528'), RBAC_GOOD_PRACTICES],
  may: 'create tokens of ServiceAccounts',
  rights: [{ verbs: ['create'], resources: ['serviceaccounts/token'] }],
});
