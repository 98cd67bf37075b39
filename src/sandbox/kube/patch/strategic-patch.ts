import { isObject, type RawObject } from '#src/model/raw.ts';
import { drop, equal, type Draft } from '../json.ts';
import type { FieldSchema } from '../schema/schema.ts';
import { fieldType, isList, itemType } from '../schema/types.ts';
import { badRequest, internal } from '../status.ts';

const DIRECTIVE = '$patch';
const RETAIN = '$retainKeys';
const ORDER = '$setElementOrder/';
const REMOVALS = '$deleteFromPrimitiveList/';

/**
 * Kubernetes' own kind of patch, which knows by its type how each list is merged.
 *
 * @throws Failure for directives that make no sense.
 */
export function strategicPatch(object: RawObject, patch: RawObject, schema: FieldSchema): RawObject {
  return patchMap(object, patch, schema) ?? {};
}

function patchMap(original: RawObject, patch: RawObject, schema: FieldSchema): RawObject | undefined {
  const directive = patch[DIRECTIVE];
  if (directive === 'replace') return plain(patch);
  if (directive === 'delete') return {};
  if (directive !== undefined && directive !== 'merge') throw badRequest(`unknown patch type: ${JSON.stringify(directive)}`);
  const result: Draft = retained(original, patch);
  checkOrders(patch, schema);
  for (const [field, value] of Object.entries(patch)) {
    if (field.startsWith(REMOVALS)) removeValues(result, field.slice(REMOVALS.length), value);
    if (field.startsWith('$')) continue;
    if (value === null) drop(result, field);
    else result[field] = patchField(result[field], value, fieldType(schema, field));
  }
  for (const [field, order] of Object.entries(patch)) {
    const name = field.slice(ORDER.length);
    const list = result[name];
    if (field.startsWith(ORDER) && Array.isArray(order) && Array.isArray(list)) result[name] = ordered(list, order, listOf(original[name]), mergeKeyOf(fieldType(schema, name)));
  }
  return result;
}

/** Entries of a list come in the order that the patch sets for it. */
function checkOrders(patch: RawObject, schema: FieldSchema): void {
  for (const [field, order] of Object.entries(patch)) {
    const name = field.slice(ORDER.length);
    const list = patch[name];
    if (!field.startsWith(ORDER) || !Array.isArray(list) || !Array.isArray(order)) continue;
    const mergeKey = mergeKeyOf(fieldType(schema, name));
    const keyOf = (entry: unknown): string => JSON.stringify(mergeKey !== undefined && isObject(entry) ? entry[mergeKey] : entry);
    const kept = (list as readonly unknown[]).filter((entry) => !isObject(entry) || entry[DIRECTIVE] !== 'delete').map(keyOf);
    const wanted = order.map(keyOf);
    let place = -1;
    const isInOrder = kept.every((key) => (place = wanted.indexOf(key, place + 1)) !== -1);
    if (!isInOrder) throw internal(`The order in patch list:\n${goText(list)}\n doesn't match $setElementOrder list:\n${goText(order)}\n`);
  }
}

/** With `$retainKeys`, fields that the list does not name go. */
function retained(original: RawObject, patch: RawObject): Draft {
  const keys = patch[RETAIN];
  if (keys === undefined) return { ...original };
  if (!Array.isArray(keys)) throw badRequest(`${RETAIN} must be a list`);
  return Object.fromEntries(Object.entries(original).filter(([field]) => keys.includes(field)));
}

function removeValues(result: Draft, field: string, values: unknown): void {
  const list = result[field];
  if (Array.isArray(list) && Array.isArray(values)) result[field] = list.filter((entry) => !values.some((value) => equal(value, entry)));
}

