import { parseInline, type InlineOptions } from './inline.ts';
import type { Piece } from './pieces.ts';
import { unescaped } from './token.ts';

export interface Line {
  /** Sign or number of a list item, such as `•` or `2.`. */
  readonly marker?: string;
  /** Depth of a list item, from 0. */
  readonly depth: number;
  readonly pieces: readonly Piece[];
}

/** A run of text that is shown as one. */
export type Passage =
  | { readonly kind: 'lines' | 'quote'; readonly lines: readonly Line[] }
  | { readonly kind: 'preformatted'; readonly text: string };

const FENCE = '```';

/** Reads Slack's own markup. */
export function parseMrkdwn(source: string, options: InlineOptions): readonly Passage[] {
  const passages: Passage[] = [];
  let rest = source;
  for (;;) {
    const open = rest.indexOf(FENCE);
    const close = open === -1 ? -1 : rest.indexOf(FENCE, open + FENCE.length);
    if (close === -1) return [...passages, ...linePassages(rest, options)];
    const text = rest.slice(open + FENCE.length, close).replace(/^\n|\n$/g, '');
    passages.push(...linePassages(rest.slice(0, open).replace(/\n$/, ''), options));
    passages.push({ kind: 'preformatted', text: unescaped(text) });
    rest = rest.slice(close + FENCE.length).replace(/^\n/, '');
  }
}

function linePassages(source: string, options: InlineOptions): readonly Passage[] {
  if (source === '') return [];
  const passages: { kind: 'lines' | 'quote'; lines: Line[] }[] = [];
  let quotesAll = false;
  for (const line of source.split('\n')) {
    const quote = /^(?:(?:&gt;|>){3}|(?:&gt;|>))\s?/.exec(line)?.[0];
    const kind = quotesAll || quote !== undefined ? 'quote' : 'lines';
    // `>>>` quotes up to the end.
    quotesAll ||= quote !== undefined && /^(?:&gt;|>){3}/.test(quote);
    const last = passages.at(-1);
    const lines = last?.kind === kind ? last.lines : [];
    lines.push(readLine(quote === undefined ? line : line.slice(quote.length), options));
    if (last?.kind !== kind) passages.push({ kind, lines });
  }
  return passages;
}

function readLine(line: string, options: InlineOptions): Line {
  const [all = '', indent = '', marker] = /^(\s*)([•◦▪–-]|\d{1,3}\.)\s+(?=\S)/.exec(line) ?? [];
  if (marker === undefined) return { depth: 0, pieces: parseInline(line, options) };
  return { marker, depth: Math.min(Math.floor(indent.length / 2), 6), pieces: parseInline(line.slice(all.length), options) };
}
