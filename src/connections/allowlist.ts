import type { AllowedPlaces, AllowEntry, ConnectedWorkload, Connection, ConnectionDecision, ConnectionKey, ConnectionSettings, Remote } from '#src/model/connection.ts';
import { bears, type BorneLabels } from '#src/model/labels.ts';
import { contains, isEverybody, parseRange, union, type AddressSet } from '#src/network/addresses.ts';
import { addressesOf } from '#src/network/address-lists.ts';
import { dnsName } from './remote.ts';

/** Which places an entry is for, read from its text. */
type AllowedRemote = { readonly range: AddressSet } | { readonly name: string } | { readonly under: string } | { readonly group: string };

/** Tells the labels of the pods of a workload; undefined where they are not known. */
export type LabelsOf = (workload: ConnectedWorkload) => Promise<BorneLabels | undefined>;

/**
 * The first entry that covers a connection. An entry that has ended covers nothing, and neither does one for labels where these are not
 * known. Nobody is asked for labels that decide nothing.
 */
export async function allowedBy({ key }: Pick<Connection, 'key'>, entries: readonly AllowEntry[], { groups }: Pick<ConnectionSettings, 'groups'>, now: Date, labelsOf: LabelsOf): Promise<AllowEntry | undefined> {
  const isCovered = (entry: AllowEntry): boolean => isFor(entry, key) && !hasEnded(entry, now) && covers(readRemote(entry.remote, groups), key.remote, groups);
  const plain = entries.find((entry) => entry.labels === undefined && isCovered(entry));
  const labelled = plain === undefined ? entries.filter((entry) => entry.labels !== undefined && isCovered(entry)) : [];
  if (labelled.length === 0) return plain;
  const borne = await labelsOf(key.workload);
  return labelled.find((entry) => isBorne(entry, borne));
}

/** The decision of whoever made the entry. */
export function decisionBy({ owner, reason, until, labels }: AllowEntry, now: Date): ConnectionDecision {
  return { by: owner, at: now.toISOString(), reason, ...(until !== undefined && { until }), ...(labels !== undefined && { labels }) };
}

/** What is wrong with the text of an entry; undefined where nothing is. */
export function remoteProblem(text: string, groups: Pick<ReadonlyMap<string, unknown>, 'has'>): string | undefined {
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

/** The same with the labels of the pods; undefined where they are not known. */
interface LabelledPlace extends Place {
  readonly labels: BorneLabels | undefined;
}

/** What entries are for that have not ended: for one workload, on whatever port. */
export function placesFor(place: Omit<LabelledPlace, 'port'>, entries: readonly AllowEntry[], { groups }: Pick<ConnectionSettings, 'groups'>, now: Date): readonly AllowedPlaces[] {
  return entries
    .filter((entry) => isFor(entry, { ...place, port: entry.port ?? 0 }) && isBorne(entry, place.labels) && !hasEnded(entry, now))
    .map((entry) => {
      const remote = readRemote(entry.remote, groups);
      const ranges = 'range' in remote ? [entry.remote] : 'group' in remote ? (groups.get(remote.group) ?? []) : [];
      return { entry, ranges, names: 'name' in remote ? [remote.name] : 'under' in remote ? [`*${remote.under}`] : [] };
    });
}

/** The addresses that entries let into a workload, or out of it, on one port. A name has none. */
export function allowedAddresses(place: LabelledPlace, entries: readonly AllowEntry[], { groups }: Pick<ConnectionSettings, 'groups'>, now: Date): AddressSet {
  return union(
    entries.flatMap((entry) => {
      const remote = isFor(entry, place) && isBorne(entry, place.labels) && !hasEnded(entry, now) ? readRemote(entry.remote, groups) : undefined;
      if (remote === undefined) return [];
      return 'range' in remote ? [remote.range] : 'group' in remote ? [addressesOf(groups.get(remote.group) ?? [])] : [];
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
    return 'range' in allowed && ranges !== undefined ? contains(allowed.range, addressesOf(ranges)) : 'name' in allowed && allowed.name === remote.name;
  }
  const address = parseRange(remote.address);
  if (address === undefined) return false;
  if ('group' in allowed) return contains(addressesOf(groups.get(allowed.group) ?? []), address);
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

function isBorne({ labels }: AllowEntry, borne: BorneLabels | undefined): boolean {
  return labels === undefined || (borne !== undefined && bears(borne, labels));
}

function hasEnded({ until }: AllowEntry, now: Date): boolean {
  return until !== undefined && Date.parse(until) <= now.getTime();
}
