import { defineContainerCheck } from '#src/model/check.ts';
import { booleanAt } from '#src/model/raw.ts';
import { cis, mitre, nsa, pss } from '#src/model/references.ts';

/** Reports each container that runs privileged. */
export const check = defineContainerCheck({
  id: 'workload/privileged',
  title: 'No container runs privileged',
  severity: 'critical',
  tips: [5],
  why: 'A privileged container is root on its node: it sees every device, every other container and every Secret mounted there.',
  fix: 'Remove privileged, and add only the capabilities or devices that the program needs.',
  sources: [pss('baseline', 'Privileged Containers'), cis('5.2.2'), nsa('Kubernetes Pod security'), mitre('T1611')],
  *judge(container) {
    if (booleanAt(container.raw, 'securityContext', 'privileged') !== true) return;
    yield { path: ['securityContext', 'privileged'], message: `Container ${container.name} runs privileged` };
  },
});
