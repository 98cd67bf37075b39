import { defineWorkloadCheck } from '#src/model/check.ts';
import { booleanAt } from '#src/model/raw.ts';
import { cis, mitre, nsa, pss } from '#src/model/references.ts';

/** Reports a pod that sees the processes of its node. */
export const check = defineWorkloadCheck({
  id: 'workload/host-pid',
  title: 'Pods see no processes but their own',
  severity: 'high',
  tips: [5],
  why: 'Such a pod sees every process of the node with its arguments and often its environment, and with enough rights it can enter or stop them.',
  fix: 'Remove hostPID; containers of one pod can see each other with shareProcessNamespace.',
  sources: [pss('baseline', 'Host Namespaces'), cis('5.2.3'), nsa('Kubernetes Pod security'), mitre('T1611')],
  *judge(pod) {
    if (booleanAt(pod.spec, 'hostPID') !== true) return;
    yield { path: [...pod.path, 'hostPID'], message: 'The pod shares the processes of its node' };
  },
});
