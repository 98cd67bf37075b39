import { formatPath, type Step } from '#src/model/raw.ts';
import { lineAt, MAX_DEPTH, quoted, type DocumentFault } from './fault.ts';
import { lineIndex } from './lines.ts';

/** A member of an object or an element of a list; the walk ends when `visit` says so. */
interface Entry {
  /** Containers around it, from 1. */
  readonly depth: number;
  readonly step: Step;
  readonly offset: number;
  /** The same for entries of the same object or list. */
  readonly container: number;
}

/**
 * The value of a JSON document; undefined when it is not JSON.
 *
 * `JSON.parse` alone would keep the last of two equal keys, and nest without limit.
 */
export function parseJson(text: string): { readonly value: unknown } | { readonly fault: DocumentFault } | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const fault = faultIn(text);
  return fault === undefined ? { value } : { fault };
}

function faultIn(text: string): DocumentFault | undefined {
  const seen: { container: number; readonly keys: Set<Step> }[] = [];
  let fault: DocumentFault | undefined;
  walk(text, 0, ({ depth, step, offset, container }) => {
    const level = (seen[depth] ??= { container, keys: new Set() });
    if (level.container !== container) level.keys.clear();
    level.container = container;
    if (depth > MAX_DEPTH) fault = { line: lineAt(text, offset), reason: `more than ${MAX_DEPTH} levels deep` };
    else if (typeof step === 'string' && level.keys.has(step)) fault = { line: lineAt(text, offset), reason: `duplicate key ${quoted(step)}` };
    if (typeof step === 'string') level.keys.add(step);
    return fault !== undefined;
  });
  return fault;
}

/**
 * Tells the line of the deepest place that a JSON document has on a path within one of its objects, from 1.
 *
 * Where each object of a list begins is looked for once, so that every later question walks over one object only.
 */
export function jsonLines(text: string): (object: readonly Step[], below: readonly Step[]) => number {
  const lineOf = lineIndex(text);
  let starts: ReadonlyMap<string, number> | undefined;
  return (object, below) => {
    starts ??= listEntries(text);
    return lineOf(offsetWithin(text, starts.get(formatPath(object)) ?? 0, below));
  };
}

function offsetWithin(text: string, start: number, path: readonly Step[]): number {
  let matched = 0;
  let found = start;
  walk(text, start, ({ depth, step, offset }) => {
    if (depth <= matched) return true;
    if (depth === matched + 1 && step === path[matched]) {
      matched += 1;
      found = offset;
    }
    return matched === path.length;
  });
  return found;
}

/** What objects stand in: the `items` of a list, and what a Terraform plan has around its resources. */
const HOLDERS = new Set(['items', 'planned_values', 'values', 'root_module', 'child_modules', 'resources']);

/** Where the root begins and every entry of a list of objects, by path: all places where an object may stand. */
function listEntries(text: string): ReadonlyMap<string, number> {
  const root = Math.max(text.search(/[^\s\uFEFF]/), 0);
  const starts = new Map([['', root]]);
  const path: Step[] = [];
  walk(text, root, ({ depth, step, offset }) => {
    if (depth > path.length + 1) return false;
    path.length = depth - 1;
    if (typeof step === 'string' && !HOLDERS.has(step)) return false;
    path.push(step);
    if (typeof step === 'number') starts.set(formatPath(path), offset);
    return false;
  });
  return starts;
}

/** Visits the entries of the value that starts at an offset of a text known to be JSON, in order and without recursion. */
function walk(text: string, start: number, visit: (entry: Entry) => boolean): void {
  const open: { readonly container: number; next: number | undefined }[] = [];
  let containers = 0;
  let entryStarts = false;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (character === ',') entryStarts = true;
    else if (character === '}' || character === ']') {
      open.pop();
      if (open.length === 0) return;
      entryStarts = false;
    } else if (character > ' ' && character !== ':') {
      const end = character === '"' ? endOfString(text, at) : at + 1;
      const inside = open.at(-1);
      if (entryStarts && inside !== undefined) {
        const step = inside.next ?? (JSON.parse(text.slice(at, end)) as string);
        if (visit({ depth: open.length, step, offset: at, container: inside.container })) return;
        if (inside.next !== undefined) inside.next += 1;
      }
      entryStarts = character === '{' || character === '[';
      if (entryStarts) open.push({ container: ++containers, next: character === '[' ? 0 : undefined });
      at = end - 1;
    }
  }
}

/** Where the object or list that starts at an offset ends, judging by brackets only; undefined when it does not end. */
export function endOfJson(text: string, from: number, end: number): number | undefined {
  let depth = 0;
  for (let at = from; at < end; at += 1) {
    const character = text[at];
    if (character === '"') at = endOfString(text, at) - 1;
    else if (character === '{' || character === '[') depth += 1;
    else if ((character === '}' || character === ']') && --depth === 0) return at + 1;
  }
  return undefined;
}

function endOfString(text: string, from: number): number {
  let at = from + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}
