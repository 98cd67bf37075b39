import { isAlias, isMap, isScalar, isSeq, parseDocument, Schema, type Document, type ErrorCode, type Node, type Pair, type YAMLMap } from 'yaml';
import type { Step } from '#src/model/raw.ts';
import { lineAt, type DocumentFault } from './fault.ts';
import { lineIndex } from './lines.ts';

/** Every scalar stays text: which type it is read as is decided by scalars.ts. */
const SCHEMA = new Schema({ schema: 'failsafe', resolveKnownTags: false });

/** The library's own messages may quote the source, and with it a secret. */
const REASONS: Readonly<Partial<Record<ErrorCode, string>>> = {
  ALIAS_PROPS: 'an alias with an anchor or a tag',
  BAD_ALIAS: 'bad alias',
  BAD_COLLECTION_TYPE: 'a tag that does not fit its list or map',
  BAD_DIRECTIVE: 'bad directive',
  BAD_DQ_ESCAPE: 'unknown escape in a double-quoted text',
  BAD_INDENT: 'bad indentation',
  BAD_PROP_ORDER: 'a tag or an anchor in the wrong place',
  BAD_SCALAR_START: 'a character that must be quoted',
  BLOCK_AS_IMPLICIT_KEY: 'bad indentation, or a value that must be quoted',
  BLOCK_IN_FLOW: 'a block within brackets',
  DUPLICATE_KEY: 'duplicate key',
  KEY_OVER_1024_CHARS: 'a key of more than 1024 characters',
  MISSING_CHAR: 'a missing character, such as a quote, a bracket, a colon or a blank',
  MULTILINE_IMPLICIT_KEY: 'a key of several lines, or a missing quote',
  MULTIPLE_ANCHORS: 'two anchors',
  MULTIPLE_DOCS: 'text after the end of the document',
  MULTIPLE_TAGS: 'two tags',
  RESOURCE_EXHAUSTION: 'nested too deeply',
  TAB_AS_INDENT: 'a tab as indentation',
  TAG_RESOLVE_FAILED: 'bad tag',
  UNEXPECTED_TOKEN: 'unexpected text',
};

/** Parses one YAML document to its nodes. */
export function parseYaml(text: string): { readonly document: Document.Parsed } | { readonly fault: DocumentFault } {
  const document = documentOf(text);
  const [error] = document.errors;
  if (error === undefined) return { document };
  return { fault: { line: lineAt(text, error.pos[0]), reason: REASONS[error.code] ?? 'not YAML' } };
}

function documentOf(text: string): Document.Parsed {
  return parseDocument(text, { schema: SCHEMA, prettyErrors: false, uniqueKeys: false });
}

/**
 * Tells the line of the deepest place that a YAML document has on a path, from 1. Follows aliases and merge keys.
 *
 * The tree takes many times the room of its text, so it may be dropped while it is not needed, and is then made anew.
 */
export function yamlLines(text: string, document: Document.Parsed): (path: readonly Step[]) => number {
  const lineOf = lineIndex(text);
  let kept = new WeakRef(document);
  return (path) => {
    const tree = kept.deref() ?? documentOf(text);
    kept = new WeakRef(tree);
    return lineOf(offsetOf(tree, path));
  };
}

function offsetOf(document: Document.Parsed, path: readonly Step[]): number {
  let here: Node | null | undefined = document.contents;
  let offset = here?.range?.[0] ?? 0;
  for (const step of path) {
    const next: { readonly offset: number | undefined; readonly node: Node | null } | undefined = childOf(document, here, step);
    if (next === undefined) break;
    here = next.node;
    offset = next.offset ?? offset;
  }
  return offset;
}

function childOf(document: Document.Parsed, node: Node | null | undefined, step: Step): { readonly offset: number | undefined; readonly node: Node | null } | undefined {
  const parent = isAlias(node) ? node.resolve(document) : node;
  if (isSeq(parent) && typeof step === 'number') {
    const item = parent.items[step] as Node | undefined;
    return item === undefined ? undefined : { offset: item.range?.[0], node: item };
  }
  if (!isMap(parent)) return undefined;
  const pair = parent.items.find((candidate) => keyText(candidate) === String(step)) as Pair<Node, Node | null> | undefined;
  return pair === undefined ? mergedChild(document, parent, step) : { offset: pair.key.range?.[0], node: pair.value };
}

function mergedChild(document: Document.Parsed, map: YAMLMap, step: Step): ReturnType<typeof childOf> {
  for (const pair of map.items) {
    if (keyText(pair) !== '<<') continue;
    const value = pair.value as Node;
    for (const source of isSeq(value) ? (value.items as Node[]) : [value]) {
      const found = childOf(document, source, step);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function keyText({ key }: Pair): string | undefined {
  return isScalar(key) ? String(key.value) : undefined;
}
