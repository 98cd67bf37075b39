import { defineRiskCheck } from '#src/checks/access/role-risk.ts';
import { cis, RBAC_GOOD_PRACTICES } from '#src/model/references.ts';

/** Reports each role that lets its holder act as somebody else. */
export const check = defineRiskCheck({
  id: 'access/impersonate',
  title: 'Nobody may act as somebody else',
  severity: 'critical',
  tips: [2],
  why: 'Whoever may impersonate users or groups can be a cluster administrator with one header, and the audit log shows the borrowed name first.',
  fix: 'Take impersonate out of the role, or narrow it to named users that have few rights themselves.',
  sources: [cis('5.1.8'), RBAC_GOOD_PRACTICES],
  may: 'act as other users, groups or ServiceAccounts',
  rights: [{ verbs: ['impersonate'], resources: ['users', 'groups', 'serviceaccounts', 'uids', 'userextras'] }],
});
