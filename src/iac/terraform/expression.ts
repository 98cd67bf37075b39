export type Operator = '||' | '&&' | '==' | '!=' | '<' | '>' | '<=' | '>=' | '+' | '-' | '*' | '/' | '%';

/** An expression of Terraform's language. */
export type Expression =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'template'; readonly parts: readonly Expression[] }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'step'; readonly of: Expression; readonly key: Expression }
  /** `each` is evaluated for every element, which it calls `item`. */
  | { readonly kind: 'splat'; readonly of: Expression; readonly each: Expression }
  | { readonly kind: 'item' }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[]; readonly spread: boolean }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'object'; readonly entries: readonly (readonly [key: Expression, value: Expression])[] }
  | ForExpression
  | { readonly kind: 'choice'; readonly test: Expression; readonly yes: Expression; readonly no: Expression }
  | { readonly kind: 'binary'; readonly operator: Operator; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'unary'; readonly operator: '!' | '-'; readonly of: Expression }
  /** Something this reader does not evaluate. */
  | { readonly kind: 'unknown' };

export interface ForExpression {
  readonly kind: 'for';
  readonly names: readonly string[];
  readonly over: Expression;
  /** Present when it makes an object. */
  readonly key?: Expression;
  readonly value: Expression;
  readonly test?: Expression;
  /** `...`: values of equal keys are collected. */
  readonly groups: boolean;
}
