import { NothingToPropose } from '#src/model/request.ts';
import { ALL_IPV4, ALL_IPV6, cidrsOfSet, contains, formatSet, intersect, isEverybody, parseRange, subtract, union, type AddressSet } from '#src/network/addresses.ts';
import { rangesText } from './entry.ts';

/** Source ranges that a Service may have after a change; load balancers take few. */
const MOST_RANGES = 50;
/** Ranges that one is cut up into, so that an address of it can be left out. A /24 without one address is eight. */
const MOST_PIECES = 8;

export type Family = 4 | 6;
const ALL_OF: Readonly<Record<Family, AddressSet>> = { 4: ALL_IPV4, 6: ALL_IPV6 };

/** Source ranges as a Service has them. */
export interface Standing {
  /** `Service shop/web` */
  readonly name: string;
  /** As somebody has written them: with blanks, or bits of a host. None lets everybody in. */
  readonly ranges: readonly string[];
  /** What the Service has addresses of. */
  readonly families: readonly Family[];
}

/** Whom a Service is to let in no longer. */
export interface Denied {
  readonly addresses: AddressSet;
  /** Everybody whom nobody has named. */
  readonly everybody: boolean;
}

export interface NewRanges {
  readonly ranges: readonly string[];
  /** It let in everybody until now. */
  readonly wasOpen: boolean;
  /** Ranges that stood there and are cut up: `203.0.113.0/24 is cut up into 8 ranges without 203.0.113.9/32`. */
  readonly cuts: readonly string[];
}

/** Why a Service stays as it is: nobody who is denied comes in by it. A whole sentence. */
interface Spared {
  readonly spared: string;
}

/**
 * The ranges of a Service without what is denied. Of ranges that somebody has written all others stay as they are; one that lets in everybody
 * is put in order by what is kept. An empty list would let in everybody, so there never is one.
 *
 * @throws {NothingToPropose} when it cannot be said in few ranges, or nobody would be left.
 */
export function rangesWithout(standing: Standing, denied: Denied, kept: AddressSet): NewRanges | Spared {
  const { name, families } = standing;
  const written = standing.ranges.map((text) => readable(text, name));
  const meant = intersect(denied.addresses, allOf(families));
  const open = openFamilies(standing);
  const closes = open.length > 0 && (denied.everybody || intersect(meant, allOf(open)).length > 0);
  const reason = closes ? undefined : untouched(standing, denied, meant);
  if (reason !== undefined) return { spared: reason };
  const stay = written.map((entry) => ({ ...entry, left: closes && isOf(entry, open) ? [] : leftOf(entry, meant, name) }));
  const gone = stay.find(({ text, left }) => !left.includes(text));
  if (!closes && gone === undefined) return { spared: `${name} does not let it in as it is: its source ranges are ${standing.ranges.join(', ')}.` };
  refuseForGood(stay, name);
  const left = stay.flatMap((entry) => entry.left);
  const added = closes ? named(intersect(kept, allOf(open)), meant, name).filter((text) => !left.includes(text)) : [];
  const ranges = [...left, ...added];
  if (ranges.length === 0) throw new NothingToPropose(`Nobody would be left in the source ranges of ${name}, and an empty list lets in everybody. Put on the allowlist first who is to come in.`);
  const problem = tooMany(ranges, standing);
  if (problem !== undefined) throw new NothingToPropose(problem);
  return { ranges, wasOpen: closes, cuts: stay.flatMap((entry) => (entry.left.length > 1 ? [cutText(entry, meant)] : [])) };
}

/** Why a Service that stays limited as it is has no part in this. */
function untouched({ name, ranges }: Standing, { addresses, everybody }: Denied, meant: AddressSet): string | undefined {
  if (everybody) return `${name} is limited already by ranges that somebody has written, and nobody can tell which of them are denied. Take them out there: ${ranges.join(', ')}.`;
  return meant.length > 0 ? undefined : `${name} has no address of ${addresses.some(({ family }) => family === 6) ? 'IPv6' : 'IPv4'}, so nobody who is denied comes in by it.`;
}

