import { endOfJson } from './json.ts';

/** One document of a file, not parsed yet. */
export interface TextDocument {
  /** Its place in the file, from 1. */
  readonly number: number;
  /** Lines of the file before its text. */
  readonly linesBefore: number;
  readonly text: string;
  readonly format: 'yaml' | 'json';
}

/** At the start of a line these end a document in any context, block scalars and quotes included. */
const MARKER = /(?<![^\n])\uFEFF?(---|\.\.\.)(?=[ \t\r\n]|$)/g;
/** Neither blank, nor a comment, nor a `%` directive. */
const CONTENT = /(?<![^\n])[ \t\uFEFF]*[^\s#%]/;

/**
 * Cuts a file into its documents before any is parsed, so that a broken one cannot swallow those after it.
 *
 * JSON values that follow each other without a separator are documents of their own, as kubectl reads them.
 */
export function* splitDocuments(text: string): Generator<TextDocument> {
  let number = 0;
  let counted = 0;
  let linesBefore = 0;
  for (const [start, end] of yamlDocuments(text)) {
    for (const [from, to, format] of jsonDocuments(text, start, end)) {
      linesBefore += countLines(text, counted, from);
      counted = from;
      yield { number: ++number, linesBefore, text: text.slice(from, to), format };
    }
  }
}

function* yamlDocuments(text: string): Generator<readonly [start: number, end: number]> {
  let start = 0;
  let open = false;
  const filled = (end: number) => open || CONTENT.test(text.slice(start, end));
  for (const marker of text.matchAll(MARKER)) {
    if (filled(marker.index)) {
      yield [start, marker.index];
      start = marker.index;
    }
    open = marker[1] === '---';
    if (!open) start = marker.index + marker[0].length;
  }
  if (filled(text.length)) yield [start, text.length];
}

function* jsonDocuments(text: string, start: number, end: number): Generator<readonly [start: number, end: number, format: 'yaml' | 'json']> {
  let from = start + (/^\uFEFF?---/.exec(text.slice(start, start + 4))?.[0].length ?? 0);
  const ends: number[] = [];
  for (from = skipBlank(text, from, end); /[{[]/.test(text[from] ?? '') && from < end; from = skipBlank(text, from, end)) {
    const to = endOfJson(text, from, end);
    if (to === undefined) break;
    ends.push(from, to);
    from = to;
  }
  if (from < end || ends.length === 0) yield [start, end, 'yaml'];
  else for (let index = 0; index < ends.length; index += 2) yield [ends[index] ?? start, ends[index + 1] ?? end, 'json'];
}

function skipBlank(text: string, from: number, end: number): number {
  let at = from;
  while (at < end && /[\s\uFEFF]/.test(text[at] ?? '')) at += 1;
  return at;
}

function countLines(text: string, from: number, to: number): number {
  let lines = 0;
  for (let at = text.indexOf('\n', from); at !== -1 && at < to; at = text.indexOf('\n', at + 1)) lines += 1;
  return lines;
}
