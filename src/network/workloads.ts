import type { ObjectRef } from '#src/model/finding.ts';
import { booleanAt, integerAt, knownObjectsAt, textAt, unknownLast, type RawObject } from '#src/model/raw.ts';
import { podOf, type PodView } from '#src/model/workload.ts';
import { protocolOf, type Protocol } from './ports.ts';

export interface ContainerPort {
  readonly name: string | undefined;
  readonly port: number;
  readonly protocol: Protocol;
}

/** What selectors look at. */
export interface PodPlace {
  readonly namespace: string;
  readonly labels: ReadonlyMap<string, string>;
  /** In the network of its node: policies neither select it nor know it as a peer. */
  readonly hostNetwork: boolean;
}

/** Pods that are made from one template. */
export interface Workload extends PodPlace {
  readonly ref: ObjectRef;
  readonly ports: readonly ContainerPort[];
  /** Pods it asks for, where it says so. */
  readonly replicas: number | undefined;
}

/** Undefined for an object without a pod template. `portsOf` says which of its ports count. */
export function workloadOf(object: RawObject, ref: ObjectRef, portsOf: (pod: PodView) => readonly ContainerPort[] = (pod) => [...eachPort(pod)]): Workload | undefined {
  const pod = podOf(object);
  if (pod === undefined) return undefined;
  return {
    ref,
    namespace: ref.namespace ?? 'default',
    labels: pod.labels,
    hostNetwork: booleanAt(pod.spec, 'hostNetwork') === true,
    replicas: integerAt(object, 'spec', 'replicas'),
    ports: portsOf(pod),
  };
}

/** The ports of a pod's containers. That one is not known is only met when the known ones have gone by. */
export function eachPort(pod: PodView): Iterable<ContainerPort> {
  return unknownLast(pod.knownContainers(), ({ raw }) => unknownLast(knownObjectsAt(raw, 'ports'), ([, entry]) => containerPort(entry)));
}

function containerPort(entry: RawObject): readonly ContainerPort[] {
  const port = integerAt(entry, 'containerPort');
  const protocol = protocolOf(textAt(entry, 'protocol'));
  return port === undefined || protocol === undefined ? [] : [{ name: textAt(entry, 'name'), port, protocol }];
}
