import { nodes as nodeFacts } from '#src/facts/nodes.ts';
import { ChangeFailed, type OpenCluster } from '#src/model/clusters.ts';
import type { ConnectedWorkload, ConnectionKey } from '#src/model/connection.ts';
import { WORKLOAD_KINDS } from '#src/model/kinds.ts';
import type { ObjectAddress } from '#src/model/plan.ts';
import { booleanAt, objectsAt, textAt, textsAt, type RawObject } from '#src/model/raw.ts';
import { NothingToPropose } from '#src/model/request.ts';
import { parseRange } from '#src/network/addresses.ts';
import { cloudWithoutRanges, keepsClientAddresses } from '#src/network/load-balancer.ts';
import { hasPort, protocolOf, type PortSet, type Protocol } from '#src/network/ports.ts';
import { choosesPod, serviceOf, targetPorts, type Service } from '#src/network/services.ts';
import { workloadOf, type Workload } from '#src/network/workloads.ts';
import { listed } from './listed.ts';
import type { Family, Standing } from './source-ranges.ts';
import type { Target } from './target.ts';

/** Where the source ranges of a Service stand. */
export const RANGES_PATH = ['spec', 'loadBalancerSourceRanges'] as const;

/** A port of a workload that a Service leads to. */
interface ServedEnd {
  readonly workload: ConnectedWorkload;
  readonly port: number;
  readonly protocol: Protocol;
}

/** A Service of type LoadBalancer in front of a workload. It is somebody else's. */
export interface Front extends Standing {
  readonly address: ObjectAddress;
  /** As the API server has it, with its uid and resourceVersion. */
  readonly object: RawObject;
  readonly service: Service;
  /** All that it leads to: other workloads with the same labels, and other ports. */
  readonly ends: readonly ServedEnd[];
  /** The pods see the addresses of clients. */
  readonly keepsAddresses: boolean;
}

/** What leads to a workload from outside. */
export interface Ways {
  readonly fronts: readonly Front[];
  /** Ports of nodes that lead to it as well, past all source ranges: `port 30443 (Service shop/web)`. */
  readonly nodePorts: readonly string[];
  /** The provider of the nodes, where its load balancers do not act on source ranges. */
  readonly cloudWithout: string | undefined;
}

/** Which connections are looked for, and whether Services are to be changed: then each is read anew, with the right that this takes. */
interface WaysWanted {
  readonly ports: readonly Pick<ConnectionKey, 'port' | 'protocol'>[];
  readonly toChange: boolean;
}

/** @throws {NothingToPropose} when the bot may not look. @throws {ChangeFailed} */
export async function readWays(cluster: OpenCluster, { cluster: name, workload, pods }: Pick<Target, 'cluster' | 'workload' | 'pods'>, { ports, toChange }: WaysWanted, signal: AbortSignal): Promise<Ways> {
  const isWanted = (served: PortSet): boolean => ports.some(({ port, protocol }) => hasPort(served, protocolOf(protocol) ?? 'TCP', port));
  const objects = (await listed(cluster, 'Service', signal)).filter((object) => textAt(object, 'metadata', 'namespace') === workload.namespace);
  const leading = objects
    .map((object) => ({ object, service: serviceOf(object, { kind: 'Service', namespace: workload.namespace, name: textAt(object, 'metadata', 'name') ?? '' }) }))
    .filter(({ service }) => choosesPod(service, pods) && isWanted(targetPorts(service, pods)));
  const balancers = leading.filter(({ service }) => service.type === 'LoadBalancer');
  const behind = balancers.length === 0 ? [] : await workloadsOf(cluster, workload.namespace, signal);
  const fronts: Front[] = [];
  for (const { object, service } of balancers) {
    const address: ObjectAddress = { cluster: name, apiVersion: 'v1', kind: 'Service', resource: 'services', namespace: workload.namespace, name: service.ref.name };
    const now = toChange ? await readService(cluster, address, signal) : object;
    // Undefined when it has gone meanwhile.
    if (now !== undefined) fronts.push(frontOf(now, serviceOf(now, service.ref), address, behind));
  }
  const state = nodeFacts.start();
  if (fronts.length > 0) for (const node of await listed(cluster, 'Node', signal)) nodeFacts.add(state, node, { ref: { kind: 'Node', name: textAt(node, 'metadata', 'name') ?? '' }, stock: false });
  const nodePorts = leading.flatMap(({ service }) => service.ports.flatMap((one) => (one.nodePort !== undefined && isWanted(targetPorts(service, pods, one.port)) ? [`port ${one.nodePort} (Service ${service.namespace}/${service.ref.name})`] : [])));
  return { fronts, nodePorts, cloudWithout: cloudWithoutRanges(state.clouds) };
}

