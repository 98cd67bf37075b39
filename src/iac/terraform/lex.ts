/** A piece of HCL's language. `text` holds what stands between the quotes, escapes untouched; `heredoc` its lines. */
export interface Token {
  readonly kind: 'number' | 'name' | 'text' | 'heredoc' | 'mark' | 'newline' | 'end';
  readonly text: string;
  readonly offset: number;
}

/** The text is no HCL, or nests too deeply. */
export class LexFault extends Error {
  readonly offset: number;

  constructor(reason: string, offset: number) {
    super(reason);
    this.offset = offset;
  }
}

/** Brackets, templates and expressions within one another. Real configurations stay below twenty. */
export const MAX_NESTING = 100;

const BLANK = /(?:[ \t\r\uFEFF]|(?:#|\/\/)[^\n]*|\/\*[^]*?\*\/)+/y;
const NAME = /[\p{L}_][\p{L}\p{N}_-]*/uy;
const NUMBER = /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const MARK = /\.\.\.|==|!=|<=|>=|&&|\|\||=>|::|[^\s]/uy;
const HEREDOC = /<<(-?)([\p{L}_][\p{L}\p{N}_-]*)[ \t\r]*\n/uy;

/** The tokens of a text, ending with one `end`; `onBlank` is told what stands between them, which is where comments are. @throws {LexFault} */
export function* tokensOf(text: string, onBlank?: (blank: string, offset: number) => void): Generator<Token> {
  let at = 0;
  const match = (pattern: RegExp) => {
    pattern.lastIndex = at;
    return pattern.exec(text);
  };
  for (;;) {
    const blank = match(BLANK)?.[0] ?? '';
    if (blank !== '') onBlank?.(blank, at);
    at += blank.length;
    if (at >= text.length) break;
    const offset = at;
    const character = text[at];
    const heredoc = character === '<' ? match(HEREDOC) : null;
    if (character === '\n') {
      at += 1;
      yield { kind: 'newline', text: '\n', offset };
    } else if (character === '"') {
      at = endOfText(text, at + 1, 1);
      yield { kind: 'text', text: text.slice(offset + 1, at - 1), offset };
    } else if (heredoc !== null) {
      const body = heredocAt(text, at + heredoc[0].length, heredoc[2] ?? '');
      at = body.end;
      yield { kind: 'heredoc', text: heredoc[1] === '-' ? withoutIndent(body.text) : body.text, offset };
    } else {
      const [kind, found] = kindAndText(match);
      at += found.length;
      yield { kind, text: found, offset };
    }
  }
  yield { kind: 'end', text: '', offset: text.length };
}

function kindAndText(match: (pattern: RegExp) => RegExpExecArray | null): readonly [Token['kind'], string] {
  const name = match(NAME);
  if (name !== null) return ['name', name[0]];
  const number = match(NUMBER);
  return number === null ? ['mark', match(MARK)?.[0] ?? ' '] : ['number', number[0]];
}

/** Past the closing quote of a text whose opening quote is just before `from`. */
function endOfText(text: string, from: number, depth: number): number {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at + 1;
    else if (isEscapedMarker(text, at)) at += 2;
    else if (isMarker(text, at)) at = endOfInterpolation(text, at + 2, depth + 1) - 1;
  }
  throw new LexFault('a text without an end', from);
}

/** Past the brace that closes an interpolation or directive whose `${` or `%{` is just before `from`. */
export function endOfInterpolation(text: string, from: number, depth = 1): number {
  if (depth > MAX_NESTING) throw new LexFault(`more than ${MAX_NESTING} levels deep`, from);
  let open = 1;
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '"') at = endOfText(text, at + 1, depth + 1) - 1;
    else if (text[at] === '{') open += 1;
    else if (text[at] === '}' && --open === 0) return at + 1;
  }
  throw new LexFault('a template without an end', from);
}

/** `${` or `%{`. */
export function isMarker(text: string, at: number): boolean {
  return (text[at] === '$' || text[at] === '%') && text[at + 1] === '{';
}

/** `$${` or `%%{`, which stand for themselves. */
export function isEscapedMarker(text: string, at: number): boolean {
  return (text[at] === '$' || text[at] === '%') && text[at + 1] === text[at] && text[at + 2] === '{';
}

function heredocAt(text: string, from: number, marker: string): { readonly text: string; readonly end: number } {
  for (let line = from; line < text.length; ) {
    const newline = text.indexOf('\n', line);
    const end = newline === -1 ? text.length : newline;
    if (text.slice(line, end).trim() === marker) return { text: text.slice(from, line), end };
    line = end + 1;
  }
  throw new LexFault('a heredoc without an end', from);
}

function withoutIndent(body: string): string {
  const lines = body.split('\n');
  const indents = lines.filter((line) => line.trim() !== '').map((line) => /^[ \t]*/.exec(line)?.[0].length ?? 0);
  const indent = indents.reduce((least, one) => Math.min(least, one), Infinity);
  return lines.map((line) => line.slice(Math.min(indent, line.length))).join('\n');
}
