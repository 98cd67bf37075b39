import { formatSet, union } from './addresses.ts';
import type { NetworkObjects } from './collect.ts';
import { allowedOutside, allowedPorts, restrictionOf, STRANGER, type AddressesWithPorts, type Restriction } from './evaluate.ts';
import { ALL_PORTS, formatPorts, hasPorts, intersectPorts, unitePorts, type PortSet } from './ports.ts';
import { namespaceLabels, type Direction } from './rules.ts';
import { choosesPod, targetPorts } from './services.ts';
import type { Workload } from './workloads.ts';

/** A connection that policies allow; nobody may ever have made it. */
export interface MapEdge {
  /** `namespace/name[Kind]`, or one of the ends outside. */
  readonly from: string;
  readonly to: string;
  /** `all`, or `TCP/80`, `UDP/53`, `SCTP/1-99`. */
  readonly ports: readonly string[];
  /** Addresses of the end that is outside of the cluster. */
  readonly ranges?: readonly string[];
}

export interface NetworkMap {
  /** Every workload, also those without any edge. */
  readonly workloads: readonly string[];
  /** In a stable order; made while they are read. */
  readonly edges: () => Iterable<MapEdge>;
  /** Workloads that no policy selects, by direction. */
  readonly free: Readonly<Record<Direction, ReadonlySet<string>>>;
  /** The same edges by the workload that they lead from or to the outside of, without those between two workloads that no policy has a say in. */
  readonly ruledEdges: () => Iterable<readonly MapEdge[]>;
}

/** Everything outside of the cluster. */
export const EXTERNAL = 'external';
/** Whoever serves Ingresses and routes: a pod in a namespace that nobody knows. */
export const INGRESS_CONTROLLER = 'ingress-controller';

/** Pods that policies cannot tell apart. */
interface Instance {
  readonly workload: Workload;
  readonly ingress: Restriction;
  readonly egress: Restriction;
}

interface Node {
  readonly name: string;
  readonly instances: readonly Instance[];
}

/** Who may talk to whom. Pods of one owner are one workload; a connection within a workload is no edge. */
export function networkMap(objects: NetworkObjects): NetworkMap {
  const nodes = nodesOf(objects);
  const free = { ingress: freeNames(nodes, 'ingress'), egress: freeNames(nodes, 'egress') };
  const ruled = nodes.filter(({ name }) => !free.ingress.has(name));
  return {
    workloads: nodes.map(({ name }) => name),
    free,
    *edges() {
      for (const from of nodes) yield* edgesOf(from, nodes, objects);
    },
    *ruledEdges() {
      for (const from of nodes) yield [...edgesOf(from, free.egress.has(from.name) ? ruled : nodes, objects)];
    },
  };
}

function* edgesOf(from: Node, targets: readonly Node[], objects: NetworkObjects): Generator<MapEdge> {
  yield* outsideEdges(from);
  yield* controllerEdges(from, objects);
  for (const to of targets) {
    const ports = from === to ? {} : between(from, to);
    if (hasPorts(ports)) yield { from: from.name, to: to.name, ports: formatPorts(ports) };
  }
}

function freeNames(nodes: readonly Node[], direction: Direction): ReadonlySet<string> {
  const isFree = ({ rules, admin, baseline }: Restriction): boolean => rules === undefined && admin.length === 0 && baseline.length === 0;
  return new Set(nodes.filter(({ instances }) => instances.every((instance) => isFree(instance[direction]))).map(({ name }) => name));
}

function nodesOf({ workloads, policies, adminPolicies, namespaces }: NetworkObjects): readonly Node[] {
  const labelsOf = namespaceLabels(namespaces);
  // Which of two with the same priority comes first is up to the network plugin.
  const all = { namespaced: policies, admin: adminPolicies.toSorted((a, b) => (a.name < b.name ? -1 : 1)) };
  const byName = new Map<string, Map<string, Instance>>();
  for (const workload of workloads) {
    const name = workloadName(workload);
    const instances = byName.get(name) ?? new Map<string, Instance>();
    byName.set(name, instances);
    const key = JSON.stringify([[...workload.labels].sort(), workload.ports, workload.hostNetwork]);
    if (instances.has(key)) continue;
    instances.set(key, { workload, ingress: restrictionOf(workload, 'ingress', all, labelsOf), egress: restrictionOf(workload, 'egress', all, labelsOf) });
  }
  return [...byName].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, instances]) => ({ name, instances: [...instances.values()] }));
}

/** `namespace/name[Kind]` */
export function workloadName({ ref, namespace }: Workload): string {
  return `${namespace}/${ref.name}[${ref.kind}]`;
}

function between(from: Node, to: Node): PortSet {
  const ports = from.instances.flatMap((source) => to.instances.map((target) => portsBetween(source, target)));
  return ports.length === 1 && ports[0] !== undefined ? ports[0] : unitePorts(ports);
}

function portsBetween(from: Instance, to: Instance): PortSet {
  const leaving = allowedPorts(from.egress, { pod: to.workload, ports: to.workload.ports });
  if (!hasPorts(leaving)) return leaving;
  const arriving = allowedPorts(to.ingress, { pod: from.workload, ports: from.workload.ports });
  return leaving === ALL_PORTS ? arriving : intersectPorts(leaving, arriving);
}

function* outsideEdges({ name, instances }: Node): Generator<MapEdge> {
  for (const { ports, addresses } of merge(instances.map(({ ingress }) => allowedOutside(ingress)))) {
    yield { from: EXTERNAL, to: name, ports: formatPorts(ports), ranges: formatSet(addresses) };
  }
  for (const { ports, addresses } of merge(instances.map(({ egress }) => allowedOutside(egress)))) {
    yield { from: name, to: EXTERNAL, ports: formatPorts(ports), ranges: formatSet(addresses) };
  }
}

/** What several instances allow, by ports. */
function merge(allowed: readonly (readonly AddressesWithPorts[])[]): readonly AddressesWithPorts[] {
  const byPorts = Map.groupBy(allowed.flat(), ({ ports }) => formatPorts(ports).join(','));
  return [...byPorts.values()].map((group) => ({ ports: group[0]?.ports ?? ALL_PORTS, addresses: union(group.map(({ addresses }) => addresses)) }));
}

function* controllerEdges({ name, instances }: Node, { entrances, services }: NetworkObjects): Generator<MapEdge> {
  const backends = entrances.flatMap((entrance) => entrance.backends);
  const ports = instances.flatMap(({ workload, ingress }) => {
    const chosen = services.filter((service) => choosesPod(service, workload));
    const sent = backends.flatMap((backend) =>
      chosen.filter(({ namespace, ref }) => namespace === backend.namespace && ref.name === backend.service).map((service) => targetPorts(service, workload, backend.port)),
    );
    return sent.length === 0 ? [] : [intersectPorts(unitePorts(sent), allowedPorts(ingress, STRANGER))];
  });
  const all = unitePorts(ports);
  if (hasPorts(all)) yield { from: INGRESS_CONTROLLER, to: name, ports: formatPorts(all) };
}
