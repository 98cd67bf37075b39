import { defineRiskCheck } from '#src/checks/access/role-risk.ts';
import { RBAC_GOOD_PRACTICES } from '#src/model/references.ts';

const NAMES: ReadonlySet<string> = new Set(['aws-auth', 'coredns']);

/** Reports each role that lets its holder change the ConfigMaps of kube-system, those of DNS and of the map of cloud users among them. */
export const check = defineRiskCheck({
  id: 'access/coredns-configmap-write',
  title: 'Only few may change the ConfigMaps of kube-system',
  severity: 'medium',
  tips: [2],
  why: 'The ConfigMap coredns decides where every name in the cluster leads, and aws-auth on Amazon EKS who is a cluster administrator.',
  fix: 'Bind the role in the namespaces of its own workloads, or narrow it to the ConfigMaps that it needs by resourceNames.',
  sources: [RBAC_GOOD_PRACTICES],
  may: 'change ConfigMaps of kube-system such as coredns',
  rights: [{ verbs: ['update', 'patch'], resources: ['configmaps'], names: (name) => NAMES.has(name) }],
  namespace: 'kube-system',
});
