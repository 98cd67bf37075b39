import { defineContainerCheck } from '#src/model/check.ts';
import { relaxedByUserNamespace } from '#src/model/pod-security.ts';
import { textAt } from '#src/model/raw.ts';
import { kubernetes, pss } from '#src/model/references.ts';

/** Reports each container with an unmasked /proc in a pod that has its own users: allowed at the baseline level from 1.35, refused at the restricted one. */
export const check = defineContainerCheck({
  id: 'workload/proc-mount-in-user-namespace',
  title: 'Containers with users of their own see /proc masked as well',
  severity: 'low',
  tips: [5],
  why: 'Users of its own keep root in the pod from being root on the node, but an unmasked /proc still tells about the node and opens more of the kernel.',
  fix: 'Remove securityContext.procMount unless the container has to start containers itself.',
  sources: [pss('restricted', '/proc Mount Type'), kubernetes('User Namespaces', 'concepts/workloads/pods/user-namespaces/')],
  *judge(container, pod, { version }) {
    const procMount = textAt(container.raw, 'securityContext', 'procMount');
    if (procMount === undefined || procMount === 'Default' || !relaxedByUserNamespace(pod, version)) return;
    yield { path: ['securityContext', 'procMount'], message: `Container ${container.name} sets procMount to ${procMount === '' ? 'nothing' : procMount} in a user namespace` };
  },
});
