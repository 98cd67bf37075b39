import { LexFault, tokensOf, type Token } from './lex.ts';

/** Goes through the tokens of an expression. */
export class Cursor {
  private readonly tokens: readonly Token[];
  private at = 0;

  constructor(text: string) {
    this.tokens = [...tokensOf(text)];
  }

  /** Lines may end anywhere inside `${…}`. */
  skipLines(): void {
    while (this.tokens[this.at]?.kind === 'newline') this.at += 1;
  }

  peek(ahead = 0): Token {
    return this.tokens[this.at + ahead] ?? { kind: 'end', text: '', offset: 0 };
  }

  next(): Token {
    this.skipLines();
    const token = this.peek();
    this.at += 1;
    return token;
  }

  takes(mark: string): boolean {
    return this.take('mark', mark);
  }

  takesName(name: string): boolean {
    return this.take('name', name);
  }

  private take(kind: Token['kind'], text: string): boolean {
    const before = this.at;
    this.skipLines();
    const token = this.peek();
    if (token.kind === kind && token.text === text) {
      this.at += 1;
      return true;
    }
    this.at = before;
    return false;
  }

  expect(mark: string): void {
    if (!this.takes(mark)) this.fail();
  }

  fail(): never {
    throw new LexFault('not an expression that is read', this.peek().offset);
  }
}
