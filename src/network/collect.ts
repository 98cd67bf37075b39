import type { ObjectRef } from '#src/model/finding.ts';
import { WORKLOAD_KINDS, type Kind } from '#src/model/kinds.ts';
import { textMapAt, type RawObject } from '#src/model/raw.ts';
import { parseAdminPolicy, type AdminPolicy } from './admin-policy.ts';
import { gatewayOf, ingressEntrance, openShiftEntrance, routeEntrance, virtualServiceEntrance, type Entrance, type Gateway } from './entrances.ts';
import { DIRECTIONS, parsePolicy, type Policy } from './policy.ts';
import { serviceOf, type Service } from './services.ts';
import { workloadOf, type Workload } from './workloads.ts';

/** What the map of a cluster is made from. */
export interface NetworkObjects {
  readonly workloads: Workload[];
  readonly services: Service[];
  readonly entrances: Entrance[];
  readonly gateways: Gateway[];
  readonly policies: Policy[];
  readonly adminPolicies: AdminPolicy[];
  /** Labels of each namespace. */
  readonly namespaces: Map<string, ReadonlyMap<string, string>>;
  /** Policies of network plugins, which the map does not read. */
  readonly unread: ObjectRef[];
}

const ROUTE_KINDS = ['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute', 'UDPRoute'] as const satisfies readonly Kind[];
/** Kinds that send what comes from outside to Services. */
export const ENTRANCE_KINDS = ['Ingress', 'Route', ...ROUTE_KINDS, 'VirtualService'] as const satisfies readonly Kind[];
export const GATEWAY_KINDS = ['Gateway', 'IstioGateway'] as const satisfies readonly Kind[];
/** Policies that only network plugins read. */
export const VENDOR_POLICY_KINDS = ['CiliumNetworkPolicy', 'CiliumClusterwideNetworkPolicy', 'CalicoNetworkPolicy', 'GlobalNetworkPolicy'] as const satisfies readonly Kind[];
export const ADMIN_POLICY_KINDS = ['AdminNetworkPolicy', 'BaselineAdminNetworkPolicy', 'ClusterNetworkPolicy'] as const satisfies readonly Kind[];

export const MAP_KINDS: readonly Kind[] = ['Namespace', 'Service', ...WORKLOAD_KINDS, ...ENTRANCE_KINDS, ...GATEWAY_KINDS, 'NetworkPolicy', ...ADMIN_POLICY_KINDS, ...VENDOR_POLICY_KINDS];

export function createNetworkObjects(): NetworkObjects {
  return { workloads: [], services: [], entrances: [], gateways: [], policies: [], adminPolicies: [], namespaces: new Map(), unread: [] };
}

/** Keeps what the map needs of an object of `MAP_KINDS`. */
export function addNetworkObject(into: NetworkObjects, kind: Kind, object: RawObject, ref: ObjectRef): void {
  switch (kind) {
    case 'Namespace':
      into.namespaces.set(ref.name, textMapAt(object, 'metadata', 'labels'));
      return;
    case 'Service':
      into.services.push(serviceOf(object, ref));
      return;
    case 'NetworkPolicy':
      into.policies.push(parsePolicy(object));
      return;
  }
  const entrance = entranceOf(kind, object, ref);
  const gateway = gatewayIn(kind, object, ref);
  const workload = workloadOf(object, ref);
  if (entrance !== undefined) into.entrances.push(entrance);
  else if (gateway !== undefined) into.gateways.push(gateway);
  else if (workload !== undefined) into.workloads.push(workload);
  else if (isAmong(ADMIN_POLICY_KINDS, kind)) into.adminPolicies.push(parseAdminPolicy(object));
  else if (isAmong(VENDOR_POLICY_KINDS, kind)) into.unread.push(ref);
}

/** Policies of administrators that the map may show less of than they do. */
export function readInPart({ adminPolicies }: Pick<NetworkObjects, 'adminPolicies'>): readonly AdminPolicy[] {
  return adminPolicies.filter(({ inPart, unclear }) => inPart || DIRECTIONS.some((direction) => unclear[direction].length > 0));
}

/** Undefined for an object of another kind. */
export function entranceOf(kind: Kind, object: RawObject, ref: ObjectRef): Entrance | undefined {
  if (kind === 'Ingress') return ingressEntrance(object, ref);
  if (kind === 'Route') return openShiftEntrance(object, ref);
  if (kind === 'VirtualService') return virtualServiceEntrance(object, ref);
  return isAmong(ROUTE_KINDS, kind) ? routeEntrance(object, ref) : undefined;
}

/** Undefined for an object of another kind. */
export function gatewayIn(kind: Kind, object: RawObject, ref: ObjectRef): Gateway | undefined {
  return isAmong(GATEWAY_KINDS, kind) ? gatewayOf(object, ref) : undefined;
}

function isAmong(kinds: readonly Kind[], kind: Kind): boolean {
  return kinds.includes(kind);
}
