import { defineObjectCheck } from '#src/model/check.ts';
import { WORKLOAD_KINDS } from '#src/model/kinds.ts';
import { textAt, type RawObject } from '#src/model/raw.ts';
import { describeSubjects, subjectsOf } from '#src/model/rbac-subject.ts';
import { kubernetes } from '#src/model/references.ts';
import { podOf, type PodView } from '#src/model/workload.ts';

const NAME = 'kubernetes-dashboard';

/** Reports whatever shares the rights of the Kubernetes Dashboard: workloads with its ServiceAccount, and others bound to its roles. */
export const check = defineObjectCheck({
  id: 'exposure/dashboard-account-reused',
  title: 'Only the Kubernetes Dashboard has its rights',
  severity: 'high',
  tips: [3],
  why: 'The account of the dashboard may often do more than anybody remembers, and is the first that an attacker looks for.',
  fix: 'Give the workload or person an account and a role of their own.',
  sources: [kubernetes('Deploy and Access the Kubernetes Dashboard', 'tasks/access-application-cluster/web-ui-dashboard/')],
  kinds: [...WORKLOAD_KINDS, 'RoleBinding', 'ClusterRoleBinding'],
  *judge(object) {
    const pod = podOf(object);
    if (pod === undefined) return yield* judgeBinding(object);
    if (pod.serviceAccountName !== NAME || isDashboard(pod, object)) return;
    yield { path: [...pod.path, 'serviceAccountName'], message: `It runs as the ServiceAccount ${NAME}` };
  },
});

function* judgeBinding(binding: RawObject) {
  if (textAt(binding, 'roleRef', 'name') !== NAME) return;
  const others = subjectsOf(binding).filter(({ kind, name }) => kind !== 'ServiceAccount' || name !== NAME);
  if (others.length > 0) yield { path: ['subjects'], message: `It gives the role of the Kubernetes Dashboard to the ${describeSubjects(others)}` };
}

function isDashboard({ containers, labels }: PodView, object: RawObject): boolean {
  return (
    containers.some(({ raw }) => /kubernetes-dashboard|kubernetesui/.test(textAt(raw, 'image') ?? '')) ||
    [labels.get('app'), labels.get('k8s-app'), textAt(object, 'metadata', 'name')].includes(NAME)
  );
}
