import { isObject, UNRESOLVED, type RawObject } from '#src/model/raw.ts';
import { bodiesOf } from './config.ts';
import { evaluate, type Scope } from './evaluate.ts';
import type { Expression } from './expression.ts';
import { parseTemplate } from './parser.ts';
import { isList, isMap, Lazy, mapOf, toText, type Value } from './value.ts';

/** What says how a resource is made and not what it is. */
const META_ARGUMENTS = new Set(['count', 'for_each', 'provider', 'providers', 'depends_on', 'lifecycle', 'provisioner', 'connection']);

const parsed = new Map<string, Expression>();
/** Texts are kept between files, because configurations are much alike, and forgotten when they are many. */
const MAX_PARSED = 20_000;

/** The value of something as it stands in a configuration: texts are templates, whatever they are in. */
export function valueOf(raw: unknown, scope: Scope): Value {
  if (typeof raw === 'string') return textValue(raw, scope);
  if (Array.isArray(raw)) return raw.map((entry) => valueOf(entry, scope));
  if (isObject(raw)) return bodyValue(raw, scope);
  return typeof raw === 'number' || typeof raw === 'boolean' ? raw : null;
}

/** The arguments of a resource or a call, without those that say how often it is made. */
export function argumentsOf(body: RawObject, scope: Scope): Value {
  return bodyValue(Object.fromEntries(Object.entries(body).filter(([name]) => !META_ARGUMENTS.has(name))), scope);
}

function textValue(text: string, scope: Scope): Value {
  if (!/[$%]\{/.test(text)) return text;
  let expression = parsed.get(text);
  if (expression === undefined) {
    if (parsed.size >= MAX_PARSED) parsed.clear();
    expression = parseTemplate(text);
    parsed.set(text, expression);
  }
  return evaluate(expression, scope);
}

function bodyValue(raw: RawObject, scope: Scope): Value {
  const entries: (readonly [string, Value])[] = [];
  for (const [key, entry] of Object.entries(raw)) {
    if (key === 'dynamic') continue;
    const name = toText(textValue(key, scope));
    // With a key that is not known the object may hold anything.
    if (name === undefined) return UNRESOLVED;
    entries.push([name, valueOf(entry, scope)]);
  }
  return mapOf([...entries, ...dynamicBlocks(raw.dynamic, new Map(entries), scope)]);
}

/** Blocks that a `dynamic` block makes, after those that are written out. */
function* dynamicBlocks(raw: unknown, written: ReadonlyMap<string, Value>, scope: Scope): Generator<readonly [string, Value]> {
  for (const labels of bodiesOf(raw)) {
    for (const [label, bodies] of Object.entries(labels)) {
      const already = written.get(label);
      const before: readonly Value[] = already === undefined ? [] : isList(already) ? already : [already];
      const all: readonly Value[] = [...before, ...bodiesOf(bodies).flatMap((body) => made(body, label, scope))];
      yield [label, all];
    }
  }
}

function made(body: RawObject, label: string, scope: Scope): readonly Value[] {
  const source = valueOf(body.for_each, scope);
  const pairs = pairsOf(source);
  if (pairs === undefined) return [UNRESOLVED];
  const iterator = typeof body.iterator === 'string' ? body.iterator.replace(/^\$\{(.*)\}$/s, '$1') : label;
  return pairs.flatMap(([key, value]) => {
    const element = mapOf([['key', key], ['value', value]]);
    const inner: Scope = { ...scope, name: (name) => (name === iterator ? element : scope.name(name)) };
    return bodiesOf(body.content).map((content) => bodyValue(content, inner));
  });
}

/** Keys and values of what `for_each` goes over; undefined when they are not known. A set has its elements for keys. */
export function pairsOf(source: Value): readonly (readonly [Value, Value])[] | undefined {
  if (source === null) return [];
  if (isList(source)) return source.map((entry) => [typeof entry === 'string' ? entry : UNRESOLVED, entry]);
  return source instanceof Lazy || !isMap(source) ? undefined : Object.entries(source);
}