/** The ranges of a Service with these addresses besides, or why that cannot be; undefined where it lets them in already, as one does that is open. */
export function rangesWith(standing: Standing, wanted: AddressSet): { readonly ranges: readonly string[] } | { readonly refused: string } | undefined {
  const { ranges, families } = standing;
  if (ranges.length === 0) return undefined;
  const missing = subtract(intersect(wanted, allOf(families)), union(ranges.map(setOf)));
  if (missing.length === 0) return undefined;
  const wider = [...ranges, ...cidrsOfSet(missing)];
  const refused = tooMany(wider, standing);
  return refused === undefined ? { ranges: wider } : { refused };
}

/** Whether it lets in all of them, as far as its ranges go. */
export function letsIn({ ranges }: Pick<Standing, 'ranges'>, addresses: AddressSet): boolean {
  return ranges.length === 0 || contains(union(ranges.map(setOf)), addresses);
}

/** Families of addresses of which it lets in every one. */
function openFamilies({ ranges, families }: Standing): readonly Family[] {
  if (ranges.length === 0) return families;
  const all = union(ranges.map(setOf));
  return families.filter((family) => contains(all, ALL_OF[family]));
}

interface Written {
  readonly text: string;
  readonly set: AddressSet;
}

/** @throws {NothingToPropose} what no provider can read is not guessed at. */
function readable(text: string, name: string): Written {
  const set = text.includes('/') ? parseRange(text) : undefined;
  if (set === undefined) throw new NothingToPropose(`"${text}" among the source ranges of ${name} is no CIDR, so nobody knows whom it lets in. Put that right first.`);
  return { text, set };
}

interface Left extends Written {
  readonly left: readonly string[];
}

function isOf({ set }: Written, families: readonly Family[]): boolean {
  return set.every(({ family }) => families.includes(family));
}

/** Bits of a host, and IPv4 written as IPv6: newer API servers keep what stands there, and do not take it anew. @throws {NothingToPropose} */
function refuseForGood(entries: readonly Left[], name: string): void {
  for (const { text, set, left } of entries) {
    const [range] = set;
    const [host] = parseRange(text.trim().replace(/\/.*$/, '')) ?? [];
    const isExact = host?.first === range?.first && text.includes(':') === (range?.family === 6);
    if (!left.includes(text) && !isExact) throw new NothingToPropose(`"${text}" among the source ranges of ${name} would have to go, and newer API servers would refuse it when that is undone. Write ${formatSet(set).join(', ')} there first.`);
  }
}

function cutText({ text, set, left }: Left, denied: AddressSet): string {
  return `${text.trim()} is cut up into ${left.length} ranges without ${rangesText(formatSet(intersect(set, denied)))}`;
}

/** What is left of a range: itself, as it is written, where nothing of it is denied. */
function leftOf({ text, set }: Written, denied: AddressSet, name: string): readonly string[] {
  const met = intersect(set, denied);
  if (met.length === 0) return [text];
  const left = cidrsOfSet(subtract(set, met));
  if (left.length > MOST_PIECES) throw new NothingToPropose(`${rangesText(formatSet(met))} is in ${text.trim()}, which ${name} lets in as a whole. To leave it out would take ${left.length} ranges in place of that one: write the ranges that are needed instead.`);
  return left;
}

/** What is kept, without what is denied. */
function named(kept: AddressSet, denied: AddressSet, name: string): readonly string[] {
  const left = cidrsOfSet(subtract(kept, denied));
  const met = intersect(kept, denied);
  if (left.length > cidrsOfSet(kept).length + MOST_PIECES) throw new NothingToPropose(`${rangesText(formatSet(met))} is in a range that ${name} is to let in, and to leave it out would take ${left.length} ranges.`);
  if (isEverybody(union(left.map(setOf)))) throw new NothingToPropose(`What may come in by ${name} is every address, so that nobody would be kept out.`);
  return left;
}

/** A list that is longer already may become shorter. */
function tooMany(ranges: readonly string[], { name, ranges: before }: Standing): string | undefined {
  if (ranges.length <= Math.max(MOST_RANGES, before.length)) return undefined;
  return `${name} would have ${ranges.length} source ranges, which are more than load balancers take. Allow wider ranges (/k8ssec allow … --ingress), or filter in the workload.`;
}

function allOf(families: readonly Family[]): AddressSet {
  return union(families.map((family) => ALL_OF[family]));
}

function setOf(text: string): AddressSet {
  return parseRange(text) ?? [];
}
