import { Cursor } from './cursor.ts';
import type { Expression, Operator } from './expression.ts';
import { endOfInterpolation, isEscapedMarker, isMarker, LexFault, MAX_NESTING } from './lex.ts';

const PRECEDENCE: readonly (readonly Operator[])[] = [['||'], ['&&'], ['==', '!='], ['<', '>', '<=', '>='], ['+', '-'], ['*', '/', '%']];
const UNKNOWN: Expression = { kind: 'unknown' };
/** `True` and `False` are no words of the language, but it is plain what who wrote them meant. */
const KEYWORDS: ReadonlyMap<string, boolean | null> = new Map<string, boolean | null>([['true', true], ['false', false], ['null', null], ['True', true], ['False', false]]);
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };

/** What a text of a configuration stands for: itself, or what its `${…}` say. One that cannot be read is `unknown`. */
export function parseTemplate(text: string): Expression {
  return guarded(() => templateOf(text, (literal) => literal, 0));
}

function guarded(parse: () => Expression): Expression {
  try {
    return parse();
  } catch (error) {
    if (error instanceof LexFault) return UNKNOWN;
    throw error;
  }
}

function templateOf(text: string, unescape: (literal: string) => string, depth: number): Expression {
  const parts: Expression[] = [];
  let literal = '';
  const flush = () => {
    if (literal !== '') parts.push({ kind: 'literal', value: unescape(literal) });
    literal = '';
  };
  for (let at = 0; at < text.length; ) {
    if (isEscapedMarker(text, at)) {
      literal += text.slice(at + 1, at + 3);
      at += 3;
    } else if (isMarker(text, at)) {
      if (text[at] === '%') return UNKNOWN; // the directives %{if} and %{for}
      flush();
      const end = endOfInterpolation(text, at + 2, depth);
      parts.push(new Parser(text.slice(at + 2, end - 1).replace(/^~|~$/g, ''), depth + 1).whole());
      at = end;
    } else {
      const next = text.slice(at + 1).search(/[$%]/);
      const end = next === -1 ? text.length : at + 1 + next;
      literal += text.slice(at, end);
      at = end;
    }
  }
  flush();
  const [only] = parts;
  if (only === undefined) return { kind: 'literal', value: '' };
  return parts.length === 1 ? only : { kind: 'template', parts };
}

function unescapeQuoted(literal: string): string {
  return literal.replaceAll(/\\(?:u([\da-fA-F]{4})|U([\da-fA-F]{8})|(.))/gs, (all, short?: string, long?: string, one?: string) => {
    const code = short ?? long;
    if (code === undefined) return ESCAPES[one ?? ''] ?? all;
    const point = Number.parseInt(code, 16);
    return point > 0x10ffff ? '\uFFFD' : String.fromCodePoint(point);
  });
}

/** Reads one expression by recursive descent. */
class Parser extends Cursor {
  private readonly depth: number;
  private nesting = 0;

  constructor(text: string, depth: number) {
    super(text);
    this.depth = depth;
  }

  whole(): Expression {
    const expression = this.expression();
    this.skipLines();
    if (this.peek().kind !== 'end') this.fail();
    return expression;
  }

  private expression(): Expression {
    if (++this.nesting + this.depth > MAX_NESTING) this.fail();
    const test = this.binary(0);
    const result = this.takes('?') ? this.choice(test) : test;
    this.nesting -= 1;
    return result;
  }

  private choice(test: Expression): Expression {
    const yes = this.expression();
    this.expect(':');
    return { kind: 'choice', test, yes, no: this.expression() };
  }

  private binary(level: number): Expression {
    const operators = PRECEDENCE[level];
    if (operators === undefined) return this.unary();
    let left = this.binary(level + 1);
    for (;;) {
      const operator = operators.find((candidate) => this.takes(candidate));
      if (operator === undefined) return left;
      left = { kind: 'binary', operator, left, right: this.binary(level + 1) };
    }
  }

  private unary(): Expression {
    const operator = this.takes('!') ? '!' : this.takes('-') ? '-' : undefined;
    if (operator === undefined) return this.postfix(this.primary());
    if (++this.nesting + this.depth > MAX_NESTING) this.fail();
    const of = this.unary();
    this.nesting -= 1;
    return { kind: 'unary', operator, of };
  }

