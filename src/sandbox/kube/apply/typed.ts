import { isObject } from '#src/model/raw.ts';
import { equal } from '../json.ts';
import type { FieldSchema } from '../schema/schema.ts';
import { fieldType, isAtomic, isList, isNamedField, itemType } from '../schema/types.ts';
import { growingSet, insert, type FieldSet } from './field-set.ts';

/** The key under which a list entry is known, see `FieldSet`. */
export function entryKey(entry: unknown, schema: FieldSchema): string {
  const keys = isList(schema) ? schema.keys : undefined;
  if (keys === undefined || !isObject(entry)) return `v:${JSON.stringify(entry)}`;
  const values = [...keys].sort().flatMap((key) => {
    const type = fieldType(itemType(schema), key);
    const value = entry[key] ?? ('default' in type ? type.default : undefined);
    return value === undefined ? [] : [[key, value] as const];
  });
  return `k:${JSON.stringify(Object.fromEntries(values))}`;
}

/** Every field that a value sets: leaves, and the entries of lists and maps. */
export function fieldsOf(value: unknown, schema: FieldSchema): FieldSet {
  const set = growingSet();
  collect(value, schema, [], set);
  return set;
}

function collect(value: unknown, schema: FieldSchema, path: readonly string[], set: ReturnType<typeof growingSet>): void {
  if ((!Array.isArray(value) && !isObject(value)) || isAtomic(schema, value)) {
    if (value !== null) insert(set, path);
    return;
  }
  if (Array.isArray(value)) {
    for (const entry of value as readonly unknown[]) {
      const entryPath = [...path, entryKey(entry, schema)];
      collect(entry, itemType(schema), entryPath, set);
      insert(set, entryPath);
    }
    return;
  }
  for (const [field, entry] of Object.entries(value)) {
    const fieldPath = [...path, `f:${field}`];
    collect(entry, fieldType(schema, field), fieldPath, set);
    const isBare = entry === null || (isObject(entry) && Object.keys(entry).length === 0);
    if (isBare || !isNamedField(schema, field)) insert(set, fieldPath);
  }
}

export interface Comparison {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

type Growing = ReturnType<typeof growingSet>;
type Outcome = Readonly<Record<'added' | 'modified' | 'removed', Growing>>;

/** Which fields differ between an object before and after. */
export function compare(before: unknown, after: unknown, schema: FieldSchema): Comparison {
  const outcome: Outcome = { added: growingSet(), modified: growingSet(), removed: growingSet() };
  compareValues(before, after, schema, [], outcome);
  return outcome;
}

function compareValues(before: unknown, after: unknown, schema: FieldSchema, path: readonly string[], outcome: Outcome): void {
  const [left, right] = [granular(before, schema), granular(after, schema)];
  const isLeaf = left === undefined && right === undefined;
  if (isLeaf) {
    if (before === undefined) insert(outcome.added, path);
    else if (after === undefined) insert(outcome.removed, path);
    else if (!equal(before, after)) insert(outcome.modified, path);
    return;
  }
  for (const key of new Set([...(left?.keys() ?? []), ...(right?.keys() ?? [])])) {
    const type = key.startsWith('f:') ? fieldType(schema, key.slice(2)) : itemType(schema);
    compareEntries(left?.get(key) ?? [], right?.get(key) ?? [], type, [...path, key], outcome);
  }
  if (before === undefined) insert(outcome.added, path);
  else if (after === undefined) insert(outcome.removed, path);
}

/** Entries under one key. More than one of them on a side are compared as a whole. */
function compareEntries(before: readonly unknown[], after: readonly unknown[], schema: FieldSchema, path: readonly string[], outcome: Outcome): void {
  if (before.length <= 1 && after.length <= 1) {
    compareValues(before[0], after[0], schema, path, outcome);
    return;
  }
  if (before.length >= 2 && after.length >= 2) {
    if (!equal(before, after)) insert(outcome.modified, path);
    return;
  }
  if (before.length >= 2) {
    if (after.length > 0) compareValues(undefined, after[0], schema, path, outcome);
    insert(outcome.removed, path);
    return;
  }
  if (before.length > 0) compareValues(before[0], undefined, schema, path, outcome);
  insert(outcome.added, path);
}

/** What a list or map holds by key; undefined for what counts as one value, such as a scalar or something empty. */
function granular(value: unknown, schema: FieldSchema): ReadonlyMap<string, readonly unknown[]> | undefined {
  if (isAtomic(schema, value)) return undefined;
  const held = new Map<string, unknown[]>();
  const hold = (key: string, entry: unknown): void => {
    const known = held.get(key);
    if (known === undefined) held.set(key, [entry]);
    else known.push(entry);
  };
  if (Array.isArray(value)) for (const entry of value as readonly unknown[]) hold(entryKey(entry, schema), entry);
  else if (isObject(value)) for (const [field, entry] of Object.entries(value)) hold(`f:${field}`, entry);
  return held.size === 0 ? undefined : held;
}

/** Without the fields of the set. A list or object that becomes empty is undefined. */
export function withoutFields(value: unknown, set: FieldSet, schema: FieldSchema): unknown {
  if (Array.isArray(value)) return isAtomic(schema, value) ? undefined : withoutEntries(value, set, schema);
  if (!isObject(value)) return value;
  if (isAtomic(schema, value)) return undefined;
  const kept: [string, unknown][] = [];
  for (const [field, entry] of Object.entries(value)) {
    const key = `f:${field}`;
    if (set.members.has(key)) continue;
    const inner = set.children.get(key);
    const rest = inner === undefined ? entry : withoutFields(entry, inner, fieldType(schema, field));
    kept.push([field, rest ?? null]);
  }
  return kept.length === 0 ? undefined : (Object.fromEntries(kept));
}

function withoutEntries(list: readonly unknown[], set: FieldSet, schema: FieldSchema): unknown {
  const kept = list.flatMap((entry) => {
    const key = entryKey(entry, schema);
    if (set.members.has(key)) return [];
    const inner = set.children.get(key);
    return [inner === undefined ? entry : withoutFields(entry, inner, itemType(schema))];
  });
  return kept.length === 0 ? undefined : kept;
}

/** The set with every named field on the way to its members, so that objects are taken away with their last field. */
export function withNamedFields(set: FieldSet, schema: FieldSchema): FieldSet {
  const members = new Set(set.members);
  const children = new Map<string, FieldSet>();
  for (const [key, inner] of set.children) {
    const isField = key.startsWith('f:');
    const type = isField ? fieldType(schema, key.slice(2)) : itemType(schema);
    if (isField && isNamedField(schema, key.slice(2))) members.add(key);
    children.set(key, withNamedFields(inner, type));
  }
  return { members, children };
}
