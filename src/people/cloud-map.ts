import { isDeepStrictEqual } from 'node:util';
import { isMap, isScalar, isSeq, parseDocument, type Node } from 'yaml';
import { parseEmbeddedYaml } from '#src/model/embedded-yaml.ts';
import { isObject, listAt, textAt, textsAt, type RawObject } from '#src/model/raw.ts';

/** One entry of `mapUsers` in EKS's ConfigMap `aws-auth`: a user of the cloud who signs in as a user of the cluster. */
export interface CloudUser {
  /** In the list. */
  readonly index: number;
  readonly arn: string;
  /** The user that the cluster sees. */
  readonly user: string;
  readonly groups: readonly string[];
  readonly entry: RawObject;
}

/** Groups of nodes: whoever takes such an entry away takes nodes out of the cluster. */
const NODE_GROUPS: ReadonlySet<string> = new Set(['system:nodes', 'system:bootstrappers', 'system:node-proxier']);

/** The entries of a `mapUsers` text; undefined when it is no YAML. */
export function readCloudUsers(text: string): readonly CloudUser[] | undefined {
  const parsed = parseEmbeddedYaml(text);
  if (parsed === undefined) return undefined;
  return listAt(parsed.value).flatMap((entry, index): readonly CloudUser[] => {
    if (!isObject(entry)) return [];
    const arn = textAt(entry, 'userarn') ?? '';
    return [{ index, arn, user: textAt(entry, 'username') ?? arn, groups: textsAt(entry, 'groups'), entry }];
  });
}

export function isNodeEntry({ groups, user }: CloudUser): boolean {
  return user.startsWith('system:node:') || groups.some((group) => NODE_GROUPS.has(group));
}

/**
 * The text without the entries at these indexes, every other byte as it was; undefined when that cannot be done safely.
 *
 * Comments between entries stay. The result is read again: it holds exactly the other entries, or it is not given out.
 */
export function withoutEntries(text: string, indexes: readonly number[]): string | undefined {
  const { contents, errors } = parseDocument(text, { logLevel: 'silent' });
  if (errors.length > 0 || !isSeq(contents) || contents.flow === true) return undefined;
  const spans = indexes.map((index) => spanOf(text, contents.items[index]));
  let rest = text;
  for (const span of spans.toSorted((a, b) => (b?.start ?? 0) - (a?.start ?? 0))) {
    if (span === undefined) return undefined;
    rest = rest.slice(0, span.start) + rest.slice(span.end);
  }
  const expected = listAt(parseEmbeddedYaml(text)?.value).filter((_, index) => !indexes.includes(index));
  const left = parseEmbeddedYaml(rest);
  return left !== undefined && isDeepStrictEqual(listAt(left.value), expected) ? rest : undefined;
}

/** From the beginning of the line with the entry's dash to the end of its last line. */
function spanOf(text: string, item: unknown): { readonly start: number; readonly end: number } | undefined {
  const range = isMap(item) || isScalar(item) ? (item as Node).range : undefined;
  if (!range) return undefined;
  const [valueStart, valueEnd] = range;
  const dash = text.lastIndexOf('-', valueStart - 1);
  if (dash === -1) return undefined;
  const start = text.lastIndexOf('\n', dash) + 1;
  if (text.slice(start, dash).trim() !== '') return undefined;
  const end = text[valueEnd - 1] === '\n' ? valueEnd : text.indexOf('\n', valueEnd) + 1;
  return { start, end: end === 0 ? text.length : end };
}
