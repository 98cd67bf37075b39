import type { Step } from '#src/model/raw.ts';
import { lineAt, MAX_DEPTH, quoted, type DocumentFault } from './fault.ts';

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
  walk(text, ({ depth, step, offset, container }) => {
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

/** The line of the deepest place on the path that a JSON document has, from 1. */
export function jsonLine(text: string, path: readonly Step[]): number {
  let matched = 0;
  let found = Math.max(text.search(/[^\s\uFEFF]/), 0);
  walk(text, ({ depth, step, offset }) => {
    if (depth <= matched) return true;
    if (depth === matched + 1 && step === path[matched]) {
      matched += 1;
      found = offset;
    }
    return matched === path.length;
  });
  return lineAt(text, found);
}

/** Visits the entries of a text that is known to be JSON, in order and without recursion. */
function walk(text: string, visit: (entry: Entry) => boolean): void {
  const open: { readonly container: number; next: number | undefined }[] = [];
  let containers = 0;
  let entryStarts = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (character === ',') entryStarts = true;
    else if (character === '}' || character === ']') {
      open.pop();
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
