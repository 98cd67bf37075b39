import type { Step } from '#src/model/raw.ts';
import { lineIndex } from '../lines.ts';
import { LexFault, MAX_NESTING, tokensOf, type Token } from './lex.ts';

/** Where the arguments and blocks of a body of HCL stand, by line from 1. */
interface Body {
  readonly line: number;
  readonly attributes: Map<string, Argument>;
  /** By name and labels, in their order: `resource.aws_instance.web`, `ingress`. */
  readonly blocks: Map<string, Body[]>;
}

interface Argument {
  readonly line: number;
  readonly span: Span;
  /** One text, number or name. */
  readonly isPlain: boolean;
}

/** Of a text, from one offset to before another. */
type Span = readonly [from: number, to: number];

/** Tells lines of a file by the way to a block and a path within it. */
export interface BlockLines {
  /** `block` as `resource.<type>.<name>`; `occurrence` counts blocks of the same name from 0. */
  readonly lineOf: (block: string, path: readonly Step[], occurrence: number) => number;
  /** Plain arguments with the name of a block beside them. Terraform refuses such a body, and its parser drops the blocks without a word. */
  readonly shadows: readonly Span[];
}

/**
 * Finds the lines of blocks and arguments, which the parser does not tell.
 *
 * It never judges the text: of one that is no HCL it keeps what it has seen so far.
 *
 * @throws {LexFault} when brackets nest too deeply for the parser.
 */
export function blockLines(text: string): BlockLines {
  const root: Body = { line: 1, attributes: new Map(), blocks: new Map() };
  const scanner = new Scanner(text);
  try {
    scanner.body(root, 0);
  } catch (error) {
    if (!(error instanceof LexFault) || error.message.startsWith('more than')) throw error;
  }
  return {
    shadows: scanner.shadows,
    lineOf(block, path, occurrence) {
      const found = nth(root.blocks.get(block), occurrence);
      return found === undefined ? 1 : lineWithin(found, path);
    },
  };
}

function nth(bodies: readonly Body[] | undefined, index: number): Body | undefined {
  // A dynamic block stands for all that it makes.
  return bodies?.[Math.min(index, bodies.length - 1)];
}

function lineWithin(body: Body, [name, index, ...rest]: readonly Step[]): number {
  if (typeof name !== 'string') return body.line;
  const inner = nth(body.blocks.get(name), typeof index === 'number' ? index : 0);
  if (inner === undefined) return body.attributes.get(name)?.line ?? body.line;
  return lineWithin(inner, typeof index === 'number' || index === undefined ? rest : [index, ...rest]);
}

class Scanner {
  readonly shadows: Span[] = [];
  private readonly tokens: Iterator<Token>;
  private readonly lineOf: (offset: number) => number;
  private here: Token;

  constructor(text: string) {
    this.tokens = tokensOf(text);
    this.lineOf = lineIndex(text);
    this.here = this.following();
  }

  body(body: Body, depth: number): void {
    if (depth > MAX_NESTING) throw new LexFault(`more than ${MAX_NESTING} levels deep`, this.here.offset);
    while (this.here.kind !== 'end' && !this.isMark('}')) {
      const { kind, text, offset } = this.here;
      this.here = this.following();
      if (kind === 'name') this.entry(body, text, offset, depth);
    }
    for (const [name, { span, isPlain }] of body.attributes) if (isPlain && body.blocks.has(name)) this.shadows.push(span);
    this.here = this.following();
  }

  private entry(body: Body, name: string, offset: number, depth: number): void {
    const line = this.lineOf(offset);
    if (this.isMark('=')) {
      this.here = this.following();
      const isPlain = this.skipExpression() === 1;
      body.attributes.set(name, { line, span: [offset, this.here.offset], isPlain });
      return;
    }
    const labels: string[] = [];
    for (; this.here.kind === 'text' || this.here.kind === 'name'; this.here = this.following()) labels.push(this.here.text);
    if (!this.isMark('{')) return;
    this.here = this.following();
    const block: Body = { line, attributes: new Map(), blocks: new Map() };
    this.body(block, depth + 1);
    const isDynamic = name === 'dynamic' && labels.length === 1;
    const key = isDynamic ? (labels[0] ?? '') : [name, ...labels].join('.');
    const kept = isDynamic ? (block.blocks.get('content')?.[0] ?? block) : block;
    const known = body.blocks.get(key);
    if (known === undefined) body.blocks.set(key, [kept]);
    else known.push(kept);
  }

  /** Up to the end of its line, or the bracket that closes the body around it. Gives how many tokens that are. */
  private skipExpression(): number {
    let count = 0;
    for (let open = 0; this.here.kind !== 'end'; this.here = this.following(), count += 1) {
      const { kind, text } = this.here;
      if (open === 0 && (kind === 'newline' || this.isMark('}'))) break;
      if (kind === 'mark' && '([{'.includes(text)) open += 1;
      if (kind === 'mark' && ')]}'.includes(text)) open -= 1;
      if (open > MAX_NESTING) throw new LexFault(`more than ${MAX_NESTING} levels deep`, this.here.offset);
    }
    return count;
  }

  private isMark(text: string): boolean {
    return this.here.kind === 'mark' && this.here.text === text;
  }

  private following(): Token {
    const next = this.tokens.next();
    return next.done === true ? { kind: 'end', text: '', offset: 0 } : next.value;
  }
}
