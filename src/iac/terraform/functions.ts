import { UNRESOLVED } from '#src/model/raw.ts';
import { hasUnknown, isFilledIn, isList, isMap, Lazy, mapOf, settle, toBoolean, toNumber, toText, type Value, type ValueMap } from './value.ts';
import { parseDocument } from '../parse-document.ts';
import { splitDocuments } from '../documents.ts';
import { subnetOf } from './subnet.ts';

/** Undefined for arguments that it does not take, or that are not known. */
type Apply = (args: readonly Value[]) => Value | undefined;

const MAX_ELEMENTS = 10_000;
const MAX_TEXT = 1_000_000;

/**
 * Functions of Terraform that depend on their arguments alone and are often met where security is decided.
 *
 * Those that work on the letters of a text are not applied to one that only the provider knows.
 */
export const FUNCTIONS: Readonly<Record<string, Apply>> = {
  jsonencode: ([value]) => (value === undefined || hasUnknown(value) ? undefined : JSON.stringify(settle(value))),
  jsondecode: onTexts((text) => parsed(text)),
  // JSON is YAML.
  yamlencode: ([value]) => (value === undefined || hasUnknown(value) ? undefined : JSON.stringify(settle(value))),
  yamldecode: onTexts((text) => parsedYaml(text)),
  merge: (args) => (args.every((arg) => isMap(arg) || arg === null) ? Object.assign({}, ...args) as ValueMap : undefined),
  concat: (args) => (args.every(isList) ? args.flat() : undefined),
  flatten: ([list]) => (isDeepList(list) ? flat(list) : undefined),
  compact: onList((list) => (list.some(isUnknown) ? undefined : list.filter((entry) => entry !== null && entry !== ''))),
  distinct: onList((list) => unique(list)),
  toset: onList((list) => unique(list)?.toSorted((a, b) => ((toText(a) ?? '') < (toText(b) ?? '') ? -1 : 1))),
  tolist: onList((list) => list),
  tomap: ([map]) => (map !== undefined && isMap(map) ? map : undefined),
  reverse: onList((list) => list.toReversed()),
  sort: onList((list) => (list.every((entry) => typeof entry === 'string') ? list.toSorted() : undefined)),
  element: ([list, index]) => (list !== undefined && isList(list) && list.length > 0 ? list[(toNumber(index ?? null) ?? NaN) % list.length] : undefined),
  slice: ([list, from, to]) => (list !== undefined && isList(list) ? list.slice(toNumber(from ?? null) ?? list.length, toNumber(to ?? null) ?? 0) : undefined),
  contains: ([list, value]) => (list === undefined || value === undefined || !isList(list) || hasUnknown(list) || hasUnknown(value) ? undefined : list.some((entry) => JSON.stringify(entry) === JSON.stringify(value))),
  range: (args) => range(args.map((arg) => toNumber(arg))),
  keys: ([map]) => (map !== undefined && isMap(map) ? Object.keys(map).sort() : undefined),
  values: ([map]) => (map !== undefined && isMap(map) ? Object.keys(map).sort().map((key) => map[key] ?? null) : undefined),
  lookup: ([map, key, otherwise]) => lookup(map, key, otherwise),
  zipmap: ([keys, values]) => zip(keys, values),
  setproduct: (args) => product(args),
  length: ([value]) => (typeof value === 'string' ? (isFilledIn(value) ? undefined : value.length) : value === undefined ? undefined : isList(value) ? value.length : isMap(value) ? Object.keys(value).length : undefined),
  coalesce: (args) => coalesce(args, (arg) => arg !== null && arg !== ''),
  coalescelist: (args) => coalesce(args, (arg) => isList(arg) && arg.length > 0),
  one: ([list]) => (list !== undefined && isList(list) && list.length < 2 ? (list[0] ?? null) : undefined),
  tostring: ([value]) => (value === null ? null : toText(value ?? UNRESOLVED)),
  tonumber: ([value]) => (value === null ? null : toNumber(value ?? UNRESOLVED)),
  tobool: ([value]) => (value === null ? null : toBoolean(value ?? UNRESOLVED)),
  sensitive: ([value]) => value,
  nonsensitive: ([value]) => value,
  min: onNumbers((...numbers) => Math.min(...numbers)),
  max: onNumbers((...numbers) => Math.max(...numbers)),
  abs: onNumbers((number = NaN) => Math.abs(number)),
  ceil: onNumbers((number = NaN) => Math.ceil(number)),
  floor: onNumbers((number = NaN) => Math.floor(number)),
  parseint: ([text, base]) => (toNumber(base ?? null) === 10 ? toNumber(text ?? null) : undefined),
  upper: onTexts((text) => text.toUpperCase()),
  lower: onTexts((text) => text.toLowerCase()),
  title: onTexts((text) => text.replaceAll(/\b\p{L}/gu, (letter) => letter.toUpperCase())),
  trimspace: onTexts((text) => text.trim()),
  chomp: onTexts((text) => text.replace(/[\r\n]+$/, '')),
  trimprefix: onTexts((text, prefix = '') => (text.startsWith(prefix) ? text.slice(prefix.length) : text)),
  trimsuffix: onTexts((text, suffix = '') => (suffix !== '' && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text)),
  startswith: onTexts((text, start = '') => text.startsWith(start)),
  endswith: onTexts((text, end = '') => text.endsWith(end)),
  strcontains: onTexts((text, part = '') => text.includes(part)),
  replace: onTexts((text, from = '', to = '') => (/^\/.*\/$/s.test(from) ? undefined : limited(text.replaceAll(from, () => to)))),
  split: onTexts((separator, text = '') => text.split(separator).slice(0, MAX_ELEMENTS)),
  join: ([separator, ...lists]) => join(separator, lists),
  format: ([pattern, ...args]) => format(pattern, args),
  cidrsubnet: ([prefix, bits, number]) => (typeof prefix === 'string' ? subnetOf(prefix, toNumber(bits ?? null), toNumber(number ?? null)) : undefined),
};

