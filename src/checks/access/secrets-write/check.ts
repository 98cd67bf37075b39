import { defineRiskCheck } from '#src/checks/access/role-risk.ts';
import { cis, RBAC_GOOD_PRACTICES } from '#src/model/references.ts';

/** Reports each role that lets its holder change Secrets that it cannot read. */
export const check = defineRiskCheck({
  id: 'access/secrets-write',
  title: 'Only few may change Secrets',
  severity: 'medium',
  tips: [2],
  why: 'Whoever changes a Secret decides the password, key or certificate that a workload uses next; a new Secret of the token type holds a token of any ServiceAccount there.',
  fix: 'Name the Secrets that are written in resourceNames, and leave create and deletecollection out.',
  sources: [cis('5.1.2'), RBAC_GOOD_PRACTICES],
  may: 'change Secrets',
  rights: [{ verbs: ['create', 'update', 'patch', 'delete', 'deletecollection'], resources: ['secrets'] }],
  without: [{ verbs: ['get', 'list', 'watch'], resources: ['secrets'] }],
});
