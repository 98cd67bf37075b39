import type { ConnectionDirection, ConnectionSettings } from '#src/model/connection.ts';
import { listAt, objectsAt, textAt, type RawObject } from '#src/model/raw.ts';
import { contains } from '#src/network/addresses.ts';
import type { ClosingForm } from './block-form.ts';
import type { ClusterNetwork } from './cluster-network.ts';
import { addressesOf, cidrsOf, type Entry, type Passage } from './entry.ts';
import type { Target } from './target.ts';

/** What Cilium itself calls the pods and nodes of the cluster, and its API server wherever that runs. */
const CLUSTER_ENTITIES = ['cluster', 'kube-apiserver'] as const;
/** A star of Cilium stands for one part of a name. Names with more parts than this before the end are not let through. */
export const NAME_PARTS = 3;
const STAR = '*.';

/** Closes a direction by having rules for it. In an object of its own: `enableDefaultDeny`, which keeps what denies from closing anything, is for a whole object. */
export function ciliumIsolation({ selector }: Target, direction: ConnectionDirection, kept: readonly Passage[], byName: boolean, network: ClusterNetwork, settings: ConnectionSettings): ClosingForm {
  return {
    constants: { endpointSelector: selector },
    field: direction,
    ground: () => [...(direction === 'egress' ? dnsRules(network, byName) : []), ...clusterRules(direction, settings), ...kept.flatMap(ciliumAllows)],
    tail: () => [],
    opens: () => [],
  };
}

/** A rule has either names or addresses. */
export function ciliumAllows({ direction, cidrs, names, ports }: Passage): readonly RawObject[] {
  const toPorts = ports.length === 0 ? {} : { toPorts: [{ ports: ports.map(({ protocol, port }) => ({ port: String(port), protocol })) }] };
  return [...names.map((name) => ({ toFQDNs: patternsOf(name), ...toPorts })), ...cidrs.map((cidr) => ({ [SET_FIELD[direction]]: [{ cidr }], ...toPorts }))];
}

const SET_FIELD = { egress: 'toCIDRSet', ingress: 'fromCIDRSet' } as const;

function patternsOf(name: string): readonly RawObject[] {
  if (!name.startsWith(STAR)) return [{ matchName: name }];
  return Array.from({ length: NAME_PARTS }, (_, index) => ({ matchPattern: `${STAR.repeat(index)}${name}` }));
}

/** Names pass only once Cilium's DNS proxy has seen what they lead to, so that queries have to go through it. */
function dnsRules({ dns, localDns }: ClusterNetwork, byName: boolean): readonly RawObject[] {
  const through = (ports: readonly { readonly protocol: string; readonly port: number | string }[]) => ({
    toPorts: [{ ports: ports.map(({ protocol, port }) => ({ port: String(port), protocol })), ...(byName && { rules: { dns: [{ matchPattern: '*' }] } }) }],
  });
  const direct = through(['UDP', 'TCP'].map((protocol) => ({ protocol, port: 53 })));
  if (dns === undefined) return [direct];
  const labels = Object.fromEntries(Object.entries(dns.selector).map(([label, value]) => [`k8s:${label}`, value]));
  return [
    { toEndpoints: [{ matchLabels: { 'k8s:io.kubernetes.pod.namespace': dns.namespace, ...labels } }], ...through(dns.ports) },
    // The cache on the node answers under an address that belongs to the node, or to nobody that Cilium knows; or queries are led to its pod.
    ...(localDns.length === 0 ? [] : [{ toEntities: ['cluster'], ...direct }, { toCIDRSet: cidrsOf([...dns.addresses, ...localDns]).map((cidr) => ({ cidr })), ...direct }]),
  ];
}

function clusterRules(direction: ConnectionDirection, { clusterRanges, corporateRanges }: ConnectionSettings): readonly RawObject[] {
  const ranges = cidrsOf([...clusterRanges, ...corporateRanges]);
  return [{ [direction === 'egress' ? 'toEntities' : 'fromEntities']: CLUSTER_ENTITIES }, ...(ranges.length === 0 ? [] : [{ [SET_FIELD[direction]]: ranges.map((cidr) => ({ cidr })) }])];
}

/** Whether the policy closes this direction. */
export function ciliumCloses(spec: RawObject, direction: ConnectionDirection): boolean {
  return listAt(spec, direction).length > 0;
}

/** Whether the policy was made with the DNS proxy, which names need. */
export function isByName(spec: RawObject): boolean {
  return objectsAt(spec, 'egress').some(([, rule]) => objectsAt(rule, 'toPorts').some(([, ports]) => listAt(ports, 'rules', 'dns').length > 0));
}

/** Tells whether a policy that closes the direction lets these addresses through, or their name. */
export function ciliumLets(spec: RawObject, direction: ConnectionDirection): (entry: Entry) => boolean {
  const rules = objectsAt(spec, direction).map(([, rule]) => ({
    ports: objectsAt(rule, 'toPorts').flatMap(([, entry]) => objectsAt(entry, 'ports').map(([, one]) => `${textAt(one, 'protocol') ?? ''} ${textAt(one, 'port') ?? ''}`)),
    names: objectsAt(rule, 'toFQDNs').map(([, selector]) => selector),
    addresses: addressesOf(objectsAt(rule, SET_FIELD[direction]).map(([, entry]) => textAt(entry, 'cidr') ?? '')),
    isForAll: !('toFQDNs' in rule || 'toEntities' in rule || 'fromEntities' in rule || 'toEndpoints' in rule || SET_FIELD[direction] in rule),
  }));
  return ({ cidrs, name, protocol, port }) =>
    rules.some(({ ports, names, addresses, isForAll }) => {
      if (ports.length > 0 && !ports.includes(`${protocol} ${port}`)) return false;
      const isNamed = name !== undefined && names.some((selector) => isNamedBy(selector, name));
      return isForAll || isNamed || (cidrs.length > 0 && contains(addresses, addressesOf(cidrs)));
    });
}

/** A star stands for any part of a label, and never for a dot. */
function isNamedBy(selector: RawObject, name: string): boolean {
  if (textAt(selector, 'matchName') === name) return true;
  const pattern = textAt(selector, 'matchPattern');
  return pattern !== undefined && new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '[-a-z0-9_]*')}$`).test(name);
}
