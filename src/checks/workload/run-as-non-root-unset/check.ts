import { defineContainerCheck } from '#src/model/check.ts';
import { relaxedByUserNamespace } from '#src/model/pod-security.ts';
import { booleanAt, integerAt } from '#src/model/raw.ts';
import { pss } from '#src/model/references.ts';
import { effectiveSecurity } from '#src/model/workload.ts';

/** Reports each container whose user is not root while nothing says that it must not be: harmless, but refused at the restricted level. */
export const check = defineContainerCheck({
  id: 'workload/run-as-non-root-unset',
  title: 'Containers with a user of their own also require it not to be root',
  severity: 'low',
  tips: [5],
  why: 'The restricted level of the Pod Security Standards asks for runAsNonRoot and refuses the pod, whatever user it names; without it, one edit of runAsUser brings root back unnoticed.',
  fix: 'Set securityContext.runAsNonRoot to true on the pod or the container.',
  sources: [pss('restricted', 'Running as Non-root')],
  *judge(container, pod, { version }) {
    if (relaxedByUserNamespace(pod, version)) return;
    if (effectiveSecurity(booleanAt, pod, container, 'runAsNonRoot') !== undefined) return;
    const user = effectiveSecurity(integerAt, pod, container, 'runAsUser');
    if (user === undefined || user <= 0) return;
    yield { path: ['securityContext', 'runAsNonRoot'], message: `Container ${container.name} runs as user ${user} but does not require a user other than root` };
  },
});
