import { otherEndText } from '#src/model/connection-words.ts';
import type { ConnectionDirection, ConnectionKey } from '#src/model/connection.ts';
import type { ObjectAddress } from '#src/model/plan.ts';
import { NothingToPropose } from '#src/model/request.ts';
import { formatSet, isEverybody, union, type AddressRange } from '#src/network/addresses.ts';
import type { AdminPolicy } from '#src/network/admin-policy.ts';
import { unclearText } from '#src/network/coverage.ts';
import { allowedFirst, allowedOutside, allowedPorts, cutForRules, restrictionOf, selects } from '#src/network/evaluate.ts';
import { ALL_PORTS, allPortsOf, formatPorts, hasPort, hasPorts, subtractPorts, type PortSet } from '#src/network/ports.ts';
import type { ClusterNetwork } from './cluster-network.ts';
import { addressesOf, rangesText, type Entry } from './entry.ts';
import type { Target } from './target.ts';

/** What the policies of others say about a connection. */
export interface ForeignSay {
  /** The one that lets it through by name. */
  readonly by: string | undefined;
  /** They close the direction, and none lets it through. */
  readonly closed: boolean;
}

export function foreignSay(entry: Entry, { pods }: Target, { policies, labelsOf }: ClusterNetwork): ForeignSay {
  const { direction } = entry;
  const addresses = addressesOf(entry.cidrs);
  const mine = policies.filter((policy) => policy[direction] !== undefined && selects(policy, pods));
  const letting = mine.find((policy) => {
    const restriction = restrictionOf(pods, direction, { namespaced: [policy], admin: [] }, labelsOf);
    return addresses.some((address) => hasPort(allowedPorts(restriction, { address }), entry.protocol, entry.port));
  });
  return { by: letting && `NetworkPolicy ${letting.namespace}/${letting.name}`, closed: letting === undefined && mine.length > 0 };
}

/**
 * Policies of administrators are asked before all that k8ssec can write.
 *
 * @throws {NothingToPropose} when one lets through what is to be denied, or when nobody can tell what one does.
 */
export function refuseAgainstAdmin(key: ConnectionKey, entry: Entry, { pods }: Target, { adminPolicies, labelsOf }: ClusterNetwork): void {
  const { direction, protocol, port } = entry;
  const admin = firstOf(adminPolicies).filter((policy) => policy.selects(pods, labelsOf));
  const unclear = admin.find((policy) => policy.unclear[direction].length > 0);
  if (unclear !== undefined) throw new NothingToPropose(`${unclearText(unclear, direction)}, so that nobody can tell whether it lets ${otherEndText(key)} through before every other policy.`);
  const lets = (policies: readonly AdminPolicy[], address: AddressRange): boolean => hasPort(allowedFirst(restrictionOf(pods, direction, { namespaced: [], admin: policies }, labelsOf), { address }), protocol, port);
  // Of several with the same priority, any may come first: this one, for all that is known.
  const isFirst = (policy: AdminPolicy, address: AddressRange): boolean => lets([policy], address) && lets([policy, ...admin.filter((other) => other !== policy)], address);
  const addresses = cutForRules(addressesOf(entry.cidrs), admin.flatMap((policy) => policy[direction]));
  const accepting = admin.find((policy) => addresses.some((address) => isFirst(policy, address)) || domainsOf(policy, entry).some((domain) => isNamedBy(domain, key)));
  if (accepting !== undefined) throw new NothingToPropose(`${accepting.kind} ${accepting.name} lets ${otherEndText(key)} through, and is asked before every other policy. Change that policy instead.`);
}

/** Names of domains that administrators let through, so that their addresses, which nobody knows here, are not blocked. */
export function acceptedDomains(entry: Entry, { pods }: Target, { adminPolicies, labelsOf }: ClusterNetwork): readonly string[] {
  return firstOf(adminPolicies).flatMap((policy) => {
    const domains = policy.selects(pods, labelsOf) ? domainsOf(policy, entry) : [];
    return domains.length === 0 ? [] : [`${policy.kind} ${policy.name} lets ${domains.join(', ')} through before every other policy: an address that is theirs as well is not blocked.`];
  });
}

function firstOf(policies: readonly AdminPolicy[]): readonly AdminPolicy[] {
  return policies.filter(({ baseline }) => !baseline);
}

/** Those that a policy lets through on the port. */
function domainsOf(policy: AdminPolicy, { direction, protocol, port }: Entry): readonly string[] {
  const accepted = policy[direction].filter(({ action, ports }) => action === 'Allow' && (ports?.some((rule) => rule.protocol === protocol && (rule.first ?? port) <= port && port <= (rule.last ?? port)) ?? true));
  return accepted.flatMap(({ peers = [] }) => peers.flatMap((peer) => ('domains' in peer ? peer.domains : [])));
}

/** `*.example.com` stands for every name below it. */
function isNamedBy(domain: string, { remote }: ConnectionKey): boolean {
  if (remote.kind !== 'name') return false;
  const [wanted, name] = [domain, remote.name].map((text) => text.toLowerCase().replace(/\.$/, ''));
  return wanted?.startsWith('*.') === true ? name?.endsWith(wanted.slice(1)) === true : name === wanted;
}

/** What administrators let through whatever any other policy says, and whole sentences about it. */
export function letFirst(direction: ConnectionDirection, { pods }: Pick<Target, 'pods'>, { adminPolicies, labelsOf }: Pick<ClusterNetwork, 'adminPolicies' | 'labelsOf'>): { readonly isEverywhere: boolean; readonly stays: readonly string[] } {
  const admin = firstOf(adminPolicies).filter((policy) => policy.selects(pods, labelsOf));
  // It shows against a policy that closes everything.
  const closing = { namespace: pods.namespace, name: '', selects: () => true, selectsAll: true, ingress: [], egress: [] };
  const open = allowedOutside(restrictionOf(pods, direction, { namespaced: [closing], admin }, labelsOf));
  const wholly = open.filter(({ ports }) => !hasPorts(subtractPorts(allPortsOf('TCP'), ports)));
  const ranges = open.map(({ addresses, ports }) => `${rangesText(formatSet(addresses))}${onPorts(ports)}`);
  const names = admin.map(({ kind, name }) => `${kind} ${name}`).join(', ');
  const stays = admin.flatMap((policy) => {
    const domains = policy[direction].flatMap(({ action, peers = [] }) => (action === 'Allow' ? peers.flatMap((peer) => ('domains' in peer ? peer.domains : [])) : []));
    return [
      ...(domains.length === 0 ? [] : [`${policy.kind} ${policy.name} lets ${domains.join(', ')} through before every other policy.`]),
      ...(policy.unclear[direction].length === 0 ? [] : [`${unclearText(policy, direction)}, so that nobody can tell whether it lets more through before every other policy.`]),
    ];
  });
  return { isEverywhere: isEverybody(union(wholly.map(({ addresses }) => addresses))), stays: [...(ranges.length === 0 ? [] : [`${ranges.join('; ')} stays open: ${names} lets it through, whatever other policies say.`]), ...stays] };
}

/** Nothing for every port. */
function onPorts(ports: PortSet): string {
  return hasPorts(subtractPorts(ALL_PORTS, ports)) ? ` on ${rangesText(formatPorts(ports))}` : '';
}

export function alreadyBlocked({ kind, namespace = '', name }: ObjectAddress): string {
  return `${kind} ${namespace}/${name} blocks it already.`;
}