function frontOf(object: RawObject, service: Service, address: ObjectAddress, behind: readonly Workload[]): Front {
  return {
    address,
    object,
    service,
    name: `Service ${service.namespace}/${service.ref.name}`,
    ranges: textsAt(object, ...RANGES_PATH),
    families: familiesOf(object),
    ends: behind.filter((workload) => choosesPod(service, workload)).flatMap((workload) => endsOf(service, workload)),
    keepsAddresses: keepsClientAddresses(object),
  };
}

async function readService(cluster: OpenCluster, address: ObjectAddress, signal: AbortSignal): Promise<RawObject | undefined> {
  try {
    return await cluster.get(address, signal);
  } catch (error) {
    if (error instanceof ChangeFailed && error.fault === 'forbidden') throw mayNotChange(address);
    throw error;
  }
}

/** What to do so that the bot may. */
export function mayNotChange({ namespace = '', name }: Pick<ObjectAddress, 'namespace' | 'name'>): NothingToPropose {
  const patch = `kubectl create rolebinding k8ssec-enforce-services -n ${namespace} \\\n  --clusterrole=k8ssec-enforce-services --serviceaccount=k8ssec:k8ssec`;
  return new NothingToPropose(`The bot may not change Service ${namespace}/${name}: that takes the ClusterRole k8ssec-enforce-services, bound in ${namespace}.`, { patch });
}

/** Families of its own addresses; both where it does not say. */
function familiesOf(service: RawObject): readonly Family[] {
  const told = textsAt(service, 'spec', 'ipFamilies').flatMap((text): readonly Family[] => (text === 'IPv4' ? [4] : text === 'IPv6' ? [6] : []));
  const own = [...textsAt(service, 'spec', 'clusterIPs'), textAt(service, 'spec', 'clusterIP') ?? ''].flatMap((text) => (parseRange(text) ?? []).map(({ family }) => family));
  const found = new Set(told.length > 0 ? told : own);
  return found.size === 0 ? [4, 6] : [...found].sort();
}

function endsOf(service: Service, { ref, namespace, ports }: Workload): readonly ServedEnd[] {
  const workload = { namespace, kind: ref.kind, name: ref.name };
  return service.ports.flatMap(({ protocol, target }): readonly ServedEnd[] => {
    const port = typeof target === 'number' ? target : ports.find((one) => one.name === target && one.protocol === protocol)?.port;
    return port === undefined ? [] : [{ workload, port, protocol }];
  });
}

/** Everything in a namespace that makes pods, by its top owner as far as one is known. */
async function workloadsOf(cluster: OpenCluster, namespace: string, signal: AbortSignal): Promise<readonly Workload[]> {
  const found = new Map<string, Workload>();
  for (const kind of WORKLOAD_KINDS) {
    for (const object of await listed(cluster, kind, signal)) {
      const name = textAt(object, 'metadata', 'name');
      if (textAt(object, 'metadata', 'namespace') !== namespace || name === undefined) continue;
      const owner = objectsAt(object, 'metadata', 'ownerReferences').map(([, entry]) => entry).find((entry) => booleanAt(entry, 'controller') === true);
      const ownerKind = textAt(owner, 'kind');
      // What something known here has made is that one's.
      if (WORKLOAD_KINDS.some((one) => one === ownerKind)) continue;
      const ref = { kind: ownerKind ?? kind, namespace, name: textAt(owner, 'name') ?? name };
      const workload = workloadOf(object, ref);
      if (workload !== undefined) found.set(`${ref.kind}/${ref.name}/${JSON.stringify([...workload.labels])}`, workload);
    }
  }
  return [...found.values()];
}
