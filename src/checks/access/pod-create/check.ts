import { defineRiskCheck } from '#src/checks/access/role-risk.ts';
import { cis, mitre, RBAC_GOOD_PRACTICES } from '#src/model/references.ts';

/** Reports each role that lets its holder start pods of its own. */
export const check = defineRiskCheck({
  id: 'access/pod-create',
  title: 'Only few may create pods',
  severity: 'high',
  tips: [2],
  why: 'Whoever creates a pod can run it as any ServiceAccount of the namespace and mount any Secret there, and without Pod Security as root on a node.',
  fix: 'Take create on pods out of the role; deployments in a pipeline with review do the same for people.',
  sources: [cis('5.1.4'), mitre('T1610'), RBAC_GOOD_PRACTICES],
  may: 'create pods',
  rights: [{ verbs: ['create'], resources: ['pods'] }],
});