  private postfix(start: Expression): Expression {
    let here = start;
    for (;;) {
      if (this.takes('.')) {
        if (this.takes('*')) return { kind: 'splat', of: here, each: this.postfix({ kind: 'item' }) };
        here = this.dotted(here);
      } else if (this.takes('[')) {
        if (this.takes('*')) {
          this.expect(']');
          return { kind: 'splat', of: here, each: this.postfix({ kind: 'item' }) };
        }
        here = { kind: 'step', of: here, key: this.expression() };
        this.expect(']');
      } else return here;
    }
  }

  /** A number such as `0.1` after a dot is two steps. */
  private dotted(of: Expression): Expression {
    const { kind, text } = this.next();
    if (kind === 'name') return { kind: 'step', of, key: { kind: 'literal', value: text } };
    if (kind !== 'number') this.fail();
    return text.split('.').reduce<Expression>((here, index) => ({ kind: 'step', of: here, key: { kind: 'literal', value: Number(index) } }), of);
  }

  private primary(): Expression {
    this.skipLines();
    const { kind, text } = this.next();
    if (kind === 'number') return { kind: 'literal', value: Number(text) };
    if (kind === 'text') return templateOf(text, unescapeQuoted, this.depth + this.nesting + 1);
    if (kind === 'heredoc') return templateOf(text, (literal) => literal, this.depth + this.nesting + 1);
    if (kind === 'name') return this.named(text);
    if (text === '(') {
      const inner = this.expression();
      this.expect(')');
      return inner;
    }
    if (text === '[') return this.list();
    return text === '{' ? this.object() : this.fail();
  }

  private named(name: string): Expression {
    const word = KEYWORDS.get(name);
    if (word !== undefined) return { kind: 'literal', value: word };
    let called = name;
    while (this.takes('::')) called += `::${this.next().text}`;
    // Not across lines: the next entry of an object may begin with a bracket.
    if (this.peek().text !== '(' || this.peek().kind !== 'mark') return { kind: 'name', name };
    this.next();
    return this.call(called);
  }

  private call(name: string): Expression {
    const args: Expression[] = [];
    let spread = false;
    while (!this.takes(')')) {
      args.push(this.expression());
      spread ||= this.takes('...');
      if (!this.takes(',')) {
        this.expect(')');
        break;
      }
    }
    return { kind: 'call', name, args, spread };
  }

  private list(): Expression {
    if (this.takesName('for')) return this.loop(']');
    const items: Expression[] = [];
    while (!this.takes(']')) {
      items.push(this.expression());
      if (!this.takes(',')) {
        this.expect(']');
        break;
      }
    }
    return { kind: 'list', items };
  }

  private object(): Expression {
    if (this.takesName('for')) return this.loop('}');
    const entries: (readonly [Expression, Expression])[] = [];
    while (!this.takes('}')) {
      const key = this.key();
      if (!this.takes('=')) this.expect(':');
      entries.push([key, this.expression()]);
      this.takes(',');
    }
    return { kind: 'object', entries };
  }

  /** A bare word names itself; anything else is an expression. */
  private key(): Expression {
    this.skipLines();
    const { kind, text } = this.peek();
    const after = this.peek(1).text;
    if (kind !== 'name' || (after !== '=' && after !== ':')) return this.expression();
    this.next();
    return { kind: 'literal', value: text };
  }

  private loop(end: ']' | '}'): Expression {
    const names = [this.next().text];
    while (this.takes(',')) names.push(this.next().text);
    if (!this.takesName('in')) this.fail();
    const over = this.expression();
    this.expect(':');
    const first = this.expression();
    if (end === '}') this.expect('=>');
    const value = end === '}' ? this.expression() : first;
    const groups = this.takes('...');
    const test = this.takesName('if') ? this.expression() : undefined;
    this.expect(end);
    return { kind: 'for', names, over, ...(end === '}' && { key: first }), value, ...(test !== undefined && { test }), groups };
  }
}
