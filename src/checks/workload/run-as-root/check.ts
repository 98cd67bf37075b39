import { defineWorkloadCheck, type Problem } from '#src/model/check.ts';
import { relaxedByUserNamespace } from '#src/model/pod-security.ts';
import { booleanAt, integerAt, unknownLast } from '#src/model/raw.ts';
import { cis, mitre, nsa, pss } from '#src/model/references.ts';
import { effectiveSecurity, type Container, type PodView } from '#src/model/workload.ts';

/**
 * Reports what may run as root: a pod that says so, and each container for which neither a user nor `runAsNonRoot` rules it out.
 *
 * A user above 0 without `runAsNonRoot` is the business of workload/run-as-non-root-unset.
 */
export const check = defineWorkloadCheck({
  id: 'workload/run-as-root',
  title: 'Containers cannot run as root',
  severity: 'high',
  tips: [5],
  why: 'An image that names no user runs as root, and root in a container is root on the node as soon as a flaw lets it out.',
  fix: 'Set securityContext.runAsNonRoot to true, and runAsUser to a number above 0 where the image names no user.',
  sources: [pss('restricted', 'Running as Non-root'), cis('5.2.7'), nsa('Kubernetes Pod security: Non-root containers'), mitre('T1611')],
  *judge(pod, { version }) {
    if (relaxedByUserNamespace(pod, version)) return;
    if (booleanAt(pod.spec, 'securityContext', 'runAsNonRoot') === false) {
      yield { path: [...pod.path, 'securityContext', 'runAsNonRoot'], message: 'The pod lets its containers run as root' };
    }
    yield* unknownLast(pod.knownContainers(), (container) => judgeContainer(container, pod));
  },
});

/** A container that only inherits the pod's `false` is covered by the problem of the pod. */
function* judgeContainer(container: Container, pod: PodView): Iterable<Problem> {
  const place = { container: container.name, path: [...container.path, 'securityContext', 'runAsNonRoot'] };
  const own = booleanAt(container.raw, 'securityContext', 'runAsNonRoot');
  if (own === false) {
    yield { ...place, message: `Container ${container.name} is allowed to run as root` };
    return;
  }
  if (effectiveSecurity(booleanAt, pod, container, 'runAsNonRoot') !== undefined) return;
  const user = effectiveSecurity(integerAt, pod, container, 'runAsUser');
  if (user !== undefined && user > 0) return;
  yield { ...place, message: user === undefined ? `Container ${container.name} runs as root if its image does` : `Container ${container.name} runs as user ${user}` };
}
