import { UNRESOLVED, type RawObject } from '#src/model/raw.ts';
import { pairsOf, valueOf } from './body.ts';
import type { Scope } from './evaluate.ts';
import { MAX_REPEATS } from './limits.ts';
import { mapOf, toNumber, type Value } from './value.ts';

/** One of the times that a block counts. */
export interface Repeat {
  /** Of `count` its number, of `for_each` its key; absent for a block that counts once, and when the keys are not known. */
  readonly key?: string | number;
  /** What `each` and `count` mean in it. */
  readonly each: Value;
  readonly count: Value;
}

/** For a block that counts once, or of which it is not known how often. */
export const ONCE: Repeat = { each: UNRESOLVED, count: UNRESOLVED };

/** Every time that a block counts. With a number or keys that are not known it counts once. */
export function repeatsOf(body: RawObject, scope: Scope): readonly Repeat[] {
  if (body.count !== undefined) return counted(toNumber(valueOf(body.count, scope)));
  return body.for_each === undefined ? [ONCE] : keyed(pairsOf(valueOf(body.for_each, scope)));
}

export function isRepeated(body: RawObject): boolean {
  return body.count !== undefined || body.for_each !== undefined;
}

function counted(count: number | undefined): readonly Repeat[] {
  if (count === undefined || count > MAX_REPEATS) return [ONCE];
  return Array.from({ length: Math.max(Math.floor(count), 0) }, (_, index) => ({ key: index, each: UNRESOLVED, count: mapOf([['index', index]]) }));
}

function keyed(pairs: readonly (readonly [Value, Value])[] | undefined): readonly Repeat[] {
  if (pairs === undefined || pairs.length > MAX_REPEATS) return [ONCE];
  const repeats = pairs.flatMap(([key, value]): readonly Repeat[] => (typeof key === 'string' ? [{ key, each: mapOf([['key', key], ['value', value]]), count: UNRESOLVED }] : []));
  return repeats.length === pairs.length ? repeats : [ONCE];
}

/** `[0]` or `["a"]` after an address. */
export function keySuffix({ key }: Pick<Repeat, 'key'>): string {
  return key === undefined ? '' : `[${JSON.stringify(key)}]`;
}
