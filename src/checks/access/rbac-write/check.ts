import { defineRiskCheck } from '#src/checks/access/role-risk.ts';
import { cis, mitre, RBAC_GOOD_PRACTICES } from '#src/model/references.ts';

/** Reports each role that lets its holder hand on the rights that it has. */
export const check = defineRiskCheck({
  id: 'access/rbac-write',
  title: 'Only few may change roles and bindings',
  severity: 'high',
  tips: [2],
  why: 'Kubernetes keeps the holder from giving more than it has, but not from giving that to anybody, for good.',
  fix: 'Bind the role in one namespace, or leave roles and bindings to the pipeline.',
  sources: [cis('5.1.8'), mitre('T1098.006'), RBAC_GOOD_PRACTICES],
  may: 'change roles or bindings and so hand on its rights',
  rights: [{ verbs: ['create', 'update', 'patch'], resources: ['roles', 'clusterroles', 'rolebindings', 'clusterrolebindings'] }],
  without: [{ verbs: ['escalate', 'bind'], resources: ['roles', 'clusterroles'] }],
});
