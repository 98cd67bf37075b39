import { UNRESOLVED } from '#src/model/raw.ts';
import type { Expression, ForExpression, Operator } from './expression.ts';
import { FUNCTIONS } from './functions.ts';
import { EvaluationFault, hasUnknown, isFilledIn, isList, isMap, Lazy, mapOf, toBoolean, toNumber, toText, type Value } from './value.ts';

/** What names mean where an expression stands. */
export interface Scope {
  /** The value of a name at the root: `var`, `local`, `each`, a resource type, a variable of a loop. */
  readonly name: (name: string) => Value;
  readonly budget: Budget;
  /** The element at hand within a splat. */
  readonly item?: Value;
}

/** Steps that all expressions of one scan may take, so that a few lines cannot keep it busy for hours. */
export interface Budget {
  steps: number;
  /** Expressions within one another, locals and variables that they name included. */
  depth: number;
}

/** Each takes some ten frames of the stack. */
const MAX_DEPTH = 300;
const MAX_TEXT = 1_000_000;

/** The value of an expression; what cannot be evaluated is `UNRESOLVED`, never a guess. */
export function evaluate(expression: Expression, scope: Scope): Value {
  try {
    return valueOf(expression, scope);
  } catch (error) {
    if (error instanceof EvaluationFault) return UNRESOLVED;
    throw error;
  }
}

function valueOf(expression: Expression, scope: Scope): Value {
  const { budget } = scope;
  if (--budget.steps < 0 || budget.depth >= MAX_DEPTH) return UNRESOLVED;
  budget.depth += 1;
  try {
    return innerValue(expression, scope);
  } finally {
    budget.depth -= 1;
  }
}

function innerValue(expression: Expression, scope: Scope): Value {
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'unknown':
      return UNRESOLVED;
    case 'item':
      return scope.item ?? null;
    case 'name':
      return scope.name(expression.name);
    case 'template':
      return templateValue(expression.parts.map((part) => valueOf(part, scope)));
    case 'list':
      return expression.items.map((item) => valueOf(item, scope));
    case 'object':
      return objectValue(expression.entries.map(([key, value]) => [valueOf(key, scope), valueOf(value, scope)]));
    case 'step':
      return stepInto(valueOf(expression.of, scope), valueOf(expression.key, scope));
    case 'splat':
      return splat(valueOf(expression.of, scope), expression.each, scope);
    case 'choice':
      return choose(valueOf(expression.test, scope), () => valueOf(expression.yes, scope), () => valueOf(expression.no, scope));
    case 'unary':
      return unary(expression.operator, valueOf(expression.of, scope));
    case 'binary':
      return binary(expression.operator, valueOf(expression.left, scope), () => valueOf(expression.right, scope));
    case 'for':
      return loop(expression, scope);
    case 'call':
      return call(expression.name, expression.args, expression.spread, scope);
  }
}

function templateValue(parts: readonly Value[]): Value {
  let text = '';
  for (const part of parts) {
    if (part === UNRESOLVED || part instanceof Lazy) return UNRESOLVED;
    const piece = toText(part);
    if (piece === undefined) throw new EvaluationFault('a template of something that is no text');
    text += piece;
    if (text.length > MAX_TEXT) return UNRESOLVED;
  }
  return text;
}

function objectValue(entries: readonly (readonly [Value, Value])[]): Value {
  const named = entries.map(([key, value]) => [toText(key), value] as const);
  return named.every((entry): entry is readonly [string, Value] => entry[0] !== undefined) ? mapOf(named) : UNRESOLVED;
}

function stepInto(of: Value, key: Value): Value {
  if (of === UNRESOLVED || key === UNRESOLVED || key instanceof Lazy) return UNRESOLVED;
  if (of instanceof Lazy) return typeof key === 'string' || typeof key === 'number' ? of.get(key) : UNRESOLVED;
  if (isList(of)) {
    const index = toNumber(key);
    const found = index === undefined ? undefined : of[index];
    if (found !== undefined) return found;
  } else if (isMap(of)) {
    const name = toText(key);
    if (name !== undefined && Object.hasOwn(of, name)) return of[name] ?? null;
  } else if (typeof of === 'string' && isFilledIn(of)) return UNRESOLVED;
  throw new EvaluationFault('no such field or element');
}

function splat(of: Value, each: Expression, scope: Scope): Value {
  const elements = of instanceof Lazy ? of.all() : isList(of) ? of : of === null ? [] : of === UNRESOLVED ? undefined : [of];
  return elements === undefined ? UNRESOLVED : elements.map((item) => valueOf(each, { ...scope, item }));
}

function choose(test: Value, yes: () => Value, no: () => Value): Value {
  const known = toBoolean(test);
  if (known !== undefined) return known ? yes() : no();
  if (test !== UNRESOLVED && !(test instanceof Lazy)) throw new EvaluationFault('a condition that is neither true nor false');
  const first = yes();
  const second = no();
  return !hasUnknown(first) && JSON.stringify(first) === JSON.stringify(second) ? first : UNRESOLVED;
}

