import { isDeepStrictEqual } from 'node:util';
import { isMap, isScalar, isSeq, parseDocument, type Node } from 'yaml';
import { parseEmbeddedYaml } from '#src/model/embedded-yaml.ts';
import { listAt } from '#src/model/raw.ts';

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
