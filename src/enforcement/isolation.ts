import { distinct, type Composition } from '#src/actions/composition.ts';
import type { ConnectionDirection, ConnectionSettings } from '#src/model/connection.ts';
import { isObject, listAt, objectsAt, textAt, type RawObject } from '#src/model/raw.ts';
import { NothingToPropose } from '#src/model/request.ts';
import { contains } from '#src/network/addresses.ts';
import { PEERS_FIELD } from '#src/network/policy.ts';
import type { ClusterNetwork } from './cluster-network.ts';
import type { BlockForm } from './block-form.ts';
import { addressesOf, cidrsOf, passageOf, type Entry, type Passage } from './entry.ts';
import type { Target } from './target.ts';

/** Addresses of nodes that a policy lists one by one; more than that would have to follow every new node. */
const MOST_NODES = 100;
const ANY_POD = { namespaceSelector: {} } as const;

/**
 * A NetworkPolicy closes a direction of the workload, but for DNS, everything in the cluster, the networks of the organisation and what is
 * kept; of that single rules are taken out again. Its ground throws NothingToPropose when it would cut what cannot be named.
 */
export function isolationForm({ selector }: Target, direction: ConnectionDirection, kept: readonly Entry[], network: ClusterNetwork, settings: ConnectionSettings): BlockForm {
  const base = () => (direction === 'egress' ? [...dnsRules(network), ...clusterRules(direction, network, settings), ...apiServerPassages(network).flatMap(networkPolicyAllows)] : clusterRules(direction, network, settings));
  return {
    constants: { podSelector: selector },
    field: direction,
    types: 'policyTypes',
    ground: () => [...base(), ...kept.flatMap((entry) => networkPolicyAllows(passageOf(entry, false)))],
    closing: (entry, made) => ({ remove: distinct([...networkPolicyAllows(passageOf(entry, false)), ...within(entry, made)]) }),
  };
}

/** One for each address. Every field that the API server would fill in is written. */
export function networkPolicyAllows({ direction, cidrs, ports }: Passage): readonly RawObject[] {
  return cidrs.map((cidr) => ({ [PEERS_FIELD[direction]]: blocks([cidr]), ...(ports.length > 0 && { ports: ports.map(({ protocol, port }) => ({ protocol, port })) }) }));
}

/** Rules that let addresses of a denied range through, under whatever name. */
function within({ direction, cidrs, protocol, port }: Entry, { ground, parts }: Composition): readonly RawObject[] {
  const denied = addressesOf(cidrs);
  const rules = [...(ground[direction] ?? []), ...parts.flatMap(({ field, opens = [] }) => (field === direction ? opens : []))];
  return rules.filter(isObject).filter((rule) => {
    const isOfPort = objectsAt(rule, 'ports').some(([, entry]) => textAt(entry, 'protocol') === protocol && entry.port === port);
    const peers = listAt(rule, PEERS_FIELD[direction]).map((peer) => textAt(peer, 'ipBlock', 'cidr'));
    return isOfPort && peers.length > 0 && peers.every((cidr) => cidr !== undefined && contains(denied, addressesOf([cidr])));
  });
}

/** Where no Service answers DNS, as on clouds that do it outside of the cluster, nobody knows where queries go. */
function dnsRules({ dns, localDns }: ClusterNetwork): readonly RawObject[] {
  const direct = ['UDP', 'TCP'].map((protocol) => ({ protocol, port: 53 }));
  if (dns === undefined) return [{ ports: direct }];
  const pods = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': dns.namespace } }, podSelector: { matchLabels: dns.selector } };
  return [
    { to: [pods], ports: dns.ports.map(({ protocol, port }) => ({ protocol, port })) },
    // Some plugins judge by the address of the Service, and the cache on the node has one of its own.
    { to: blocks(cidrsOf([...dns.addresses, ...localDns])), ports: direct },
  ];
}

/** Pods of the whole cluster, its nodes or ranges, and the organisation's networks. */
function clusterRules(direction: ConnectionDirection, network: ClusterNetwork, settings: ConnectionSettings): readonly RawObject[] {
  return [{ [PEERS_FIELD[direction]]: [ANY_POD, ...blocks(openRanges(network, settings))] }];
}

/** Nodes of the cluster, or its ranges, and the organisation's networks. @throws {NothingToPropose} */
export function openRanges({ nodes }: ClusterNetwork, { clusterRanges, corporateRanges }: ConnectionSettings): readonly string[] {
  if (clusterRanges.length === 0 && nodes.length > MOST_NODES) throw new NothingToPropose(`The cluster has ${nodes.length} nodes, which are too many to name in a policy. Name the ranges of its nodes as clusterRanges in the configuration file.`);
  return cidrsOf([...(clusterRanges.length > 0 ? clusterRanges : nodes), ...corporateRanges]);
}

/** One for each port of the API server. */
export function apiServerPassages({ apiServer }: ClusterNetwork): readonly Passage[] {
  const byPort = Map.groupBy(apiServer, ({ port }) => port);
  return [...byPort].map(([port, ends]) => ({ direction: 'egress', cidrs: cidrsOf(ends.map(({ address }) => address)), names: [], ports: [{ protocol: 'TCP', port }] }));
}

function blocks(cidrs: readonly string[]): readonly RawObject[] {
  return cidrs.map((cidr) => ({ ipBlock: { cidr } }));
}
