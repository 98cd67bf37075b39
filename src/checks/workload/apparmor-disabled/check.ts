import { defineWorkloadCheck, type Problem } from '#src/model/check.ts';
import { APPARMOR_ANNOTATION, unconfinedProfiles } from '#src/model/pod-security.ts';
import { kubernetes, pss } from '#src/model/references.ts';
import type { PodView } from '#src/model/workload.ts';

/**
 * Reports AppArmor profiles, in fields and in the older annotations, that are neither the runtime's nor a file of the node.
 *
 * Without any, the runtime's profile applies where the node has AppArmor.
 */
export const check = defineWorkloadCheck({
  id: 'workload/apparmor-disabled',
  title: 'No pod or container switches AppArmor off',
  severity: 'medium',
  tips: [5],
  why: 'The profile of the container runtime keeps a process from mounting file systems and writing to the switches of the kernel; without it that barrier is gone.',
  fix: 'Remove the profile, or set appArmorProfile.type to RuntimeDefault or Localhost.',
  sources: [pss('baseline', 'AppArmor'), kubernetes("Restrict a Container's Access to Resources with AppArmor", 'tutorials/security/apparmor/')],
  *judge(pod) {
    yield* unconfinedProfiles(pod, 'appArmorProfile', 'AppArmor');
    yield* unconfinedAnnotations(pod);
  },
});

/** The key ends with the name of a container, which need not be one of this pod. */
function* unconfinedAnnotations(pod: PodView): Iterable<Problem> {
  for (const [key, value] of pod.annotations) {
    if (!key.startsWith(APPARMOR_ANNOTATION) || value === '' || value === 'runtime/default' || value.startsWith('localhost/')) continue;
    const container = key.slice(APPARMOR_ANNOTATION.length);
    yield { container, path: [...pod.metadataPath, 'annotations', key], message: `Container ${container} sets its AppArmor profile to ${value}` };
  }
}
