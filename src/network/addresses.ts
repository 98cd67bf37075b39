import ipaddr from 'ipaddr.js';

/** What an address is to a cluster. */
export type AddressClass = 'metadata' | 'loopback' | 'link-local' | 'multicast' | 'unspecified' | 'private' | 'public';

/** The addresses from `first` to `last`, both among them. */
export interface AddressRange {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

/** Ranges in order, IPv4 first, that neither overlap nor touch. */
export type AddressSet = readonly AddressRange[];

const BITS = { 4: 32, 6: 128 } as const;
/** What one organisation or line mostly has. */
const NETWORK_BITS = { 4: 24, 6: 48 } as const;

/** Services of clouds that hand credentials to whoever asks: the common ones, Amazon's over IPv6, and the second one of Scaleway. */
export const METADATA_ADDRESSES: readonly string[] = ['169.254.169.254', 'fd00:ec2::254', '169.254.42.42'];

const CLASS_OF_RANGE: Readonly<Record<string, AddressClass>> = {
  loopback: 'loopback',
  linkLocal: 'link-local',
  multicast: 'multicast',
  broadcast: 'multicast',
  unspecified: 'unspecified',
  private: 'private',
  uniqueLocal: 'private',
  carrierGradeNat: 'private',
};

export const NO_ADDRESSES: AddressSet = [];
export const ALL_IPV4: AddressSet = [rangeOf(4, 0n, 32)];
export const ALL_IPV6: AddressSet = [rangeOf(6, 0n, 128)];
export const ALL_ADDRESSES: AddressSet = [...ALL_IPV4, ...ALL_IPV6];

/** Everything that no network of an organisation, node or cloud uses for itself. */
const PUBLIC_ADDRESSES: AddressSet = subtract(
  ALL_ADDRESSES,
  union(
    ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '224.0.0.0/4', '::1/128', 'fc00::/7', 'fe80::/10', 'ff00::/8'].map((cidr) => parseRange(cidr) ?? []),
  ),
);

/** The addresses of a CIDR or of one address; IPv4 written as IPv6 is IPv4. Undefined for a text that is neither. */
export function parseRange(text: string): AddressSet | undefined {
  const [address = '', prefix, ...rest] = text.trim().split('/');
  const parsed = parseAddress(address);
  if (parsed === undefined || rest.length > 0 || (prefix !== undefined && !/^\d{1,3}$/.test(prefix))) return undefined;
  const written = prefix === undefined ? BITS[parsed.written] : Number(prefix);
  const bits = written - (BITS[parsed.written] - BITS[parsed.family]);
  if (written > BITS[parsed.written] || bits < 0) return undefined;
  return [rangeOf(parsed.family, parsed.value, BITS[parsed.family] - bits)];
}

/** Undefined for a text that is no address. */
export function classOf(text: string): AddressClass | undefined {
  const range = parseRange(text)?.[0];
  if (range === undefined || text.includes('/')) return undefined;
  if (METADATA_ADDRESSES.some((address) => contains(parseRange(address) ?? [], [range]))) return 'metadata';
  return CLASS_OF_RANGE[ipaddr.process(text.trim()).range()] ?? 'public';
}

/** `203.0.113.0/24` or `2001:db8:1::/48`; undefined for a text that is no address. IPv4 written as IPv6 is IPv4. */
export function networkOf(address: string): string | undefined {
  const [range] = parseRange(address) ?? [];
  if (range === undefined || address.includes('/')) return undefined;
  const { family, first } = range;
  return formatSet([rangeOf(family, first, BITS[family] - NETWORK_BITS[family])]).join();
}

/** All that is in one of the sets. */
export function union(sets: readonly AddressSet[]): AddressSet {
  const merged: AddressRange[] = [];
  for (const range of sets.flat().sort(byPlace)) {
    const before = merged.at(-1);
    if (before?.family !== range.family || before.last + 1n < range.first) merged.push(range);
    else if (range.last > before.last) merged[merged.length - 1] = { ...before, last: range.last };
  }
  return merged;
}

/** What is in the one set and not in the other. Goes through both once: lists of providers have thousands of ranges. */
export function subtract(set: AddressSet, without: AddressSet): AddressSet {
  const left: AddressRange[] = [];
  let next = 0;
  for (const range of set) {
    let rest: AddressRange | undefined = range;
    for (let hole = without[next]; hole !== undefined && rest !== undefined && !isBefore(rest, hole); hole = without[next]) {
      if (!isBefore(hole, rest)) {
        if (rest.first < hole.first) left.push({ ...rest, last: hole.first - 1n });
        rest = hole.last < rest.last ? { ...rest, first: hole.last + 1n } : undefined;
      }
      // A hole that reaches further may take away from the next range too.
      if (rest !== undefined) next += 1;
    }
    if (rest !== undefined) left.push(rest);
  }
  return left;
}

