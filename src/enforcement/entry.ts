import { remoteText } from '#src/model/connection-words.ts';
import type { Connection, ConnectionDirection, ConnectionSettings } from '#src/model/connection.ts';
import { formatSet, parseRange, type AddressSet } from '#src/network/addresses.ts';
import { portSpan, protocolOf, type PortSet, type Protocol } from '#src/network/ports.ts';
import { oncePerList } from '#src/network/address-lists.ts';

export { addressesOf } from '#src/network/address-lists.ts';

/** Ranges of one remote that a policy lists: plugins make a rule of each, for every pod. */
export const MOST_CIDRS = 500;
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
  /** By which the workload asked DNS for it. Some sorts of policy let names through, and none denies them. */
  readonly name?: string;
}

/** Undefined where no address of it is known. */
export function entryOf(connection: Pick<Connection, 'key' | 'addresses'>, settings: ConnectionSettings): Entry | undefined {
  const entry = reachOf(connection, settings);
  return entry === undefined || entry.cidrs.length === 0 ? undefined : entry;
}

/** Undefined where neither an address nor a name of it is known. */
export function reachOf({ key, addresses }: Pick<Connection, 'key' | 'addresses'>, { groups }: ConnectionSettings): Entry | undefined {
  const { remote, direction, port } = key;
  const protocol = protocolOf(key.protocol);
  const texts = remote.kind === 'address' ? [remote.address] : remote.kind === 'group' ? (groups.get(remoteText(remote)) ?? []) : addresses;
  const cidrs = cidrsOf(texts);
  const name = remote.kind === 'name' && !isStarred({ key }) ? remote.name : undefined;
  if (protocol === undefined || (cidrs.length === 0 && name === undefined)) return undefined;
  return { direction, cidrs, protocol, port, ...(name !== undefined && { name }) };
}

/** A name with a star, as anybody may ask DNS for: a policy with it would let through all that are below it, which nobody has approved. */
export function isStarred({ key: { remote } }: Pick<Connection, 'key'>): boolean {
  return remote.kind === 'name' && remote.name.includes('*');
}

/** One for each address; what has a name alone is one. */
export function eachOf(entry: Entry): readonly Entry[] {
  return entry.cidrs.length === 0 ? [entry] : entry.cidrs.map((cidr) => ({ ...entry, cidrs: [cidr] }));
}

/** What passes a direction that is closed. */
export interface Passage {
  readonly direction: ConnectionDirection;
  readonly cidrs: readonly string[];
  /** `api.stripe.com`, or `*.amazonaws.com` for every name that ends so. */
  readonly names: readonly string[];
  /** Empty for every port. */
  readonly ports: readonly Pick<Entry, 'protocol' | 'port'>[];
}

/** By its name alone, where it has one and the policy can name it. */
export function passageOf({ direction, cidrs, name, protocol, port }: Entry, byName: boolean): Passage {
  const isNamed = byName && name !== undefined;
  return { direction, cidrs: isNamed ? [] : cidrs, names: isNamed ? [name] : [], ports: [{ protocol, port }] };
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

/** One list for each family that there is. */
export function byFamily(cidrs: readonly string[]): readonly (readonly string[])[] {
  return [cidrs.filter((cidr) => !cidr.includes(':')), cidrs.filter((cidr) => cidr.includes(':'))].filter((some) => some.length > 0);
}

export function portsOf({ protocol, port }: Pick<Entry, 'protocol' | 'port'>): PortSet {
  return portSpan(protocol, port);
}

function byPlace([a]: AddressSet, [b]: AddressSet): number {
  if (a === undefined || b === undefined) return 0;
  return a.family - b.family || (a.first < b.first ? -1 : a.first > b.first ? 1 : 0);
}