function unary(operator: '!' | '-', of: Value): Value {
  if (of === UNRESOLVED || of instanceof Lazy) return UNRESOLVED;
  const number = toNumber(of);
  const flag = toBoolean(of);
  if (operator === '-' && number !== undefined) return -number;
  if (operator === '!' && flag !== undefined) return !flag;
  throw new EvaluationFault('an operator on something it does not fit');
}

function binary(operator: Operator, left: Value, right: () => Value): Value {
  if (operator === '||' || operator === '&&') return logic(operator, left, right());
  const other = right();
  if (operator === '==' || operator === '!=') {
    const equal = equals(left, other);
    return typeof equal === 'boolean' ? equal === (operator === '==') : equal;
  }
  if (left === UNRESOLVED || other === UNRESOLVED || left instanceof Lazy || other instanceof Lazy) return UNRESOLVED;
  return arithmetic(operator, toNumber(left), toNumber(other));
}

/** A part that is not known does not matter when the other settles it. */
function logic(operator: '||' | '&&', left: Value, right: Value): Value {
  const settling = operator === '||';
  const [first, second] = [toBoolean(left), toBoolean(right)];
  if (first === settling || second === settling) return settling;
  return first === undefined || second === undefined ? UNRESOLVED : !settling;
}

function equals(left: Value, right: Value): Value {
  const sides: readonly Value[] = [left, right];
  const unknown = sides.some((value) => hasUnknown(value) || (typeof value === 'string' && isFilledIn(value)));
  // What a provider fills in is not null, whatever else it is.
  if (unknown) return (left === null && typeof right === 'string') || (right === null && typeof left === 'string') ? false : UNRESOLVED;
  return JSON.stringify(left) === JSON.stringify(right);
}

function arithmetic(operator: Exclude<Operator, '||' | '&&' | '==' | '!='>, left: number | undefined, right: number | undefined): Value {
  if (left === undefined || right === undefined) throw new EvaluationFault('arithmetic on something that is no number');
  switch (operator) {
    case '<':
      return left < right;
    case '>':
      return left > right;
    case '<=':
      return left <= right;
    case '>=':
      return left >= right;
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return right === 0 ? UNRESOLVED : left / right;
    case '%':
      return right === 0 ? UNRESOLVED : left % right;
  }
}

function loop({ names, over, key, value, test, groups }: ForExpression, scope: Scope): Value {
  const source = valueOf(over, scope);
  if (!isList(source) && !isMap(source)) return UNRESOLVED;
  const pairs: readonly (readonly [Value, Value])[] = isList(source) ? [...source.entries()] : Object.entries(source);
  const kept: (readonly [Value, Value])[] = [];
  for (const pair of pairs) {
    const inner = withLoopNames(scope, names, pair);
    const wanted = test === undefined ? true : toBoolean(valueOf(test, inner));
    if (wanted === undefined) return UNRESOLVED;
    if (wanted) kept.push([key === undefined ? null : valueOf(key, inner), valueOf(value, inner)]);
  }
  if (key === undefined) return kept.map(([, one]) => one);
  return groups ? grouped(kept) : objectValue(kept);
}

function withLoopNames(scope: Scope, names: readonly string[], [key, value]: readonly [Value, Value]): Scope {
  const [first, second] = names;
  const own: ReadonlyMap<string, Value> = new Map(second === undefined ? [[first ?? '', value]] : [[first ?? '', key], [second, value]]);
  return { ...scope, name: (name) => own.get(name) ?? (own.has(name) ? null : scope.name(name)) };
}

function grouped(pairs: readonly (readonly [Value, Value])[]): Value {
  const groups = new Map<string, Value[]>();
  for (const [key, value] of pairs) {
    const name = toText(key);
    if (name === undefined) return UNRESOLVED;
    groups.set(name, [...(groups.get(name) ?? []), value]);
  }
  return mapOf(groups);
}

function call(name: string, args: readonly Expression[], spread: boolean, scope: Scope): Value {
  if (name === 'try' || name === 'can') return attempt(name, args, scope);
  const given = args.map((arg) => valueOf(arg, scope));
  const last = given.at(-1);
  if (spread && (last === undefined || !isList(last))) return UNRESOLVED;
  const values = spread && last !== undefined && isList(last) ? [...given.slice(0, -1), ...last] : given;
  const apply = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  return apply?.(values) ?? UNRESOLVED;
}

/** The first that does not fail; one that is not known may fail when applied. */
function attempt(name: 'try' | 'can', args: readonly Expression[], scope: Scope): Value {
  for (const arg of args) {
    try {
      const value = valueOf(arg, scope);
      if (name === 'try') return value;
      return hasUnknown(value) ? UNRESOLVED : true;
    } catch (error) {
      if (!(error instanceof EvaluationFault)) throw error;
    }
  }
  return name === 'can' ? false : UNRESOLVED;
}
