import { parseRange, union, type AddressSet } from './addresses.ts';

/** Reads each list once, for as long as there is that list: those of providers have thousands of ranges. A list that changes must be another one. */
export function oncePerList<Value>(read: (texts: readonly string[]) => Value): (texts: readonly string[]) => Value {
  const known = new WeakMap<readonly string[], { readonly value: Value }>();
  return (texts) => {
    const before = known.get(texts);
    if (before !== undefined) return before.value;
    const value = read(texts);
    known.set(texts, { value });
    return value;
  };
}

/** All that is in one of the ranges and addresses; what is neither counts for nothing. */
export const addressesOf = oncePerList((texts): AddressSet => union(texts.map((text) => parseRange(text) ?? [])));
