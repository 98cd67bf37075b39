import { defineContainerCheck } from '#src/model/check.ts';
import { exemptAsWindows, PSS_SINCE } from '#src/model/pod-security.ts';
import { objectAt } from '#src/model/raw.ts';
import { cis, mitre, nsa, pss } from '#src/model/references.ts';
import { effectiveSecurity } from '#src/model/workload.ts';

/** Reports each container without a seccomp profile, its own or the pod's. One that confines nothing is the business of workload/seccomp-unconfined. */
export const check = defineContainerCheck({
  id: 'workload/seccomp-not-set',
  title: 'Containers have a seccomp profile',
  severity: 'medium',
  tips: [5],
  why: 'Unless the kubelet of every node sets a default, such a container may call everything that the kernel offers, flaws of rarely used calls included.',
  fix: 'Set securityContext.seccompProfile.type to RuntimeDefault on the pod.',
  sources: [pss('restricted', 'Seccomp'), cis('5.6.2'), nsa('Kubernetes Pod security'), mitre('T1611')],
  *judge(container, pod, { version }) {
    if (version.minor < PSS_SINCE.seccompField || exemptAsWindows(pod, version)) return;
    if (effectiveSecurity(objectAt, pod, container, 'seccompProfile') !== undefined) return;
    yield { path: ['securityContext', 'seccompProfile', 'type'], message: `Container ${container.name} has no seccomp profile` };
  },
});
