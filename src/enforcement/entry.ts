import { remoteText } from '#src/model/connection-words.ts';
import type { Connection, ConnectionDirection, ConnectionSettings } from '#src/model/connection.ts';
import { formatSet, parseRange, union, type AddressSet } from '#src/network/addresses.ts';
import { portSpan, protocolOf, type PortSet, type Protocol } from '#src/network/ports.ts';

/** Addresses and a port, as rules of every sort of policy name them. */
export interface Entry {
  readonly direction: ConnectionDirection;
  /** A host of IPv4 is a /32, one of IPv6 a /128. */
  readonly cidrs: readonly string[];
  readonly protocol: Protocol;
  /** Of the side that is connected to. */
  readonly port: number;
}

/** Undefined where no address of it is known. */
export function entryOf({ key, addresses }: Pick<Connection, 'key' | 'addresses'>, { groups }: ConnectionSettings): Entry | undefined {
  const { remote, direction, port } = key;
  const protocol = protocolOf(key.protocol);
  const texts = remote.kind === 'address' ? [remote.address] : remote.kind === 'group' ? (groups.get(remoteText(remote)) ?? []) : addresses;
  const cidrs = cidrsOf(texts);
  return cidrs.length === 0 || protocol === undefined ? undefined : { direction, cidrs, protocol, port };
}

/** As CIDRs in order, each once. IPv4 that is written as IPv6 is IPv4. */
export function cidrsOf(texts: readonly string[]): readonly string[] {
  const sets = texts.flatMap((text) => {
    const set = parseRange(text);
    return set === undefined ? [] : [set];
  });
  const cidrs = new Set(sets.toSorted(byPlace).flatMap(formatSet));
  return [...cidrs];
}

export function addressesOf(cidrs: readonly string[]): AddressSet {
  return union(cidrs.map((cidr) => parseRange(cidr) ?? []));
}

export function portsOf({ protocol, port }: Pick<Entry, 'protocol' | 'port'>): PortSet {
  return portSpan(protocol, port);
}

function byPlace([a]: AddressSet, [b]: AddressSet): number {
  if (a === undefined || b === undefined) return 0;
  return a.family - b.family || (a.first < b.first ? -1 : a.first > b.first ? 1 : 0);
}