/** What is in both sets. */
export function intersect(a: AddressSet, b: AddressSet): AddressSet {
  return subtract(a, subtract(a, b));
}

/** Whether all of `inner` is in `outer`. */
export function contains(outer: AddressSet, inner: AddressSet): boolean {
  return inner.every((range) => {
    const around = rangeAt(outer, range);
    return around !== undefined && around.last >= range.last;
  });
}

/** Whether the address, or the beginning of the range, is in the set. */
export function isWithin(set: AddressSet, range: AddressRange): boolean {
  return rangeAt(set, range) !== undefined;
}

/** What of it lies outside of private networks. */
export function publicPart(set: AddressSet): AddressSet {
  return intersect(set, PUBLIC_ADDRESSES);
}

/** Whether practically everybody is in it: all addresses of IPv4 or IPv6, however they are cut up. */
export function isEverybody(set: AddressSet): boolean {
  return contains(set, ALL_IPV4) || contains(set, ALL_IPV6);
}

/** Each range as a CIDR where it is one, else as `first-last`. */
export function formatSet(set: AddressSet): readonly string[] {
  return set.map((range) => {
    const { family, first, last } = range;
    const hostBits = (last - first + 1n).toString(2).length - 1;
    const aligned = last - first + 1n === 1n << BigInt(hostBits) && first % (1n << BigInt(hostBits)) === 0n;
    return aligned ? `${formatAddress(family, first)}/${BITS[family] - hostBits}` : `${formatAddress(family, first)}-${formatAddress(family, last)}`;
  });
}

/** The fewest CIDRs that are together the set, in its order. */
export function cidrsOfSet(set: AddressSet): readonly string[] {
  const cidrs: string[] = [];
  for (const { family, first, last } of set) {
    let from = first;
    while (from <= last) {
      let hostBits = 0;
      while (hostBits < BITS[family] && from % (2n << BigInt(hostBits)) === 0n && from + (2n << BigInt(hostBits)) - 1n <= last) hostBits += 1;
      cidrs.push(`${formatAddress(family, from)}/${BITS[family] - hostBits}`);
      from += 1n << BigInt(hostBits);
    }
  }
  return cidrs;
}

function parseAddress(text: string): { readonly family: 4 | 6; readonly written: 4 | 6; readonly value: bigint } | undefined {
  // The library also takes octal, hexadecimal and shortened IPv4, which Kubernetes refuses.
  if (!text.includes(':')) {
    if (!ipaddr.IPv4.isValidFourPartDecimal(text)) return undefined;
    return { family: 4, written: 4, value: valueOf(ipaddr.IPv4.parse(text).toByteArray()) };
  }
  if (!ipaddr.IPv6.isValid(text) || text.includes('%')) return undefined;
  const address = ipaddr.IPv6.parse(text);
  if (!address.isIPv4MappedAddress()) return { family: 6, written: 6, value: valueOf(address.toByteArray()) };
  return { family: 4, written: 6, value: valueOf(address.toIPv4Address().toByteArray()) };
}

function valueOf(bytes: readonly number[]): bigint {
  return bytes.reduce((value, byte) => value * 256n + BigInt(byte), 0n);
}

function rangeOf(family: 4 | 6, address: bigint, hostBits: number): AddressRange {
  const size = 1n << BigInt(hostBits);
  const first = address - (address % size);
  return { family, first, last: first + size - 1n };
}

function formatAddress(family: 4 | 6, value: bigint): string {
  const bytes = Array.from({ length: BITS[family] / 8 }, (_, index) => Number((value >> BigInt(BITS[family] - 8 * (index + 1))) & 255n));
  return ipaddr.fromByteArray(bytes).toString();
}

/** The range of the set in which another one begins. Halves the ordered ranges until one is left. */
function rangeAt(set: AddressSet, { family, first }: AddressRange): AddressRange | undefined {
  let [low, high] = [0, set.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const range = set[middle];
    if (range === undefined) return undefined;
    if (range.family < family || (range.family === family && range.last < first)) low = middle + 1;
    else high = middle;
  }
  const found = set[low];
  return found?.family === family && found.first <= first ? found : undefined;
}

/** Whether all of it comes before the other, without a common address. */
function isBefore(range: AddressRange, other: AddressRange): boolean {
  return range.family < other.family || (range.family === other.family && range.last < other.first);
}

function byPlace(a: AddressRange, b: AddressRange): number {
  return a.family - b.family || (a.first < b.first ? -1 : a.first > b.first ? 1 : 0);
}
