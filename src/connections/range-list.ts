import { listAt, textAt } from '#src/model/raw.ts';
import { cidrsOfSet, isEverybody, parseRange, union, type AddressSet } from '#src/network/addresses.ts';
import { addressesOf } from '#src/network/address-lists.ts';

/** The ranges of a list in order, joined where they touch; or all that is wrong with it, in words that say where. */
export type RangeList = { readonly ranges: readonly string[] } | { readonly problems: readonly string[] };

/** The longest list of a provider has about ten thousand. */
const MOST_RANGES = 100_000;
/** Places that are told one by one. */
const MOST_TOLD = 10;
/** Where Amazon and Google have their ranges, in entries of either list. */
const PROVIDER_LISTS = ['prefixes', 'ipv6_prefixes'] as const;
const PROVIDER_FIELDS = ['ip_prefix', 'ipv6_prefix', 'ipv4Prefix', 'ipv6Prefix'] as const;

const EVERYBODY = 'covers every address, so that the group tells nobody apart; name what is meant';

/** Something that should be a range, and where it stands. */
interface Place {
  readonly at: string;
  readonly text: string | undefined;
}

/** A list has one range or address in each line, or is JSON: a list of texts, or what Amazon and Google publish. */
export function readRangeList(content: string): RangeList {
  const isJson = /^\s*[[{]/.test(content);
  const places = isJson ? placesInJson(content) : placesInLines(content);
  if (typeof places === 'string') return { problems: [places] };
  if (places.length === 0) return { problems: ['names no range; take the group away if it is not needed'] };
  if (places.length > MOST_RANGES) return { problems: [`has ${places.length.toLocaleString('en-US')} ranges, and at most ${MOST_RANGES.toLocaleString('en-US')} are read; leave out those that are not needed`] };
  const sets: AddressSet[] = [];
  const wrong: string[] = [];
  for (const { at, text } of places) {
    const set = text === undefined ? undefined : parseRange(text);
    if (set === undefined) wrong.push(`${at} is neither a CIDR nor an address, such as 203.0.113.0/24`);
    else sets.push(set);
  }
  if (wrong.length > 0) return { problems: wrong.length > MOST_TOLD ? [...wrong.slice(0, MOST_TOLD), `and so it is in ${wrong.length - MOST_TOLD} more places`] : wrong };
  const all = union(sets);
  return isEverybody(all) ? { problems: [EVERYBODY] } : { ranges: cidrsOfSet(all) };
}

/** What is wrong with ranges that stand in the configuration itself. */
export function groupProblem(ranges: readonly string[]): string | undefined {
  return isEverybody(addressesOf(ranges)) ? EVERYBODY : undefined;
}

function placesInLines(content: string): readonly Place[] {
  return content.split(/\r\n|\n|\r/).flatMap((line, index) => {
    const text = line.replace(/#.*/, '').trim();
    return text === '' ? [] : [{ at: `line ${index + 1}`, text }];
  });
}

/** What is wrong where there are none. */
function placesInJson(content: string): readonly Place[] | string {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    return 'begins like JSON and is none; write it anew';
  }
  if (Array.isArray(value)) return value.map((text: unknown, index) => ({ at: `entry ${index + 1}`, text: typeof text === 'string' ? text : undefined }));
  const places = PROVIDER_LISTS.flatMap((list) => listAt(value, list).map((entry, index) => ({ at: `${list}[${index}]`, text: PROVIDER_FIELDS.map((field) => textAt(entry, field)).find((text) => text !== undefined) })));
  return places.length > 0 ? places : 'is JSON of another shape than a list of texts, or `prefixes` as Amazon and Google publish them; write a list of the ranges that are needed';
}
