import { defineWorkloadCheck, type Problem } from '#src/model/check.ts';
import { PSS_SINCE, unconfinedProfiles } from '#src/model/pod-security.ts';
import { cis, mitre, pss } from '#src/model/references.ts';
import type { PodView } from '#src/model/workload.ts';

const POD_ANNOTATION = 'seccomp.security.alpha.kubernetes.io/pod';
const CONTAINER_ANNOTATION = 'container.seccomp.security.alpha.kubernetes.io/';

/** Reports seccomp profiles that confine nothing: fields from 1.19 on, and annotations before, when there were no fields. */
export const check = defineWorkloadCheck({
  id: 'workload/seccomp-unconfined',
  title: 'No pod or container switches seccomp off',
  severity: 'high',
  tips: [5],
  why: 'Without seccomp a process may call everything that the kernel offers, and a flaw in a rarely used call is enough to leave the container.',
  fix: 'Set securityContext.seccompProfile.type to RuntimeDefault, or to Localhost with a profile of your own.',
  sources: [pss('baseline', 'Seccomp'), pss('restricted', 'Seccomp'), cis('5.6.2'), mitre('T1611')],
  *judge(pod, { version }) {
    if (version.minor >= PSS_SINCE.seccompField) yield* unconfinedProfiles(pod, 'seccompProfile', 'seccomp');
    else yield* unconfinedAnnotations(pod);
  },
});

function* unconfinedAnnotations(pod: PodView): Iterable<Problem> {
  const { annotations } = pod;
  const places = [
    { key: POD_ANNOTATION, owner: 'The pod' },
    ...pod.containers.map(({ name }) => ({ key: `${CONTAINER_ANNOTATION}${name}`, owner: `Container ${name}`, container: name })),
  ];
  for (const { key, owner, ...container } of places) {
    const value = annotations.get(key);
    if (value === undefined || confines(value)) continue;
    yield { ...container, path: [...pod.metadataPath, 'annotations', key], message: `${owner} sets its seccomp profile to ${value === '' ? 'nothing' : value}` };
  }
}

function confines(value: string): boolean {
  return value === 'runtime/default' || value === 'docker/default' || value.startsWith('localhost/');
}
