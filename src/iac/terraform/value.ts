import { UNRESOLVED } from '#src/model/raw.ts';

/** What an expression comes to. `UNRESOLVED` is what only applying the configuration would tell. */
export type Value = string | number | boolean | null | typeof UNRESOLVED | Lazy | readonly Value[] | ValueMap;

export interface ValueMap {
  readonly [key: string]: Value;
}

/** Something with fields that are evaluated when they are asked for: variables, locals, a resource, the outputs of a module. */
export class Lazy {
  readonly get: (step: string | number) => Value;
  /** Its instances for a splat; undefined when they are not known. */
  readonly all: () => readonly Value[] | undefined;

  constructor(get: (step: string | number) => Value, all: () => readonly Value[] | undefined = () => undefined) {
    this.get = get;
    this.all = all;
  }
}

/** A definite mistake, such as a field that a known object does not have; `try` and `can` look for it. */
export class EvaluationFault extends Error {}

export function isMap(value: Value): value is ValueMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Lazy);
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

/** Also with a key `__proto__`, which an assignment would not store. */
export function mapOf(entries: Iterable<readonly [string, Value]>): ValueMap {
  return Object.fromEntries(entries);
}

/**
 * Stands for what a provider fills in when it makes a resource, such as its id: a text that is surely there and never one that
 * could have been written.
 */
export function filledIn(address: string, attribute: string): string {
  return `\${${address}.${attribute}}`;
}

/** Whether a text holds a part that only the provider knows. */
export function isFilledIn(text: string): boolean {
  return text.includes('${');
}

/** The value as a check sees it: what is not known is `UNRESOLVED`, all the way down. */
export function settle(value: Value): unknown {
  if (value instanceof Lazy) return UNRESOLVED;
  if (isList(value)) return value.map(settle);
  return isMap(value) ? mapOf(Object.entries(value).map(([key, entry]) => [key, settle(entry) as Value])) : value;
}

/** A text, as Terraform turns numbers and booleans into one; undefined for anything else. */
export function toText(value: Value): string | undefined {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

export function toNumber(value: Value): number | undefined {
  if (typeof value === 'number') return value;
  const number = typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : NaN;
  return Number.isFinite(number) ? number : undefined;
}

export function toBoolean(value: Value): boolean | undefined {
  if (typeof value === 'boolean') return value;
  return value === 'true' ? true : value === 'false' ? false : undefined;
}

/** Whether something in it is not known. */
export function hasUnknown(value: Value): boolean {
  if (value === UNRESOLVED || value instanceof Lazy) return true;
  if (isList(value)) return value.some(hasUnknown);
  return isMap(value) && Object.values(value).some(hasUnknown);
}
