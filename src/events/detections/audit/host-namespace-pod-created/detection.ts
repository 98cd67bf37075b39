import { booleanAt } from '#src/model/raw.ts';
import { nsa, pss } from '#src/model/references.ts';
import { definePodDetection } from '../pod-created.ts';

const NAMESPACES = [
  ['network', 'hostNetwork', 'in the network of its node'],
  ['pid', 'hostPID', 'among the processes of its node'],
  ['ipc', 'hostIPC', 'in the shared memory of its node'],
] as const;

/** Tells of each pod, or maker of pods, that was created in namespaces of its node. */
export const detection = definePodDetection({
  id: 'audit/host-namespace-pod-created',
  title: 'A pod was created in a namespace of its node',
  severity: 'high',
  tips: [8, 5],
  why: 'Such a pod hears the traffic of its node, sees and ends its processes, or reads the memory that they share.',
  fix: 'Ask whoever created it why; delete it if it is not wanted, and enforce a Pod Security Standard in the namespace.',
  sources: [pss('baseline', 'Host Namespaces'), nsa('Audit Logging and Threat Detection')],
  items: {
    network: { title: 'A pod was created in the network of its node' },
    pid: { title: 'A pod was created among the processes of its node' },
    ipc: { title: 'A pod was created in the shared memory of its node' },
  },
  *judge(pod) {
    for (const [item, field, message] of NAMESPACES) {
      if (booleanAt(pod.spec, field) === true) yield { item, message };
    }
  },
});
