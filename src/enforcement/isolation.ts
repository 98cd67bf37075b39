import { canonicalJson } from '#src/actions/canonical.ts';
import type { ConnectionDirection, ConnectionSettings } from '#src/model/connection.ts';
import { listAt, objectAt, objectsAt, textAt, textsAt, type RawObject } from '#src/model/raw.ts';
import { NothingToPropose } from '#src/model/request.ts';
import { contains } from '#src/network/addresses.ts';
import { PEERS_FIELD } from '#src/network/policy.ts';
import type { ClusterNetwork } from './cluster-network.ts';
import { addressesOf, cidrsOf, type Entry } from './entry.ts';
import type { Target } from './target.ts';

const TITLE = { egress: 'Egress', ingress: 'Ingress' } as const;
/** Addresses of nodes that a policy lists one by one; more than that would have to follow every new node. */
const MOST_NODES = 100;
const ANY_POD = { namespaceSelector: {} } as const;

/**
 * A NetworkPolicy that closes a direction of the workload, but for DNS, everything in the cluster, the networks of the organisation and
 * what is kept.
 *
 * @throws {NothingToPropose} when it would cut what cannot be named.
 */
export function isolating(spec: RawObject | undefined, direction: ConnectionDirection, kept: readonly Entry[], target: Target, network: ClusterNetwork, settings: ConnectionSettings): RawObject {
  const { podSelector = target.selector, policyTypes, ...rest } = spec ?? {};
  const base = direction === 'egress' ? [...dnsRules(network), ...clusterRules(direction, network, settings), ...apiServerRules(network)] : clusterRules(direction, network, settings);
  const rules = distinct([...base, ...kept.filter((entry) => entry.direction === direction).map(ruleOf)]);
  const types = [...new Set([...textsAt({ policyTypes }, 'policyTypes'), TITLE[direction]])].sort();
  return { ...rest, podSelector, policyTypes: types, [direction]: rules };
}

/** Whether the policy closes this direction. */
export function closes(spec: RawObject, direction: ConnectionDirection): boolean {
  return textsAt(spec, 'policyTypes').includes(TITLE[direction]);
}

/** Lets through no longer what is denied; every other rule stays. */
export function isolatingWithout(spec: RawObject, { direction, cidrs, protocol, port }: Entry): RawObject {
  const field = PEERS_FIELD[direction];
  const denied = addressesOf(cidrs);
  const rules = objectsAt(spec, direction).flatMap(([, rule]): readonly RawObject[] => {
    const isOfPort = objectsAt(rule, 'ports').some(([, entry]) => textAt(entry, 'protocol') === protocol && entry.port === port);
    if (!isOfPort) return [rule];
    const peers = listAt(rule, field).filter((peer) => !contains(denied, addressesOf([textAt(peer, 'ipBlock', 'cidr') ?? ''])) || objectAt(peer, 'ipBlock') === undefined);
    return peers.length === 0 ? [] : [{ ...rule, [field]: peers }];
  });
  return { ...spec, [direction]: rules };
}

/** Lets this through besides; every rule that is there stays. */
export function isolatingBut(spec: RawObject, entry: Entry): RawObject {
  return { ...spec, [entry.direction]: distinct([...objectsAt(spec, entry.direction).map(([, rule]) => rule), ruleOf(entry)]) };
}

/** Every field that the API server would fill in is written, so that it is seen when somebody changes the object. */
function ruleOf({ direction, cidrs, protocol, port }: Entry): RawObject {
  return { [PEERS_FIELD[direction]]: blocks(cidrs), ports: [{ protocol, port }] };
}

function dnsRules({ dns, localDns }: ClusterNetwork): readonly RawObject[] {
  if (dns === undefined) throw new NothingToPropose('The Service that answers DNS in the cluster was not found, and the policy would cut it off.');
  const pods = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': dns.namespace } }, podSelector: { matchLabels: dns.selector } };
  const direct = ['UDP', 'TCP'].map((protocol) => ({ protocol, port: 53 }));
  return [
    { to: [pods], ports: dns.ports.map(({ protocol, port }) => ({ protocol, port })) },
    // Some plugins judge by the address of the Service, and the cache on the node has one of its own.
    { to: blocks(cidrsOf([...dns.addresses, ...localDns])), ports: direct },
  ];
}

/** Pods of the whole cluster, its nodes or ranges, and the organisation's networks. */
function clusterRules(direction: ConnectionDirection, { nodes }: ClusterNetwork, { clusterRanges, corporateRanges }: ConnectionSettings): readonly RawObject[] {
  if (clusterRanges.length === 0 && nodes.length > MOST_NODES) throw new NothingToPropose(`The cluster has ${nodes.length} nodes, which are too many to name in a policy. Name the ranges of its nodes as clusterRanges in the configuration file.`);
  const ranges = cidrsOf([...(clusterRanges.length > 0 ? clusterRanges : nodes), ...corporateRanges]);
  return [{ [PEERS_FIELD[direction]]: [ANY_POD, ...blocks(ranges)] }];
}

function apiServerRules({ apiServer }: ClusterNetwork): readonly RawObject[] {
  const byPort = Map.groupBy(apiServer, ({ port }) => port);
  return [...byPort].map(([port, ends]) => ruleOf({ direction: 'egress', cidrs: cidrsOf(ends.map(({ address }) => address)), protocol: 'TCP', port }));
}

function blocks(cidrs: readonly string[]): readonly RawObject[] {
  return cidrs.map((cidr) => ({ ipBlock: { cidr } }));
}

function distinct(rules: readonly RawObject[]): readonly RawObject[] {
  return [...new Map(rules.map((rule) => [canonicalJson(rule), rule])).values()];
}
