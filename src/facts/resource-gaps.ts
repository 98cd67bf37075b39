import { defineFacts, type Facts, type Subject } from '#src/model/check.ts';
import { WORKLOAD_KINDS } from '#src/model/kinds.ts';
import { objectAt, textAt, type RawObject, type Step } from '#src/model/raw.ts';
import { isSet, type Resource, type ResourceList } from '#src/model/resources.ts';
import { podOf, type Container } from '#src/model/workload.ts';

/** A container that leaves out a limit or request, which its namespace may still fill in. */
export interface ResourceGap {
  readonly subject: Subject;
  /** `default` where the workload names none. */
  readonly namespace: string;
  readonly container: string;
  /** From the root of the workload to the container. */
  readonly path: readonly Step[];
}

export const cpuLimitGaps = gapsOf('limits', 'cpu');
export const memoryLimitGaps = gapsOf('limits', 'memory');
export const cpuRequestGaps = gapsOf('requests', 'cpu');
export const memoryRequestGaps = gapsOf('requests', 'memory');

/** Init containers are left out because they end before the pod serves; sidecars run as long as it does. A value for the whole pod covers them all. */
function gapsOf(list: ResourceList, resource: Resource): Facts<ResourceGap[]> {
  return defineFacts({
    name: `${resource}-${list}-gaps`,
    reads: WORKLOAD_KINDS,
    keeps: `the names of containers without ${list} for ${resource}`,
    start: (): ResourceGap[] => [],
    add(state, object, subject) {
      const pod = podOf(object);
      if (pod === undefined || isGiven(pod.spec, list, resource)) return;
      for (const container of pod.containers) {
        if (!runsAlong(container) || isGiven(container.raw, list, resource)) continue;
        state.push({ subject, namespace: subject.ref.namespace ?? 'default', container: container.name, path: container.path });
      }
    },
  });
}

/** A request that is left out is as high as the limit. */
function isGiven(owner: RawObject, list: ResourceList, resource: Resource): boolean {
  return isSet(objectAt(owner, 'resources', list), resource) || (list === 'requests' && isSet(objectAt(owner, 'resources', 'limits'), resource));
}

function runsAlong({ role, raw }: Container): boolean {
  return role === 'regular' || (role === 'init' && textAt(raw, 'restartPolicy') === 'Always');
}
