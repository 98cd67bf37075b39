import type { ObjectRef } from '#src/model/finding.ts';
import { at, booleanAt, integerAt, objectsAt, textAt, textMapAt, textsAt, type RawObject } from '#src/model/raw.ts';
import { balancerOf, type Balancer } from './load-balancer.ts';
import { NO_PORTS, portSpan, protocolOf, unitePorts, type PortSet, type Protocol } from './ports.ts';
import type { PodPlace, Workload } from './workloads.ts';

export interface ServicePort {
  readonly name: string | undefined;
  readonly port: number;
  readonly protocol: Protocol;
  /** A number, or the name of a port of the pod. */
  readonly target: number | string;
  readonly nodePort: number | undefined;
}

export interface Service {
  readonly ref: ObjectRef;
  readonly namespace: string;
  readonly type: string;
  /** Empty for a Service that chooses no pods itself. */
  readonly selector: ReadonlyMap<string, string>;
  readonly ports: readonly ServicePort[];
  readonly externalIPs: readonly string[];
  readonly externalName: string | undefined;
  /** Only of type LoadBalancer. */
  readonly balancer: Balancer | undefined;
  /** `false` for a load balancer that needs no port of the nodes. */
  readonly allocatesNodePorts: boolean;
  /** `spec.externalTrafficPolicy: Local`: only nodes with a pod of it answer. */
  readonly local: boolean;
}

export function serviceOf(object: RawObject, ref: ObjectRef): Service {
  const type = textAt(object, 'spec', 'type') ?? 'ClusterIP';
  return {
    ref,
    namespace: ref.namespace ?? 'default',
    type,
    selector: textMapAt(object, 'spec', 'selector'),
    ports: objectsAt(object, 'spec', 'ports').flatMap(([, entry]) => servicePort(entry)),
    externalIPs: textsAt(object, 'spec', 'externalIPs'),
    externalName: textAt(object, 'spec', 'externalName'),
    balancer: type === 'LoadBalancer' ? balancerOf(object) : undefined,
    allocatesNodePorts: booleanAt(object, 'spec', 'allocateLoadBalancerNodePorts') !== false,
    local: textAt(object, 'spec', 'externalTrafficPolicy') === 'Local',
  };
}

/** All labels of the selector, in the same namespace. An empty selector chooses nothing. */
export function choosesPod({ namespace, selector }: Service, pod: PodPlace): boolean {
  return selector.size > 0 && namespace === pod.namespace && [...selector].every(([key, value]) => pod.labels.get(key) === value);
}

/** The ports of the pods that the Service leads to: from one of its ports, by number or name, or from all. */
export function targetPorts({ ports }: Service, { ports: named }: Pick<Workload, 'ports'>, from?: number | string): PortSet {
  const chosen = from === undefined ? ports : ports.filter(({ port, name }) => port === from || name === from);
  return unitePorts(
    chosen.map(({ target, protocol }) => {
      const number = typeof target === 'number' ? target : named.find((port) => port.name === target && port.protocol === protocol)?.port;
      return number === undefined ? NO_PORTS : portSpan(protocol, number);
    }),
  );
}

function servicePort(entry: RawObject): readonly ServicePort[] {
  const port = integerAt(entry, 'port');
  const protocol = protocolOf(textAt(entry, 'protocol'));
  if (port === undefined || protocol === undefined) return [];
  const target = at(entry, 'targetPort');
  return [{ name: textAt(entry, 'name'), port, protocol, target: typeof target === 'number' || (typeof target === 'string' && target !== '') ? target : port, nodePort: integerAt(entry, 'nodePort') }];
}
