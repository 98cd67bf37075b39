/** Texts that mean something to the product: times and its own addresses. */
const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;
const OWN_ADDRESS = 'https://';

type Path = readonly (string | number)[];

/** Whether a person, a cluster or a file decides what stands at a place of the data. */
export type IsForeign = (value: string, path: string) => boolean;

/** The data with one other text at every foreign place. */
export function withEveryText(data: unknown, text: string, isForeign: IsForeign): unknown {
  return mapped(data, [], (value, path) => (isFree(value, path, isForeign) ? text : value));
}

/** The data once for each foreign place, with the other text there alone; of lists the first entry stands for all. */
export function* withEachText(data: unknown, text: string, isForeign: IsForeign): Generator<{ readonly path: string; readonly data: unknown }> {
  const paths: Path[] = [];
  mapped(data, [], (value, path) => {
    if (isFree(value, path, isForeign) && !path.some((step) => typeof step === 'number' && step > 0)) paths.push(path);
  });
  for (const wanted of paths) yield { path: wanted.join('.'), data: mapped(data, [], (value, path) => (path.join('.') === wanted.join('.') ? text : value)) };
}

/** The data with lists of that length: their first entry again and again. Lists that are empty in the data stay so. */
export function withListsOf(data: unknown, length: number): unknown {
  if (Array.isArray(data)) {
    const [first] = data as readonly unknown[];
    if (first === undefined) return data;
    // Lists in lists of ten thousand would be a hundred million entries.
    const entry = length > 100 ? first : withListsOf(first, length);
    return Array.from({ length }, () => entry);
  }
  if (typeof data === 'object' && data !== null) return Object.fromEntries(Object.entries(data).map(([key, entry]) => [key, withListsOf(entry, length)]));
  return data;
}

function isFree(value: unknown, path: Path, isForeign: IsForeign): boolean {
  return typeof value === 'string' && !ISO_TIME.test(value) && !value.startsWith(OWN_ADDRESS) && isForeign(value, path.join('.'));
}

function mapped(value: unknown, path: Path, change: (leaf: unknown, path: Path) => unknown): unknown {
  if (Array.isArray(value)) return value.map((entry, index) => mapped(entry, [...path, index], change));
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, mapped(entry, [...path, key], change)]));
  return change(value, path);
}