function patchField(original: unknown, value: unknown, schema: FieldSchema): unknown {
  if (isObject(value)) {
    if (!isObject(original) || isReplaced(schema)) return plain(value);
    return patchMap(original, value, schema);
  }
  if (!Array.isArray(value)) return value;
  const strategy = isList(schema) ? (schema.strategy ?? '') : '';
  if (!strategy.includes('merge')) return value.map(plainValue);
  const mergeKey = mergeKeyOf(schema);
  return mergeKey === undefined ? patchValues(listOf(original), value) : patchList(listOf(original), value, schema, mergeKey);
}

function isReplaced(schema: FieldSchema): boolean {
  return !isList(schema) && schema.atomic === true && !('type' in schema);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function mergeKeyOf(schema: FieldSchema): string | undefined {
  return isList(schema) ? schema.mergeKey : undefined;
}

function patchValues(original: readonly unknown[], patch: readonly unknown[]): readonly unknown[] {
  const added = patch.filter((value) => !original.some((entry) => equal(entry, value)));
  return ordered([...original, ...added], patch, original, undefined);
}

function patchList(original: readonly unknown[], patch: readonly unknown[], schema: FieldSchema, mergeKey: string): readonly unknown[] {
  const entries = patch.filter(isObject);
  if (entries.some((entry) => entry[DIRECTIVE] === 'replace')) return entries.filter((entry) => entry[DIRECTIVE] !== 'replace').map(plain);
  let result = [...original];
  const given: RawObject[] = [];
  for (const entry of entries) {
    const key = entry[mergeKey];
    if (key === undefined) throw internal(`map: ${goText(entry)} does not contain declared merge key: ${mergeKey}`);
    if (entry[DIRECTIVE] === 'delete') {
      result = result.filter((known) => !isObject(known) || !equal(known[mergeKey], key));
      continue;
    }
    given.push(entry);
    const index = result.findIndex((known) => isObject(known) && equal(known[mergeKey], key));
    const known = result[index];
    if (isObject(known)) result[index] = patchMap(known, entry, itemType(schema)) ?? {};
    else result.push(plain(entry));
  }
  return ordered(result, given, original, mergeKey);
}

/** Entries that the order names come in it; the others keep their places among those that were there before. */
function ordered(merged: readonly unknown[], order: readonly unknown[], original: readonly unknown[], mergeKey: string | undefined): readonly unknown[] {
  const keyOf = (entry: unknown): string => JSON.stringify(mergeKey !== undefined && isObject(entry) ? entry[mergeKey] : entry);
  const ranked = (list: readonly unknown[]) => new Map(list.map((entry, index) => [keyOf(entry), index]));
  const [wanted, before] = [ranked(order), ranked(original)];
  const byRank = (ranks: ReadonlyMap<string, number>) => (a: unknown, b: unknown) => (ranks.get(keyOf(a)) ?? 0) - (ranks.get(keyOf(b)) ?? 0);
  const named = merged.filter((entry) => wanted.has(keyOf(entry))).sort(byRank(wanted));
  const others = merged.filter((entry) => !wanted.has(keyOf(entry))).sort(byRank(before));
  const result: unknown[] = [];
  while (named.length > 0 || others.length > 0) {
    const [other, name] = [before.get(keyOf(others[0])), before.get(keyOf(named[0]))];
    const otherFirst = named.length === 0 || (others.length > 0 && other !== undefined && name !== undefined && other < name);
    result.push(otherFirst ? others.shift() : named.shift());
  }
  return result;
}

/** Without directives, for what the object has nothing to merge with. */
function plain(value: RawObject): RawObject {
  const entries = Object.entries(value).filter(([field, entry]) => !field.startsWith('$') && entry !== null);
  return Object.fromEntries(entries.map(([field, entry]) => [field, plainValue(entry)]));
}

function plainValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((entry) => !isObject(entry) || entry[DIRECTIVE] !== 'delete').map(plainValue);
  return isObject(value) ? plain(value) : value;
}

/** A value as Go prints it. */
function goText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`;
  if (!isObject(value)) return String(value);
  return `map[${Object.keys(value).sort().map((key) => `${key}:${goText(value[key])}`).join(' ')}]`;
}
