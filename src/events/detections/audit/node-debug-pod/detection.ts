import { loggedPod, objectName, POD_RESOURCES, userName, auditObject } from '#src/model/audit-object.ts';
import { defineDetection } from '#src/model/detection.ts';
import { hostPathVolumes } from '#src/model/host-path.ts';
import { booleanAt, textsAt } from '#src/model/raw.ts';
import { kubernetes } from '#src/model/references.ts';
import type { PodView } from '#src/model/workload.ts';
import { isSystemAtHome } from '../requests.ts';

/** How kubectl calls it. */
const DEBUGGER = 'node-debugger-';

/** Tells of each pod that is a shell on its node: with the processes of the node and its disk or `nsenter`, or named as kubectl names one. */
export const detection = defineDetection({
  id: 'audit/node-debug-pod',
  title: 'A pod was made that is a shell on its node',
  severity: 'critical',
  tips: [8, 6],
  why: 'Whoever is in the pod is root on the node, and has the credentials of everything that runs there.',
  fix: 'Ask the person whether it was them; delete the pod, and look at what else happened on the node.',
  sources: [kubernetes('Debugging Kubernetes nodes with kubectl', 'tasks/debug/debug-cluster/kubectl-node-debug/')],
  audit: {
    resources: POD_RESOURCES,
    verbs: ['create'],
    *judge(event) {
      if (event.outcome !== 'allowed' || isSystemAtHome(event)) return;
      const message = `${userName(event)} made ${objectName(event)}, which is a shell on its node`;
      if (auditObject(event)?.name.startsWith(DEBUGGER) === true) return yield { message };
      const logged = loggedPod(event);
      if ('undecided' in logged) return yield logged;
      if (takesNode(logged.body)) yield { message };
    },
  },
});

function takesNode(pod: PodView): boolean {
  if (booleanAt(pod.spec, 'hostPID') !== true) return false;
  const hasRoot = hostPathVolumes(pod).some(({ hostPath }) => hostPath === '/');
  return hasRoot || pod.containers.some(({ raw }) => [...textsAt(raw, 'command'), ...textsAt(raw, 'args')].some((word) => /\bnsenter\b/.test(word)));
}
