import { booleanAt } from '#src/model/raw.ts';
import { nsa, pss } from '#src/model/references.ts';
import { definePodDetection } from '../pod-created.ts';

/** Tells of each pod, or maker of pods, that was created with a privileged container. */
export const detection = definePodDetection({
  id: 'audit/privileged-pod-created',
  title: 'A privileged pod was created',
  severity: 'high',
  tips: [8, 5],
  why: 'A privileged container is root on its node: it sees every device, every other container and every Secret mounted there.',
  fix: 'Ask whoever created it why; delete it if it is not wanted, and enforce a Pod Security Standard in the namespace.',
  sources: [pss('baseline', 'Privileged Containers'), nsa('Audit Logging and Threat Detection')],
  *judge(pod) {
    const privileged = pod.containers.filter(({ raw }) => booleanAt(raw, 'securityContext', 'privileged') === true);
    if (privileged.length > 0) yield { message: `with the privileged container${privileged.length === 1 ? '' : 's'} ${privileged.map(({ name }) => name).join(', ')}` };
  },
});
