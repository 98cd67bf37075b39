import { defineFacts, type Subject } from '#src/model/check.ts';
import { componentsOf, type ComponentName, type Flag } from '#src/model/component.ts';
import { WORKLOAD_KINDS } from '#src/model/kinds.ts';
import type { Step } from '#src/model/raw.ts';
import type { KubernetesVersion } from '#src/model/version.ts';
import { podOf } from '#src/model/workload.ts';

/** A component of Kubernetes that a workload runs, with how it was started. */
export interface RunningComponent {
  readonly name: ComponentName;
  readonly subject: Subject;
  readonly container: string;
  /** From the root of the workload to the container. */
  readonly path: readonly Step[];
  /** Its own, where the tag of its image tells. */
  readonly version: KubernetesVersion | undefined;
  readonly flags: ReadonlyMap<string, Flag>;
}

/** The components of Kubernetes that pods of the cluster run. A managed control plane shows none. */
export const components = defineFacts({
  name: 'components',
  reads: WORKLOAD_KINDS,
  keeps: 'the flags of each component that a pod runs',
  start: (): RunningComponent[] => [],
  add(state, object, subject) {
    const pod = podOf(object);
    for (const { name, container, version, flags } of pod === undefined ? [] : componentsOf(pod)) {
      state.push({ name, subject, container: container.name, path: container.path, version, flags });
    }
  },
});
