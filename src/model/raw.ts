/** One JSON object exactly as the API server or a file gave it. Nothing about its shape is promised. */
export type RawObject = Readonly<Record<string, unknown>>;

/** A step into an object: a field name or a list index. */
export type Step = string | number;

/** Stands in a file's object for a value that only applying the file would tell, such as a Terraform variable without default. */
export const UNRESOLVED: unique symbol = Symbol('unresolved');

/**
 * Thrown by every reader that meets `UNRESOLVED`.
 *
 * The runner turns it into `undecided` for the check and object at hand, so no check handles it and none can mistake an
 * unknown value for an absent one.
 */
export class Unresolved extends Error {
  constructor(path: string) {
    super(`${path} is only known when the file is applied`);
  }
}

/** What is read, or the other value when it is only known when the file is applied. For who an object is, never for what a check decides. */
export function ifKnown<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof Unresolved) return otherwise;
    throw error;
  }
}

/** The value at the path, or undefined when a step is absent, null or leads through something that has no fields. Null equals absent. */
export function at(value: unknown, ...path: readonly Step[]): unknown {
  let here = value;
  for (let index = 0; index < path.length; index += 1) {
    if (here === UNRESOLVED) throw new Unresolved(formatPath(path.slice(0, index)));
    if (typeof here !== 'object' || here === null) return undefined;
    const step = path[index] ?? '';
    here = Object.hasOwn(here, step) ? (here as RawObject)[step] : undefined;
  }
  if (here === UNRESOLVED) throw new Unresolved(formatPath(path));
  return here ?? undefined;
}

/** The text at the path; undefined when absent or of another type. */
export function textAt(value: unknown, ...path: readonly Step[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === 'string' ? found : undefined;
}

/** The whole number at the path; undefined when absent or of another type. A quoted number is text, as Kubernetes reads it. */
export function integerAt(value: unknown, ...path: readonly Step[]): number | undefined {
  const found = at(value, ...path);
  return typeof found === 'number' && Number.isInteger(found) ? found : undefined;
}

/** The boolean at the path; undefined when absent or of another type. `"true"` is text, as Kubernetes reads it. */
export function booleanAt(value: unknown, ...path: readonly Step[]): boolean | undefined {
  const found = at(value, ...path);
  return typeof found === 'boolean' ? found : undefined;
}

/** The object at the path; undefined when absent, a list or of another type. */
export function objectAt(value: unknown, ...path: readonly Step[]): RawObject | undefined {
  const found = at(value, ...path);
  return isObject(found) ? found : undefined;
}

/** The list at the path; empty when absent or of another type. */
export function listAt(value: unknown, ...path: readonly Step[]): readonly unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** The objects in the list at the path with their indexes; entries of another type are left out. */
export function objectsAt(value: unknown, ...path: readonly Step[]): readonly (readonly [index: number, object: RawObject])[] {
  const found: (readonly [number, RawObject])[] = [];
  for (const [index, entry] of listAt(value, ...path).entries()) {
    if (entry === UNRESOLVED) throw new Unresolved(formatPath([...path, index]));
    if (isObject(entry)) found.push([index, entry]);
  }
  return found;
}

/** The objects in the list at the path with their indexes. That one is not known is only met when the known ones have gone by. */
export function* knownObjectsAt(value: unknown, ...path: readonly Step[]): Generator<readonly [index: number, object: RawObject]> {
  const entries = [...listAt(value, ...path).entries()];
  for (const [index, entry] of entries) if (isObject(entry)) yield [index, entry];
  const unknown = entries.find(([, entry]) => entry === UNRESOLVED);
  if (unknown !== undefined) throw new Unresolved(formatPath([...path, unknown[0]]));
}

/** What `read` makes of one entry after the other. That something is not known is only met when all others have gone by, so that it hides none of them. */
export function* unknownLast<Entry, Made>(entries: Iterable<Entry>, read: (entry: Entry) => Iterable<Made>): Generator<Made> {
  let unknown: Unresolved | undefined;
  const note = (error: unknown): void => {
    if (!(error instanceof Unresolved)) throw error;
    unknown ??= error;
  };
  try {
    for (const entry of entries) {
      try {
        yield* read(entry);
      } catch (error) {
        note(error);
      }
    }
  } catch (error) {
    note(error);
  }
  if (unknown !== undefined) throw unknown;
}

/** What is known of some, and that there are others where there are. */
export function knownPart<Entry>(entries: Iterable<Entry>): { readonly known: readonly Entry[]; readonly unknown?: Unresolved } {
  const known: Entry[] = [];
  try {
    for (const entry of entries) known.push(entry);
    return { known };
  } catch (unknown) {
    if (!(unknown instanceof Unresolved)) throw unknown;
    return { known, unknown };
  }
}

/**
 * All that are known of some.
 *
 * @throws {Unresolved} when some are not known, and none is.
 */
export function knownOf<Entry>(entries: Iterable<Entry>): readonly Entry[] {
  const { known, unknown } = knownPart(entries);
  if (known.length === 0 && unknown !== undefined) throw unknown;
  return known;
}

/** The texts in the list at the path; entries of another type are left out. */
export function textsAt(value: unknown, ...path: readonly Step[]): readonly string[] {
  const found: string[] = [];
  for (const [index, entry] of listAt(value, ...path).entries()) {
    if (entry === UNRESOLVED) throw new Unresolved(formatPath([...path, index]));
    if (typeof entry === 'string') found.push(entry);
  }
  return found;
}

/** The entries of a string map such as labels; values of another type are left out. */
export function textMapAt(value: unknown, ...path: readonly Step[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [key, entry] of Object.entries(objectAt(value, ...path) ?? {})) {
    if (entry === UNRESOLVED) throw new Unresolved(formatPath([...path, key]));
    if (typeof entry === 'string') found.set(key, entry);
  }
  return found;
}

export function isObject(value: unknown): value is RawObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `spec.containers[0].image`, with keys that are no plain name in brackets: `metadata.annotations["a.b/c"]`. */
export function formatPath(path: readonly Step[]): string {
  const parts = path.map((step, index) => {
    if (typeof step === 'number') return `[${step}]`;
    if (!/^[A-Za-z_$][\w$-]*$/.test(step)) return `[${JSON.stringify(step)}]`;
    return index === 0 ? step : `.${step}`;
  });
  return parts.join('');
}
