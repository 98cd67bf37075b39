import { isAlias, isScalar, isSeq, type Alias, type Document, type Node, type Scalar, type YAMLMap, type YAMLSeq } from 'yaml';
import { isObject } from '#src/model/raw.ts';
import { lineAt, MAX_DEPTH, quoted, type DocumentFault } from './fault.ts';
import { plainScalar, taggedScalar } from './scalars.ts';

/** Values that all aliases and merge keys of one document may add; a few lines can otherwise stand for billions. */
const MAX_EXPANDED = 200_000;
const COLLECTION_TAGS = new Set<string | undefined>([undefined, '!', 'tag:yaml.org,2002:map', 'tag:yaml.org,2002:seq']);

/** Ends the conversion of a document; caught in `valueOf`. */
class Unusable extends Error {
  readonly offset: number;

  constructor(reason: string, node: Node) {
    super(reason);
    this.offset = node.range?.[0] ?? 0;
  }
}

type ScalarValue = string | number | boolean | null;

interface Conversion {
  /** The latest node of each anchor so far. */
  readonly anchors: Map<string, Node>;
  /** What each alias stood for where it was written. */
  readonly targets: Map<Alias, Node>;
  /** Aliases that are being replaced by what they stand for. */
  readonly expanding: Set<Node>;
  expanded: number;
}

/** The value of a YAML document as kubectl reads it, except that equal keys and unknown tags are faults. */
export function valueOf(text: string, document: Document.Parsed): { readonly value: unknown } | { readonly fault: DocumentFault } {
  try {
    return { value: convert(document.contents, { anchors: new Map(), targets: new Map(), expanding: new Set(), expanded: 0 }, 0) };
  } catch (error) {
    if (!(error instanceof Unusable)) throw error;
    return { fault: { line: lineAt(text, error.offset), reason: error.message } };
  }
}

function convert(node: Node | null, state: Conversion, depth: number): unknown {
  if (node === null) return null;
  if (depth > MAX_DEPTH) throw new Unusable(`more than ${MAX_DEPTH} levels deep`, node);
  if (state.expanding.size > 0 && (state.expanded += 1) > MAX_EXPANDED) throw new Unusable(`its aliases stand for more than ${MAX_EXPANDED} values`, node);
  if (isAlias(node)) return expand(node, state, (target) => convert(target, state, depth));
  if (node.anchor !== undefined && state.expanding.size === 0) state.anchors.set(node.anchor, node);
  if (isScalar(node)) return convertScalar(node);
  if (!COLLECTION_TAGS.has(node.tag)) throw unknownTag(node);
  if (isSeq(node)) return node.items.map((item) => convert(item as Node, state, depth + 1));
  return convertMap(node as YAMLMap<Node, Node | null>, state, depth);
}

function expand<T>(alias: Alias, state: Conversion, use: (target: Node) => T): T {
  const target = state.targets.get(alias) ?? state.anchors.get(alias.source);
  if (target === undefined) throw new Unusable(`no anchor ${quoted(alias.source)} before this alias`, alias);
  if (state.expanding.has(target)) throw new Unusable(`the anchor ${quoted(alias.source)} contains itself`, alias);
  state.targets.set(alias, target);
  state.expanding.add(target);
  const result = use(target);
  state.expanding.delete(target);
  return result;
}

function convertScalar(node: Scalar): ScalarValue {
  const source = String(node.value);
  const plain = node.type === 'PLAIN';
  if (node.tag === undefined && !plain) return source;
  const value = node.tag === undefined ? plainScalar(source) : taggedScalar(node.tag, source);
  if (value !== undefined) return value;
  throw node.tag === undefined ? new Unusable('a number that JSON cannot hold', node) : unknownTag(node);
}

function unknownTag(node: Node & { tag?: string }): Unusable {
  return new Unusable(`unknown or unfitting tag ${quoted(node.tag ?? '')}`, node);
}

/** A merge key counts where it stands, as kubectl has it: it replaces what stands before it and not what follows. */
function convertMap(map: YAMLMap<Node, Node | null>, state: Conversion, depth: number): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  const keys = new Set<string>();
  for (const { key, value } of map.items) {
    const name = keyOf(key, state);
    if (keys.has(name)) throw new Unusable(`duplicate key ${quoted(name)}`, key);
    keys.add(name);
    if (name === '<<' && isPlain(key)) mergeInto(object, key, value, state, depth);
    else define(object, name, convert(value, state, depth + 1));
  }
  return object;
}

function keyOf(key: Node, state: Conversion): string {
  const value = isAlias(key) ? expand(key, state, (target) => (isScalar(target) ? convertScalar(target) : undefined)) : isScalar(key) ? scalarKey(key, state) : undefined;
  if (value === undefined || value === null) throw new Unusable('a key that is no text', key);
  return String(value);
}

function scalarKey(key: Scalar, state: Conversion): ScalarValue {
  if (key.anchor !== undefined) state.anchors.set(key.anchor, key);
  return isPlain(key) && key.tag === undefined ? (plainScalar(String(key.value)) ?? String(key.value)) : convertScalar(key);
}

function isPlain(key: Node): boolean {
  return isScalar(key) && key.type === 'PLAIN' && key.tag === undefined;
}

function mergeInto(object: Record<string, unknown>, key: Node, source: Node | null, state: Conversion, depth: number): void {
  const entries: readonly (Node | null)[] = isSeq(source) ? (source as YAMLSeq<Node>).items.toReversed() : [source];
  for (const entry of entries) {
    const merged = convert(entry, state, depth + 1);
    if (!isObject(merged)) throw new Unusable('a merge key without a map', entry ?? key);
    for (const [name, value] of Object.entries(merged)) define(object, name, value);
  }
}

/** Also for `__proto__`, which an assignment would not store. */
function define(object: Record<string, unknown>, name: string, value: unknown): void {
  if (name === '__proto__') Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
  else object[name] = value;
}
