import { qualifiedName, type ObjectRef } from '#src/model/finding.ts';
import { classOf } from './addresses.ts';
import type { Entrance, Gateway } from './entrances.ts';
import { choosesPod, targetPorts, type Service } from './services.ts';
import type { PortSet } from './ports.ts';
import type { Workload } from './workloads.ts';

const ARROW = ' → ';

/** How something leads in from outside of the cluster. */
export type DoorKind = 'node-port' | 'load-balancer' | 'external-ip' | 'route';

/** What leads from outside to a Service. */
export interface Door {
  readonly kind: DoorKind;
  /** The Service itself, or the Ingress or route that sends to it. */
  readonly ref: ObjectRef;
  readonly service: Service;
  /** Port of the Service that it leads to, by number or name; undefined for all. */
  readonly port: number | string | undefined;
}

/** Everything that leads in. */
export interface Outside {
  readonly services: readonly Service[];
  readonly entrances: readonly Entrance[];
  readonly gateways: readonly Gateway[];
  /** No Gateway is missing from the list. */
  readonly complete: boolean;
}

/** A workload with one way to it from the internet. */
export interface Exposure<W extends Workload = Workload> {
  readonly workload: W;
  readonly door: Door;
  /** Of the pods, as far as the door names some that they have. */
  readonly ports: PortSet;
}

/** Every way from the internet to a Service. Internal load balancers and proxies, and those that let only some addresses in, are none. */
export function doorsOf({ services, entrances, gateways, complete }: Outside): readonly Door[] {
  const byName = new Map(services.map((service) => [`${service.namespace}/${service.ref.name}`, service]));
  const knownGateways = new Map(gateways.map((gateway) => [gateway.key, gateway]));
  const own = services.flatMap((service) => ownDoors(service).map((kind): Door => ({ kind, ref: service.ref, service, port: undefined })));
  const routed = entrances
    .filter((entrance) => leadsIn(entrance, knownGateways, complete))
    .flatMap(({ ref, backends }) =>
      backends.flatMap(({ namespace, service: name, port }): readonly Door[] => {
        const service = byName.get(`${namespace}/${name}`);
        return service === undefined ? [] : [{ kind: 'route', ref, service, port }];
      }),
    );
  return [...own, ...routed];
}

/** The workloads behind doors. One that several doors lead to is there once for each. */
export function exposuresOf<W extends Workload>(workloads: readonly W[], doors: readonly Door[]): readonly Exposure<W>[] {
  const byNamespace = Map.groupBy(workloads, ({ namespace }) => namespace);
  return doors.flatMap((door) =>
    (byNamespace.get(door.service.namespace) ?? [])
      .filter((workload) => choosesPod(door.service, workload))
      .map((workload) => ({ workload, door, ports: targetPorts(door.service, workload, door.port) })),
  );
}

/** Worst first. */
export function compareDoors(a: Door, b: Door): number {
  const order: readonly DoorKind[] = ['load-balancer', 'route', 'external-ip', 'node-port'];
  return order.indexOf(a.kind) - order.indexOf(b.kind) || compareText(describeRef(a.ref), describeRef(b.ref));
}

/** `internet → Ingress shop/web → Service shop/web → Deployment shop/web (3 pods)` */
export function describeExposure({ workload, door }: Exposure): string {
  return describeWay(doorPath(door), workload.ref, workload.replicas);
}

/** The same from its parts, as a finding keeps them. */
export function describeWay(door: string, workload: ObjectRef, pods: number | undefined): string {
  const count = pods === undefined ? '' : ` (${pods} ${pods === 1 ? 'pod' : 'pods'})`;
  return ['internet', door, `${describeRef(workload)}${count}`].join(ARROW);
}

/** `LoadBalancer shop/web`, `Ingress shop/web → Service shop/web` */
export function doorPath(door: Door): string {
  return door.kind === 'route' ? [describeRef(door.ref), describeRef(door.service.ref)].join(ARROW) : doorWord(door);
}

/** What a path of a door begins with, whatever it sends to. */
export function doorOfPath(path: string): string {
  return path.split(ARROW)[0] ?? path;
}

/** `the LoadBalancer shop/web`, `the Ingress shop/web`: for sentences. */
export function doorWord({ kind, ref, service }: Door): string {
  switch (kind) {
    case 'node-port':
      return `NodePort ${qualifiedName(ref)}`;
    case 'load-balancer':
      return `LoadBalancer ${qualifiedName(ref)}`;
    case 'external-ip':
      return `external address ${service.externalIPs.join(', ')} of Service ${qualifiedName(ref)}`;
    case 'route':
      return describeRef(ref);
  }
}

function ownDoors({ type, balancer, externalIPs }: Service): readonly DoorKind[] {
  const doors: DoorKind[] = [];
  if (type === 'NodePort') doors.push('node-port');
  if (balancer !== undefined && !balancer.internal && balancer.ranges === undefined) doors.push('load-balancer');
  if (externalIPs.some((address) => classOf(address) === 'public')) doors.push('external-ip');
  return doors;
}

function leadsIn({ internal, gateways }: Entrance, known: ReadonlyMap<string, Gateway>, complete: boolean): boolean {
  if (internal) return false;
  if (gateways === undefined) return true;
  return gateways.some((key) => known.get(key)?.internal === false || (!known.has(key) && !complete));
}

function describeRef(ref: ObjectRef): string {
  return `${ref.kind} ${qualifiedName(ref)}`;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
