import { remoteText } from '#src/model/connection-words.ts';
import type { Connection, ConnectionDirection, ConnectionSettings } from '#src/model/connection.ts';
import { formatSet, parseRange, type AddressSet } from '#src/network/addresses.ts';
import { portSpan, protocolOf, type PortSet, type Protocol } from '#src/network/ports.ts';
import { oncePerList } from '#src/network/address-lists.ts';

export { addressesOf } from '#src/network/address-lists.ts';

/** Ranges of one remote that a policy lists: plugins make a rule of each, for every pod. */
const MOST_CIDRS = 500;
/** Of ranges in a sentence. */
const NAMED = 5;

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

/** Why no policy can name all addresses of a connection, for people; undefined where one can. */
export function tooWide({ key: { remote } }: Pick<Connection, 'key'>, { groups }: Pick<ConnectionSettings, 'groups'>): string | undefined {
  const count = remote.kind === 'group' ? (groups.get(remote.name)?.length ?? 0) : 0;
  return count > MOST_CIDRS ? `${remoteText(remote)} has ${count.toLocaleString('en-US')} ranges, and a policy names ${MOST_CIDRS} at most` : undefined;
}

/** As CIDRs in order, each once. IPv4 that is written as IPv6 is IPv4. */
export const cidrsOf = oncePerList((texts): readonly string[] => {
  const sets = texts.flatMap((text) => {
    const set = parseRange(text);
    return set === undefined ? [] : [set];
  });
  const cidrs = new Set(sets.toSorted(byPlace).flatMap(formatSet));
  return [...cidrs];
});

/** Addresses or ranges in a sentence, as many as one can read. */
export function rangesText(texts: readonly string[]): string {
  return `${texts.slice(0, NAMED).join(', ')}${texts.length > NAMED ? ` and ${texts.length - NAMED} more` : ''}`;
}

export function portsOf({ protocol, port }: Pick<Entry, 'protocol' | 'port'>): PortSet {
  return portSpan(protocol, port);
}

function byPlace([a]: AddressSet, [b]: AddressSet): number {
  if (a === undefined || b === undefined) return 0;
  return a.family - b.family || (a.first < b.first ? -1 : a.first > b.first ? 1 : 0);
}
