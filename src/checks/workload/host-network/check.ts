import { defineWorkloadCheck } from '#src/model/check.ts';
import { booleanAt } from '#src/model/raw.ts';
import { cis, nsa, pss } from '#src/model/references.ts';

/** Reports a pod that lives in the network of its node. */
export const check = defineWorkloadCheck({
  id: 'workload/host-network',
  title: 'Pods have a network of their own',
  severity: 'high',
  tips: [5],
  why: 'Such a pod reaches everything that listens on the node itself, can watch the traffic of other pods, and escapes network policies.',
  fix: 'Remove hostNetwork, and publish what has to be reached through a Service.',
  sources: [pss('baseline', 'Host Namespaces'), cis('5.2.5'), nsa('Kubernetes Pod security')],
  *judge(pod) {
    if (booleanAt(pod.spec, 'hostNetwork') !== true) return;
    yield { path: [...pod.path, 'hostNetwork'], message: 'The pod shares the network of its node' };
  },
});
