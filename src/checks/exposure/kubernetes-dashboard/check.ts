import { defineObjectCheck } from '#src/model/check.ts';
import { WORKLOAD_KINDS } from '#src/model/kinds.ts';
import { textAt } from '#src/model/raw.ts';
import { kubernetes, mitre } from '#src/model/references.ts';
import { podOf } from '#src/model/workload.ts';

const NAME = 'kubernetes-dashboard';
const LABELS = ['app', 'k8s-app'];

/** Reports each workload that is the Kubernetes Dashboard, by image or label. */
export const check = defineObjectCheck({
  id: 'exposure/kubernetes-dashboard',
  title: 'The Kubernetes Dashboard is not installed',
  severity: 'medium',
  tips: [3],
  why: 'It acts with the rights of its ServiceAccount for whoever reaches it, was the way into well-known clusters, and is maintained no longer.',
  fix: 'Remove it; people look at the cluster with kubectl or a desktop client and their own rights.',
  sources: [kubernetes('Deploy and Access the Kubernetes Dashboard', 'tasks/access-application-cluster/web-ui-dashboard/'), mitre('T1133')],
  kinds: WORKLOAD_KINDS,
  *judge(object) {
    const pod = podOf(object);
    if (pod === undefined) return;
    const container = pod.containers.find(({ raw }) => /kubernetes-dashboard|kubernetesui/.test(textAt(raw, 'image') ?? ''));
    const places = [pod.metadataPath, ['metadata']].flatMap((path) => LABELS.map((label) => [...path, 'labels', label]));
    const label = places.find((path) => textAt(object, ...path) === NAME);
    if (container !== undefined) yield { path: [...container.path, 'image'], message: 'It runs the Kubernetes Dashboard' };
    else if (label !== undefined) yield { path: label, message: 'It runs the Kubernetes Dashboard, by its label' };
  },
});
