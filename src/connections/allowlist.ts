import type { AllowEntry, Connection, ConnectionDecision, ConnectionKey, ConnectionSettings, Remote } from '#src/model/connection.ts';
import { contains, isEverybody, parseRange, union, type AddressSet } from '#src/network/addresses.ts';
import { dnsName } from './remote.ts';

/** Which places an entry is for, read from its text. */
type AllowedRemote = { readonly range: AddressSet } | { readonly name: string } | { readonly under: string } | { readonly group: string };

/** The first entry that covers a connection. An entry that has ended covers nothing. */
export function allowedBy({ key }: Pick<Connection, 'key'>, entries: readonly AllowEntry[], { groups }: Pick<ConnectionSettings, 'groups'>, now: Date): AllowEntry | undefined {
  return entries.find((entry) => isFor(entry, key) && !hasEnded(entry, now) && covers(readRemote(entry.remote, groups), key.remote, groups));
}

/** The decision of whoever made the entry. */
export function decisionBy({ owner, reason, until }: AllowEntry, now: Date): ConnectionDecision {
  return { by: owner, at: now.toISOString(), reason, ...(until !== undefined && { until }) };
}

/** What is wrong with the text of an entry; undefined where nothing is. */
export function remoteProblem(text: string, groups: ReadonlyMap<string, readonly string[]>): string | undefined {
  if (text.startsWith('*')) {
    const under = text.startsWith('*.') ? dnsName(text.slice(2)) : undefined;
    if (under === undefined || under.includes('*')) return 'has a star that does not stand for the beginning of a name, as in *.amazonaws.com';
    return under.includes('.') ? undefined : 'covers a whole top-level domain; name what is needed';
  }
  if (groups.has(text)) return undefined;
  const range = parseRange(text);
  if (range !== undefined) return isEverybody(range) ? 'covers every address, which makes the list useless; leave the cluster out of `connections` instead' : undefined;
  if (text.includes('*') || dnsName(text) === undefined) return 'is no name such as api.stripe.com or *.amazonaws.com, no CIDR, and no group of ranges';
  return undefined;
}

/** Whose connections an entry is for, without the other end. */
type Place = Pick<ConnectionKey, 'cluster' | 'direction' | 'workload' | 'port'>;

/** The addresses that entries let into a workload, or out of it, on one port. A name has none. */
export function allowedAddresses(place: Place, entries: readonly AllowEntry[], { groups }: Pick<ConnectionSettings, 'groups'>, now: Date): AddressSet {
  return union(
    entries.flatMap((entry) => {
      const remote = isFor(entry, place) && !hasEnded(entry, now) ? readRemote(entry.remote, groups) : undefined;
      if (remote === undefined) return [];
      return 'range' in remote ? [remote.range] : 'group' in remote ? [setOf(groups.get(remote.group) ?? [])] : [];
    }),
  );
}

function readRemote(text: string, groups: ReadonlyMap<string, readonly string[]>): AllowedRemote {
  if (groups.has(text)) return { group: text };
  if (text.startsWith('*.')) return { under: text.slice(1).toLowerCase() };
  const range = parseRange(text);
  return range === undefined ? { name: dnsName(text) ?? text } : { range };
}

/** A name is covered by its name alone: where it leads today says nothing about tomorrow. */
function covers(allowed: AllowedRemote, remote: Remote, groups: ReadonlyMap<string, readonly string[]>): boolean {
  if (remote.kind === 'name') return 'name' in allowed ? remote.name === allowed.name : 'under' in allowed && remote.name.endsWith(allowed.under);
  if (remote.kind === 'group') {
    if ('group' in allowed) return remote.name === allowed.group;
    const ranges = groups.get(remote.name);
    return 'range' in allowed && ranges !== undefined ? contains(allowed.range, setOf(ranges)) : 'name' in allowed && allowed.name === remote.name;
  }
  const address = parseRange(remote.address);
  if (address === undefined) return false;
  if ('group' in allowed) return contains(setOf(groups.get(allowed.group) ?? []), address);
  return 'range' in allowed && contains(allowed.range, address);
}

function isFor({ cluster, namespace, workload, direction, port }: AllowEntry, key: Place): boolean {
  const { kind, name } = key.workload;
  return (
    direction === key.direction &&
    (cluster ?? key.cluster) === key.cluster &&
    (namespace ?? key.workload.namespace) === key.workload.namespace &&
    (workload === undefined || workload === name || workload === `${kind}/${name}`) &&
    (port ?? key.port) === key.port
  );
}

function hasEnded({ until }: AllowEntry, now: Date): boolean {
  return until !== undefined && Date.parse(until) <= now.getTime();
}

function setOf(ranges: readonly string[]): AddressSet {
  return union(ranges.map((text) => parseRange(text) ?? []));
}
