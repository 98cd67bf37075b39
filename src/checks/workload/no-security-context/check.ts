import { defineContainerCheck } from '#src/model/check.ts';
import { at, objectAt } from '#src/model/raw.ts';
import { cis } from '#src/model/references.ts';

/** Reports each container that has no security settings, neither its own nor the pod's. An empty securityContext, which the API server writes by itself, sets nothing. */
export const check = defineContainerCheck({
  id: 'workload/no-security-context',
  title: 'Each container has security settings, its own or those of the pod',
  severity: 'low',
  tips: [5],
  why: 'Where nothing is set Kubernetes allows most things: root if the image says so, privilege escalation, and every call of the kernel.',
  fix: 'Add a securityContext that sets runAsNonRoot, allowPrivilegeEscalation, capabilities and seccompProfile.',
  sources: [cis('5.6.3')],
  *judge(container, pod) {
    if (hasSettings(container.raw) || hasSettings(pod.spec)) return;
    yield { path: ['securityContext'], message: `Container ${container.name} has no security settings` };
  },
});

function hasSettings(value: unknown): boolean {
  const settings = objectAt(value, 'securityContext') ?? {};
  return Object.keys(settings).some((field) => at(settings, field) !== undefined);
}
