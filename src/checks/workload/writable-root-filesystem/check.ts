import { defineContainerCheck } from '#src/model/check.ts';
import { booleanAt } from '#src/model/raw.ts';
import { nsa } from '#src/model/references.ts';

/** Reports each container that can write to the files of its image. Windows has no such setting. */
export const check = defineContainerCheck({
  id: 'workload/writable-root-filesystem',
  title: 'Containers cannot write to the files of their image',
  severity: 'low',
  tips: [5],
  why: 'An attacker in the container can replace its programs and bring tools along, and no review of the image shows it.',
  fix: 'Set securityContext.readOnlyRootFilesystem to true, and mount an emptyDir where the program has to write.',
  sources: [nsa('Kubernetes Pod security: Immutable container file systems')],
  *judge(container, pod) {
    if (pod.windows || booleanAt(container.raw, 'securityContext', 'readOnlyRootFilesystem') === true) return;
    yield { path: ['securityContext', 'readOnlyRootFilesystem'], message: `Container ${container.name} can write to the files of its image` };
  },
});
