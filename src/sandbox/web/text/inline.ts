import { emojiSign } from './emoji.ts';
import type { Piece } from './pieces.ts';
import { tokenPiece, unescaped } from './token.ts';

export interface InlineOptions {
  /** Addresses that stand bare in the text become links, as in Slack unless a text is `verbatim`. */
  readonly linksUrls: boolean;
}

interface Found {
  readonly piece: Piece;
  /** Index behind it. */
  readonly end: number;
}

const STYLES: Readonly<Record<string, 'bold' | 'italic' | 'strike'>> = { '*': 'bold', _: 'italic', '~': 'strike' };
const WORD = /[\p{L}\p{N}]/u;

/** Reads one line of mrkdwn. What is no markup stays text, so that nothing an author wrote gets lost. */
export function parseInline(line: string, options: InlineOptions): readonly Piece[] {
  const pieces: Piece[] = [];
  let plainFrom = 0;
  let at = 0;
  while (at < line.length) {
    const found = pieceAt(line, at, options);
    if (found === undefined) {
      at += 1;
      continue;
    }
    pushText(pieces, line.slice(plainFrom, at));
    pieces.push(found.piece);
    at = plainFrom = found.end;
  }
  pushText(pieces, line.slice(plainFrom));
  return pieces;
}

function pushText(pieces: Piece[], text: string): void {
  if (text !== '') pieces.push({ kind: 'text', text: unescaped(text) });
}

function pieceAt(line: string, at: number, options: InlineOptions): Found | undefined {
  switch (line.charAt(at)) {
    case '`':
      return codeAt(line, at);
    case '<':
      return tokenAt(line, at);
    case '*':
    case '_':
    case '~':
      return styledAt(line, at, options);
    case ':':
      return emojiAt(line, at);
    case 'h':
      return options.linksUrls ? urlAt(line, at) : undefined;
    default:
      return undefined;
  }
}

function codeAt(line: string, at: number): Found | undefined {
  const close = line.indexOf('`', at + 1);
  if (close <= at + 1) return undefined;
  return { piece: { kind: 'code', text: unescaped(line.slice(at + 1, close)) }, end: close + 1 };
}

function tokenAt(line: string, at: number): Found | undefined {
  const close = line.indexOf('>', at + 1);
  if (close === -1) return undefined;
  const piece = tokenPiece(line.slice(at + 1, close));
  return piece && { piece, end: close + 1 };
}

function emojiAt(line: string, at: number): Found | undefined {
  const match = /^:([a-z0-9_+-]+):/.exec(line.slice(at, at + 60));
  const name = match?.[1];
  if (match === null || name === undefined || emojiSign(name) === undefined) return undefined;
  return { piece: { kind: 'emoji', name }, end: at + match[0].length };
}

function urlAt(line: string, at: number): Found | undefined {
  if (WORD.test(line.charAt(at - 1))) return undefined;
  const text = /^https?:\/\/[^\s<>|"`]+/.exec(line.slice(at))?.[0].replace(/[.,;:!?)*_~]+$/, '');
  if (text === undefined || text.length <= 'https://'.length) return undefined;
  const url = unescaped(text);
  return { piece: { kind: 'link', url, label: url }, end: at + text.length };
}

/** Signs count only around words: `2*3*4` and `snake_case_name` are no markup. */
function styledAt(line: string, at: number, options: InlineOptions): Found | undefined {
  const sign = line.charAt(at);
  const kind = STYLES[sign];
  if (kind === undefined || WORD.test(line.charAt(at - 1)) || /[\s]|^$/.test(line.charAt(at + 1)) || line.charAt(at + 1) === sign) return undefined;
  const close = closingSign(line, at + 1, sign);
  if (close === undefined) return undefined;
  return { piece: { kind, pieces: parseInline(line.slice(at + 1, close), options) }, end: close + 1 };
}

/** Index of the sign that ends a style; those inside of code and tokens do not count. */
function closingSign(line: string, from: number, sign: string): number | undefined {
  let at = from;
  while (at < line.length) {
    const char = line.charAt(at);
    const skipped = char === '`' ? codeAt(line, at) : char === '<' ? tokenAt(line, at) : undefined;
    if (skipped !== undefined) {
      at = skipped.end;
      continue;
    }
    if (char === sign && at > from && !/\s/.test(line.charAt(at - 1)) && !WORD.test(line.charAt(at + 1))) return at;
    at += 1;
  }
  return undefined;
}
