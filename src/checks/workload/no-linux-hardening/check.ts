import { capabilitiesOf } from '#src/model/capabilities.ts';
import { defineContainerCheck } from '#src/model/check.ts';
import { APPARMOR_ANNOTATION, isConfining } from '#src/model/pod-security.ts';
import { objectAt, textAt } from '#src/model/raw.ts';
import { cis } from '#src/model/references.ts';
import { effectiveSecurity, type Container, type PodView } from '#src/model/workload.ts';

/** Reports each container that uses none of the barriers Linux has: AppArmor, seccomp, SELinux, fewer capabilities. */
export const check = defineContainerCheck({
  id: 'workload/no-linux-hardening',
  title: 'Containers use at least one of the security features of Linux',
  severity: 'medium',
  tips: [5],
  why: 'Nothing stands between a flaw in the program and the kernel of the node but the container itself.',
  fix: 'Set seccompProfile.type to RuntimeDefault on the pod and drop all capabilities on each container.',
  sources: [cis('5.6.3')],
  *judge(container, pod) {
    if (pod.windows || hasProfile(container, pod) || hasSelinux(container, pod) || dropsCapabilities(container)) return;
    yield { path: ['securityContext'], message: `Container ${container.name} uses neither seccomp, AppArmor nor SELinux, and drops no capabilities` };
  },
});

function hasProfile(container: Container, pod: PodView): boolean {
  if (isConfining(effectiveSecurity(textAt, pod, container, 'seccompProfile', 'type'))) return true;
  if (isConfining(effectiveSecurity(textAt, pod, container, 'appArmorProfile', 'type'))) return true;
  const annotation = pod.annotations.get(`${APPARMOR_ANNOTATION}${textAt(container.raw, 'name') ?? ''}`) ?? '';
  return annotation !== '' && annotation !== 'unconfined';
}

function hasSelinux(container: Container, pod: PodView): boolean {
  const options = effectiveSecurity(objectAt, pod, container, 'seLinuxOptions') ?? {};
  return Object.keys(options).some((field) => textAt(options, field) !== undefined);
}

/** To add them all again makes up for what is dropped. */
function dropsCapabilities(container: Container): boolean {
  return capabilitiesOf(container, 'drop').length > 0 && !capabilitiesOf(container, 'add').some(({ name }) => name === 'ALL');
}
