import { textAt, textsAt, type RawObject } from '#src/model/raw.ts';
import { classOf, formatSet, isWithin, parseRange, type AddressSet } from '#src/network/addresses.ts';
import { addressesOfPod, isAddressWithin, rangesOfNode, strayAddress } from '#src/network/node-address.ts';
import { addressesOf } from '#src/network/address-lists.ts';

/** What an address is to a cluster, in the order in which it is found out; `local` never leaves its node or link. */
export type Place = 'metadata' | 'local' | 'cluster' | 'corporate' | 'private' | 'public';

export interface PlacedAddress {
  readonly place: Place;
  /** Written in the one way: IPv4 as IPv4, IPv6 shortened. */
  readonly address: string;
  readonly family: 4 | 6;
  /** Of a private network by itself, whoever uses it. */
  readonly isPrivate: boolean;
  /** The group of ranges of the configuration that it is in. */
  readonly group: string | undefined;
}

/** What is within a cluster. */
export interface ClusterRanges {
  readonly addresses: AddressSet;
  /** Without it, an address of a private network may be a pod's. */
  readonly arePodsKnown: boolean;
  /** An address of a pod that is in none of them: they are not all. */
  readonly stray?: string;
}

export interface ClassifierNeeds {
  readonly cluster: ClusterRanges;
  readonly corporate: readonly string[];
  readonly groups: ReadonlyMap<string, readonly string[]>;
}

/** Undefined for a text that is no address. */
export type Classifier = (text: string) => PlacedAddress | undefined;

/** Addresses that are remembered, because the same come again and again. */
const REMEMBERED = 50_000;
const LOCAL: ReadonlySet<string> = new Set(['loopback', 'link-local', 'multicast', 'unspecified']);

export interface ClusterParts {
  readonly nodes: readonly RawObject[];
  readonly services: readonly RawObject[];
  /** Ranges that services are given their addresses from, where the cluster tells them. */
  readonly serviceRanges: readonly RawObject[];
  readonly configured: readonly string[];
  /** Some pods, which show whether the ranges hold. */
  readonly pods: readonly RawObject[];
}

/** Pods, services and nodes as the cluster tells them, and the ranges that the configuration adds. */
export function clusterRanges({ nodes, services, serviceRanges, configured, pods }: ClusterParts): ClusterRanges {
  const ranges = nodes.map(rangesOfNode);
  const served = services.flatMap((service) => [...textsAt(service, 'spec', 'clusterIPs'), ...texts(textAt(service, 'spec', 'clusterIP'))]);
  // Nodes have host names among their addresses, and headless services none.
  const addresses = addressesOf([...configured, ...ranges.flatMap((node) => [...node.pods, ...node.addresses]), ...served, ...serviceRanges.flatMap((range) => textsAt(range, 'spec', 'cidrs'))]);
  const stray = strayAddress(pods.flatMap(addressesOfPod), new Set(nodes.flatMap((node) => textAt(node, 'metadata', 'name') ?? [])), addresses);
  const areTold = configured.length > 0 || (ranges.length > 0 && ranges.every((node) => node.pods.length > 0));
  return { addresses, arePodsKnown: areTold && stray === undefined, ...(stray !== undefined && { stray }) };
}

/** Whether the addresses that a pod was given are in the ranges, whatever node it is on. */
export function isPodWithin(pod: RawObject, { addresses }: ClusterRanges): boolean {
  return addressesOfPod(pod).every(({ address }) => isAddressWithin(addresses, address));
}

export function createClassifier({ cluster, corporate, groups }: ClassifierNeeds): Classifier {
  const own = addressesOf(corporate);
  const named = [...groups].map(([name, ranges]) => ({ name, set: addressesOf(ranges) }));
  const known = new Map<string, PlacedAddress | undefined>();
  const place = (text: string): PlacedAddress | undefined => {
    const set = text.includes('/') ? undefined : parseRange(text);
    const range = set?.[0];
    const kind = classOf(text);
    if (set === undefined || range === undefined || kind === undefined) return undefined;
    const address = (formatSet(set)[0] ?? text).replace(/\/\d+$/, '');
    const group = named.find((candidate) => isWithin(candidate.set, range))?.name;
    const inOrder = kind === 'metadata' ? kind : LOCAL.has(kind) ? 'local' : isWithin(cluster.addresses, range) ? 'cluster' : isWithin(own, range) ? 'corporate' : kind === 'private' ? kind : 'public';
    return { place: inOrder, address, family: range.family, isPrivate: kind === 'private', group };
  };
  return (text) => {
    if (known.has(text)) return known.get(text);
    if (known.size >= REMEMBERED) known.clear();
    const placed = place(text);
    known.set(text, placed);
    return placed;
  };
}

function texts(text: string | undefined): readonly string[] {
  return text === undefined ? [] : [text];
}
