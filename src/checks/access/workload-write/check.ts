import { defineRiskCheck } from '#src/checks/access/role-risk.ts';
import { cis, mitre, RBAC_GOOD_PRACTICES } from '#src/model/references.ts';

/** Reports each role that lets its holder decide what pods of others run, short of creating pods itself. */
export const check = defineRiskCheck({
  id: 'access/workload-write',
  title: 'Only few may change workloads',
  severity: 'medium',
  tips: [2],
  why: 'Whoever changes a workload runs any image as its ServiceAccount, and whoever deletes one stops it.',
  fix: 'Bind the role in the namespaces of its own workloads only, or leave changes to the pipeline.',
  sources: [cis('5.1.4'), mitre('T1610'), RBAC_GOOD_PRACTICES],
  may: 'change workloads',
  rights: [
    {
      verbs: ['create', 'update', 'patch', 'delete', 'deletecollection'],
      resources: ['deployments', 'daemonsets', 'statefulsets', 'replicasets', 'replicationcontrollers', 'jobs', 'cronjobs'],
    },
    { verbs: ['update', 'patch', 'delete'], resources: ['pods'] },
  ],
});
