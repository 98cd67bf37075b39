import { defineContainerCheck } from '#src/model/check.ts';
import { exemptAsWindows, PSS_SINCE } from '#src/model/pod-security.ts';
import { booleanAt } from '#src/model/raw.ts';
import { cis, nsa, pss } from '#src/model/references.ts';

/** Reports each container that does not forbid its processes to gain privileges. */
export const check = defineContainerCheck({
  id: 'workload/privilege-escalation',
  title: 'Containers forbid privilege escalation',
  severity: 'medium',
  tips: [5],
  why: 'A set-user-ID program in the image, such as sudo or a planted binary, can give a process more rights than it was started with. Kubernetes allows it unless told otherwise.',
  fix: 'Set securityContext.allowPrivilegeEscalation to false on every container.',
  sources: [pss('restricted', 'Privilege Escalation'), cis('5.2.6'), nsa('Kubernetes Pod security')],
  *judge(container, pod, { version }) {
    if (version.minor < PSS_SINCE.privilegeEscalation || exemptAsWindows(pod, version)) return;
    const allowed = booleanAt(container.raw, 'securityContext', 'allowPrivilegeEscalation');
    if (allowed === false) return;
    yield {
      path: ['securityContext', 'allowPrivilegeEscalation'],
      message: `Container ${container.name} ${allowed ? 'allows' : 'does not forbid'} privilege escalation`,
    };
  },
});
