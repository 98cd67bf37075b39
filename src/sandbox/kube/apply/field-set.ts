import { isObject, type RawObject } from '#src/model/raw.ts';

/**
 * A set of an object's fields, shaped like the object.
 *
 * Keys are written as in `fieldsV1`: `f:name` a field, `k:{"name":"web"}` a list entry by its keys, `v:"x"` one by its value.
 * A set that others can see is never changed.
 */
export interface FieldSet {
  readonly members: ReadonlySet<string>;
  readonly children: ReadonlyMap<string, FieldSet>;
}

interface Growing extends FieldSet {
  readonly members: Set<string>;
  readonly children: Map<string, Growing>;
}

export const NO_FIELDS: FieldSet = { members: new Set(), children: new Map() };

export function growingSet(): Growing {
  return { members: new Set(), children: new Map() };
}

export function insert(set: Growing, path: readonly string[]): void {
  const last = path.at(-1);
  if (last === undefined) return;
  let here = set;
  for (const key of path.slice(0, -1)) {
    let next = here.children.get(key);
    if (next === undefined) here.children.set(key, (next = growingSet()));
    here = next;
  }
  here.members.add(last);
}

export function fieldSet(...paths: readonly (readonly string[])[]): FieldSet {
  const set = growingSet();
  for (const path of paths) insert(set, path.map((name) => `f:${name}`));
  return set;
}

export function isEmpty({ members, children }: FieldSet): boolean {
  return members.size === 0 && [...children.values()].every(isEmpty);
}

export function below(set: FieldSet, key: string): FieldSet {
  return set.children.get(key) ?? NO_FIELDS;
}

export function union(a: FieldSet, b: FieldSet): FieldSet {
  const children = new Map(a.children);
  for (const [key, set] of b.children) children.set(key, union(children.get(key) ?? NO_FIELDS, set));
  return { members: new Set([...a.members, ...b.members]), children };
}

/** Without the fields of `b`; what is below them stays. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  return { members: only(a.members, (key) => !b.members.has(key)), children: withoutEmpty(a, (key, set) => difference(set, below(b, key))) };
}

/** Without the fields of `b` and all that is below them. */
export function differenceBelow(a: FieldSet, b: FieldSet): FieldSet {
  return {
    members: only(a.members, (key) => !b.members.has(key)),
    children: withoutEmpty(a, (key, set) => (b.members.has(key) ? NO_FIELDS : differenceBelow(set, below(b, key)))),
  };
}

export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  return { members: only(a.members, (key) => b.members.has(key)), children: withoutEmpty(a, (key, set) => intersection(set, below(b, key))) };
}

function only(members: ReadonlySet<string>, isWanted: (key: string) => boolean): ReadonlySet<string> {
  return new Set([...members].filter(isWanted));
}

function withoutEmpty(set: FieldSet, change: (key: string, child: FieldSet) => FieldSet): ReadonlyMap<string, FieldSet> {
  const children = new Map<string, FieldSet>();
  for (const [key, entry] of set.children) {
    const changed = change(key, entry);
    if (!isEmpty(changed)) children.set(key, changed);
  }
  return children;
}

export function equalSets(a: FieldSet, b: FieldSet): boolean {
  return isEmpty(difference(a, b)) && isEmpty(difference(b, a));
}

export function toFieldsV1(set: FieldSet): RawObject {
  return writeFields(set, {});
}

function writeFields({ members, children }: FieldSet, written: Record<string, RawObject>): RawObject {
  for (const key of [...new Set([...members, ...children.keys()])].sort(byElement)) {
    const inner = children.get(key);
    if (inner === undefined || isEmpty(inner)) {
      if (members.has(key)) written[key] = {};
    } else {
      written[key] = writeFields(inner, members.has(key) ? { '.': {} } : {});
    }
  }
  return written;
}

export function fromFieldsV1(fields: RawObject): FieldSet {
  const set = growingSet();
  for (const [key, value] of Object.entries(fields)) {
    if (key === '.' || !isObject(value)) continue;
    const names = Object.keys(value);
    if (names.length === 0 || names.includes('.')) set.members.add(key);
    if (names.some((name) => name !== '.')) set.children.set(key, fromFieldsV1(value) as Growing);
  }
  return set;
}

/** Every field of the set, in the order in which conflicts are told. */
export function pathsOf(set: FieldSet, prefix: readonly string[] = []): readonly (readonly string[])[] {
  const own = [...set.members].sort(byElement).map((key) => [...prefix, key]);
  const inner = [...set.children].sort(([a], [b]) => byElement(a, b)).flatMap(([key, entry]) => pathsOf(entry, [...prefix, key]));
  return [...own, ...inner];
}

/** `.spec.containers[name="web"].image` */
export function formatFieldPath(path: readonly string[]): string {
  return path.map(formatElement).join('');
}

function formatElement(key: string): string {
  const rest = key.slice(2);
  if (key.startsWith('f:')) return `.${rest}`;
  if (key.startsWith('v:')) return `[=${rest}]`;
  if (key.startsWith('i:')) return `[${rest}]`;
  const keys = Object.entries(JSON.parse(rest) as RawObject);
  return `[${keys.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(',')}]`;
}

/** Fields come before entries by key and those before entries by value, which is also the order of their letters. */
function byElement(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