function isUnknown(value: Value): boolean {
  return value === UNRESOLVED || value instanceof Lazy;
}

function onTexts(apply: (...texts: [string, ...string[]]) => Value | undefined): Apply {
  return (args) => {
    const [first, ...rest] = args.map((arg) => toText(arg)).filter((text) => text !== undefined && !isFilledIn(text));
    return first === undefined || rest.length !== args.length - 1 ? undefined : apply(first, ...(rest as string[]));
  };
}

function onNumbers(apply: (...numbers: number[]) => number): Apply {
  return (args) => {
    const numbers = args.map((arg) => toNumber(arg)).filter((number) => number !== undefined);
    const result = numbers.length === args.length && args.length > 0 ? apply(...numbers) : NaN;
    return Number.isFinite(result) ? result : undefined;
  };
}

function onList(apply: (list: readonly Value[]) => Value | undefined): Apply {
  return ([list]) => (list !== undefined && isList(list) ? apply(list) : undefined);
}

function limited(text: string): string | undefined {
  return text.length > MAX_TEXT ? undefined : text;
}

function parsed(text: string): Value | undefined {
  try {
    return JSON.parse(text) as Value;
  } catch {
    return undefined;
  }
}

/** Of one document, as Terraform takes it. */
function parsedYaml(text: string): Value | undefined {
  const [document, ...more] = splitDocuments(text);
  if (document === undefined || more.length > 0) return undefined;
  const read = parseDocument(document);
  return 'reason' in read ? undefined : (read.value as Value);
}

function isDeepList(value: Value | undefined): value is readonly Value[] {
  return value !== undefined && isList(value) && !value.some(isUnknown);
}

function flat(list: readonly Value[]): readonly Value[] | undefined {
  const all: Value[] = [];
  for (const entry of list) {
    const inner: readonly Value[] | undefined = isList(entry) ? (isDeepList(entry) ? flat(entry) : undefined) : [entry];
    if (inner === undefined || all.length + inner.length > MAX_ELEMENTS) return undefined;
    all.push(...inner);
  }
  return all;
}

function unique(list: readonly Value[]): readonly Value[] | undefined {
  if (hasUnknown(list)) return undefined;
  return [...new Map<string, Value>(list.map((entry) => [JSON.stringify(entry), entry])).values()];
}

function range(numbers: readonly (number | undefined)[]): Value | undefined {
  if (numbers.includes(undefined)) return undefined;
  const [start = 0, end = 0, step = end < start ? -1 : 1] = (numbers.length === 1 ? [0, ...numbers] : numbers) as readonly number[];
  const count = Math.max(Math.ceil((end - start) / step), 0);
  return count <= MAX_ELEMENTS ? Array.from({ length: count }, (_, index) => start + index * step) : undefined;
}

function lookup(map: Value | undefined, key: Value | undefined, otherwise: Value | undefined): Value | undefined {
  const name = toText(key ?? null);
  if (map === undefined || !isMap(map) || name === undefined || isFilledIn(name)) return undefined;
  return Object.hasOwn(map, name) ? map[name] : otherwise;
}

function zip(keys: Value | undefined, values: Value | undefined): Value | undefined {
  if (keys === undefined || values === undefined || !isList(keys) || !isList(values)) return undefined;
  const names = keys.map((key) => toText(key));
  return names.every((name) => name !== undefined) ? mapOf(names.map((name, index) => [name, values[index] ?? null])) : undefined;
}

function product(lists: readonly Value[]): Value | undefined {
  let all: readonly (readonly Value[])[] = [[]];
  for (const list of lists) {
    if (!isList(list) || all.length * list.length > MAX_ELEMENTS) return undefined;
    all = all.flatMap((head) => list.map((entry) => [...head, entry]));
  }
  return all;
}

function coalesce(args: readonly Value[], counts: (arg: Value) => boolean): Value | undefined {
  for (const arg of args) {
    if (isUnknown(arg)) return undefined;
    if (counts(arg)) return arg;
  }
  return undefined;
}

function join(separator: Value | undefined, lists: readonly Value[]): Value | undefined {
  if (typeof separator !== 'string' || !lists.every(isList)) return undefined;
  const texts = lists.flat().map((entry) => toText(entry));
  return texts.includes(undefined) ? undefined : limited(texts.join(separator));
}

/** With the verbs `%s`, `%d`, `%v` and `%%`; any other is not read. */
function format(pattern: Value | undefined, args: readonly Value[]): Value | undefined {
  if (typeof pattern !== 'string') return undefined;
  const texts = args.map((arg) => toText(arg));
  if (texts.includes(undefined) || /%(?![sdv%])/.test(pattern.replaceAll('%%', ''))) return undefined;
  let next = 0;
  return limited(pattern.replaceAll(/%[sdv%]/g, (verb) => (verb === '%%' ? '%' : (texts[next++] ?? ''))));
}
