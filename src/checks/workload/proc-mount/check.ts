import { defineContainerCheck } from '#src/model/check.ts';
import { relaxedByUserNamespace } from '#src/model/pod-security.ts';
import { textAt } from '#src/model/raw.ts';
import { pss } from '#src/model/references.ts';

/** Reports each container with an unmasked /proc, unless its pod has its own users: workload/proc-mount-in-user-namespace is for those. */
export const check = defineContainerCheck({
  id: 'workload/proc-mount',
  title: 'Containers see /proc with its sensitive parts masked',
  severity: 'high',
  tips: [5],
  why: 'The masked parts of /proc show memory and keys of the node, and some can be written to change its kernel.',
  fix: 'Remove securityContext.procMount; a container that has to start containers belongs in a pod with hostUsers set to false.',
  sources: [pss('baseline', '/proc Mount Type'), pss('restricted', '/proc Mount Type')],
  *judge(container, pod, { version }) {
    const procMount = textAt(container.raw, 'securityContext', 'procMount');
    if (procMount === undefined || procMount === 'Default' || relaxedByUserNamespace(pod, version)) return;
    yield { path: ['securityContext', 'procMount'], message: `Container ${container.name} sets procMount to ${procMount === '' ? 'nothing' : procMount}` };
  },
});
