import type { ObjectAddress } from '#src/model/plan.ts';
import { listAt, textsAt, type RawObject, type Step } from '#src/model/raw.ts';

/** Of code in a message. */
const LONGEST_LINE = 118;

type List = readonly string[] | undefined;

/** The list of texts at the path; undefined for none, and for an empty one, which is the same to an API server. */
export function listOf(object: RawObject, path: readonly Step[]): List {
  return listAt(object, ...path).length === 0 ? undefined : textsAt(object, ...path);
}

export function isSameList(one: List, other: List): boolean {
  return one?.length === other?.length && (one ?? []).every((text, index) => text === other?.[index]);
}

/**
 * The list as it is to be without a change of `previous` to `value` that was made to it. Unclear where others have changed what was put
 * there, or where what is left would be a list that nobody has written: an empty one may mean the opposite.
 */
export function withoutOurs(found: List, previous: List, value: readonly string[]): List | 'unclear' {
  if (isSameList(found, value) || isSameList(found, previous)) return previous;
  const now = found ?? [];
  const put = value.filter((text) => previous?.includes(text) !== true);
  const taken = (previous ?? []).filter((text) => !value.includes(text));
  // Whoever took all of ours out, and what we took out back in, has taken it back already.
  if (!now.some((text) => put.includes(text)) && taken.every((text) => now.includes(text))) return found;
  if (previous === undefined) return 'unclear';
  const isAddedTo = value.every((text) => now.includes(text));
  if (taken.length > 0 && !isAddedTo) return 'unclear';
  const left = [...now.filter((text) => !put.includes(text)), ...taken.filter((text) => !now.includes(text))];
  return left.length === 0 ? 'unclear' : left;
}

/** What somebody types to have this list there, in lines that a message shows whole; none where it is undefined. */
export function kubectlPatch({ namespace, resource, name }: Pick<ObjectAddress, 'namespace' | 'resource' | 'name'>, path: readonly Step[], value: List): string {
  const before = `${path.map((step) => `{${JSON.stringify(step)}:`).join('')}${value === undefined ? 'null' : '['}`;
  const after = `${value === undefined ? '' : ']'}${'}'.repeat(path.length)}'`;
  const lines = [`kubectl${namespace === undefined ? '' : ` -n ${namespace}`} patch ${resource} ${name} --type=merge -p '${inQuotes(before)}`];
  const items = (value ?? []).map((text, index, all) => `${inQuotes(JSON.stringify(text))}${index < all.length - 1 ? ',' : ''}`);
  for (const item of [...items, after]) {
    const last = lines.at(-1) ?? '';
    if (last.length + item.length <= LONGEST_LINE) lines[lines.length - 1] = last + item;
    else lines.push(item);
  }
  return lines.join('\n');
}

/** Within single quotes of a shell. */
function inQuotes(text: string): string {
  return text.replaceAll("'", String.raw`'\''`);
}
