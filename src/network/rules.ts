import { parseLabelSelector } from '#src/model/label-selector.ts';
import { objectAt, type RawObject } from '#src/model/raw.ts';
import { intersect, type AddressRange, type AddressSet } from './addresses.ts';
import { ALL_PORTS, allPortsOf, NO_PORTS, portSpan, unitePorts, type PortSet, type Protocol } from './ports.ts';
import type { ContainerPort, PodPlace } from './workloads.ts';

export type Direction = 'ingress' | 'egress';

/** Labels of a namespace by its name. */
export type NamespaceLabels = (namespace: string) => ReadonlyMap<string, string>;

export type PodMatcher = (pod: PodPlace, labelsOf: NamespaceLabels) => boolean;

/** Whom a rule is about: pods, addresses outside of the cluster, or names of domains, whose addresses are not known. Addresses never stand for pods. */
export type Peer = { readonly pods: PodMatcher } | { readonly addresses: AddressSet } | { readonly domains: readonly string[] };

/** One entry of a rule's ports. Without `first` and `name` every port of the protocol. */
export interface PortRule {
  readonly protocol: Protocol;
  /** A port of the pod that the connection goes to. */
  readonly name?: string;
  readonly first?: number;
  readonly last?: number;
}

export interface Rule {
  /** Undefined when the rule names nobody, which means everybody. */
  readonly peers: readonly Peer[] | undefined;
  /** Undefined for every port. */
  readonly ports: readonly PortRule[] | undefined;
}

/** The other end of a connection: a pod with its ports, or addresses outside of which no rule takes only some. */
export type OtherEnd = { readonly pod: PodPlace; readonly ports: readonly ContainerPort[] } | { readonly address: AddressRange };

/** Gives every namespace the label that Kubernetes gives it. */
export function namespaceLabels(known: ReadonlyMap<string, ReadonlyMap<string, string>>): NamespaceLabels {
  const cache = new Map<string, ReadonlyMap<string, string>>();
  return (name) => {
    const cached = cache.get(name);
    if (cached !== undefined) return cached;
    const labels = new Map([...(known.get(name) ?? []), ['kubernetes.io/metadata.name', name]]);
    cache.set(name, labels);
    return labels;
  };
}

/** The pods that a namespaceSelector and a podSelector in one place choose; `home` is the namespace where no other is named. */
export function podMatcher(place: RawObject, home: string | undefined): PodMatcher {
  const namespaces = objectAt(place, 'namespaceSelector');
  const chooseNamespace = namespaces === undefined ? undefined : parseLabelSelector(namespaces);
  const choosePod = parseLabelSelector(objectAt(place, 'podSelector') ?? {});
  return (pod, labelsOf) =>
    !pod.hostNetwork && (chooseNamespace === undefined ? pod.namespace === home : chooseNamespace(labelsOf(pod.namespace))) && choosePod(pod.labels);
}

export function concerns(peers: Rule['peers'], other: OtherEnd, labelsOf: NamespaceLabels): boolean {
  if (peers === undefined) return true;
  return peers.some((peer) => {
    if ('addresses' in peer) return 'address' in other && intersect(peer.addresses, [other.address]).length > 0;
    return 'pods' in peer && 'pod' in other && peer.pods(other.pod, labelsOf);
  });
}

/** The ports of a rule on the pod that the connection goes to; a name that it does not have opens nothing. */
export function resolvePorts(rules: Rule['ports'], target: readonly ContainerPort[]): PortSet {
  return rules === undefined ? ALL_PORTS : unitePorts(rules.map((rule) => resolvePort(rule, target)));
}

function resolvePort({ protocol, name, first, last }: PortRule, target: readonly ContainerPort[]): PortSet {
  if (first !== undefined) return portSpan(protocol, first, last);
  if (name === undefined) return allPortsOf(protocol);
  const named = target.find((port) => port.name === name && port.protocol === protocol);
  return named === undefined ? NO_PORTS : portSpan(protocol, named.port);
}
