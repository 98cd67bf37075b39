import { defineWorkloadCheck } from '#src/model/check.ts';
import { booleanAt } from '#src/model/raw.ts';
import { cis, nsa, pss } from '#src/model/references.ts';

/** Reports a pod that shares memory and message queues with its node. */
export const check = defineWorkloadCheck({
  id: 'workload/host-ipc',
  title: 'Pods share no memory with their node',
  severity: 'high',
  tips: [5],
  why: 'Such a pod can read and change the shared memory of programs on the node and of other pods that do the same.',
  fix: 'Remove hostIPC; containers of one pod share memory through an emptyDir volume of medium Memory.',
  sources: [pss('baseline', 'Host Namespaces'), cis('5.2.4'), nsa('Kubernetes Pod security')],
  *judge(pod) {
    if (booleanAt(pod.spec, 'hostIPC') !== true) return;
    yield { path: [...pod.path, 'hostIPC'], message: 'The pod shares memory and message queues with its node' };
  },
});
