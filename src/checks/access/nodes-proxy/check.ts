import { defineRiskCheck } from '#src/checks/access/role-risk.ts';
import { cis, mitre, RBAC_GOOD_PRACTICES } from '#src/model/references.ts';

/** Reports each role that lets its holder speak to kubelets through the API server. */
export const check = defineRiskCheck({
  id: 'access/nodes-proxy',
  title: 'Nobody may use the proxy of nodes',
  severity: 'critical',
  tips: [2],
  why: 'The proxy of a node runs commands in every pod of that node, past admission control and past the audit log.',
  fix: 'Take nodes/proxy out of the role; monitoring needs nodes/metrics and nodes/stats only.',
  sources: [cis('5.1.10'), mitre('T1609'), RBAC_GOOD_PRACTICES],
  may: 'run commands in every pod of every node, through its kubelet',
  rights: [{ verbs: ['get', 'create'], resources: ['nodes/proxy'] }],
});
