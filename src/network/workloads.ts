import type { ObjectRef } from '#src/model/finding.ts';
import { booleanAt, integerAt, objectsAt, textAt, type RawObject } from '#src/model/raw.ts';
import { podOf } from '#src/model/workload.ts';
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

/** Undefined for an object without a pod template. */
export function workloadOf(object: RawObject, ref: ObjectRef): Workload | undefined {
  const pod = podOf(object);
  if (pod === undefined) return undefined;
  return {
    ref,
    namespace: ref.namespace ?? 'default',
    labels: pod.labels,
    hostNetwork: booleanAt(pod.spec, 'hostNetwork') === true,
    replicas: integerAt(object, 'spec', 'replicas'),
    ports: pod.containers.flatMap(({ raw }) => objectsAt(raw, 'ports').flatMap(([, entry]) => containerPort(entry))),
  };
}

function containerPort(entry: RawObject): readonly ContainerPort[] {
  const port = integerAt(entry, 'containerPort');
  const protocol = protocolOf(textAt(entry, 'protocol'));
  return port === undefined || protocol === undefined ? [] : [{ name: textAt(entry, 'name'), port, protocol }];
}
