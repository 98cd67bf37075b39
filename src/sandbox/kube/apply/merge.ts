import { isObject, type RawObject } from '#src/model/raw.ts';
import type { FieldSchema } from '../schema/schema.ts';
import { fieldType, isAtomic, itemType } from '../schema/types.ts';
import { entryKey } from './typed.ts';

/** The live object with the applied one laid over it; lists with keys are joined entry by entry. */
export function mergeApplied(live: unknown, applied: unknown, schema: FieldSchema): unknown {
  if (applied === undefined) return live;
  if (live === undefined && !isMergeable(applied)) return applied;
  if (isAtomic(schema, applied) || isAtomic(schema, live) || !isMergeable(applied)) return applied;
  if (Array.isArray(applied)) return mergeLists(Array.isArray(live) ? live : [], applied, schema);
  const base = isObject(live) ? live : {};
  const merged: Record<string, unknown> = {};
  for (const field of new Set([...Object.keys(base), ...Object.keys(applied as RawObject)])) {
    const value = mergeApplied(base[field], (applied as RawObject)[field], fieldType(schema, field));
    if (value !== undefined) merged[field] = value;
  }
  return merged;
}

function isMergeable(value: unknown): boolean {
  return Array.isArray(value) || isObject(value);
}

/** Shared entries come in the order of the applied list, the others stay where they are beside them. */
function mergeLists(live: readonly unknown[], applied: readonly unknown[], schema: FieldSchema): readonly unknown[] {
  const byKey = (list: readonly unknown[]) => new Map(list.map((entry) => [entryKey(entry, schema), entry]));
  const [left, right] = [byKey(live), byKey(applied)];
  const [leftKeys, rightKeys] = [live.map((entry) => entryKey(entry, schema)), [...right.keys()]];
  const shared = rightKeys.filter((key) => left.has(key));
  const merged: unknown[] = [];
  const taken = new Set<string>();
  const take = (key: string): void => {
    taken.add(key);
    merged.push(mergeApplied(left.get(key), right.get(key), itemType(schema)));
    if (shared[0] === key) shared.shift();
  };
  let [l, r] = [0, 0];
  while (l < leftKeys.length || r < rightKeys.length) {
    const [leftKey, rightKey] = [leftKeys[l], rightKeys[r]];
    if (leftKey !== undefined && leftKey === rightKey) {
      take(leftKey);
      l += 1;
      r += 1;
    } else if (leftKey !== undefined && rightKey !== undefined && right.has(leftKey) && shared[0] !== undefined && shared[0] !== leftKey) {
      l += 1;
    } else if (leftKey !== undefined && !right.has(leftKey)) {
      merged.push(live[l]);
      l += 1;
    } else {
      if (leftKey !== undefined && taken.has(leftKey)) l += 1;
      if (rightKey !== undefined) {
        take(rightKey);
        r += 1;
      }
    }
  }
  return merged;
}
