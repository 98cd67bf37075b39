import { isObject, type RawObject } from '#src/model/raw.ts';

/** An object that is being built. Nobody else may hold it yet. */
export type Draft = Record<string, unknown>;

export function isDraft(value: unknown): value is Draft {
  return isObject(value);
}

/** A copy that shares nothing with the original. */
export function clone<T>(value: T): T {
  if (Array.isArray(value)) return value.map((entry: unknown) => clone(entry)) as T;
  if (!isObject(value)) return value;
  const copy: Draft = {};
  for (const key of Object.keys(value)) copy[key] = clone((value as RawObject)[key]);
  return copy as T;
}

/** Whether both hold the same JSON; the order of fields does not matter. */
export function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((entry, index) => equal(entry, b[index]));
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && equal(a[key], b[key]));
}

/** The object in a field, if there is one. */
export function child(parent: Draft | undefined, field: string): Draft | undefined {
  const value = parent?.[field];
  return isDraft(value) ? value : undefined;
}

/** The object in a field, made where there is none. */
export function madeChild(parent: Draft, field: string): Draft {
  const present = child(parent, field);
  if (present !== undefined) return present;
  const made: Draft = {};
  parent[field] = made;
  return made;
}

/** The objects of a list in a field. */
export function children(parent: Draft | undefined, field: string): readonly Draft[] {
  const value = parent?.[field];
  return Array.isArray(value) ? value.filter(isDraft) : [];
}

/** Sets the fields that have no value yet; an empty text is none. */
export function preset(target: Draft, values: RawObject): void {
  for (const [field, value] of Object.entries(values)) {
    if (target[field] === undefined || target[field] === null || target[field] === '') target[field] = clone(value);
  }
}

/** Takes a field away. */
export function drop(target: object, field: string): void {
  Reflect.deleteProperty(target, field);
}

export function isEmptyObject(value: unknown): boolean {
  return isObject(value) && Object.keys(value).length === 0;
}
