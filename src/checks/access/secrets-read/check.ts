import { defineRiskCheck } from '#src/checks/access/role-risk.ts';
import { cis, mitre, RBAC_GOOD_PRACTICES } from '#src/model/references.ts';

/** Reports each role that lets its holder read Secrets; `list` and `watch` return their contents as `get` does. */
export const check = defineRiskCheck({
  id: 'access/secrets-read',
  title: 'Only few may read Secrets',
  severity: 'high',
  tips: [2],
  why: 'Secrets hold passwords, keys and tokens of ServiceAccounts, so that reading all of them is as good as being everybody they belong to.',
  fix: 'Name the Secrets that are needed in resourceNames, grant get alone, and bind the role in the one namespace that needs it.',
  sources: [cis('5.1.2'), mitre('T1552.007'), RBAC_GOOD_PRACTICES],
  may: 'read Secrets',
  rights: [{ verbs: ['get', 'list', 'watch'], resources: ['secrets'] }],
  severityWithin: 'medium',
  severityNarrowed: 'low',
});
