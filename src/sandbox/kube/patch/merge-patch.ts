import { isObject, type RawObject } from '#src/model/raw.ts';
import { drop, type Draft } from '../json.ts';

/** RFC 7386: objects are laid over each other, null takes a field away, anything else replaces. */
export function mergePatch(object: RawObject, patch: RawObject): RawObject {
  const merged: Draft = { ...object };
  for (const [field, value] of Object.entries(patch)) {
    if (value === null) drop(merged, field);
    else merged[field] = isObject(value) ? mergePatch(isObject(merged[field]) ? merged[field] : {}, value) : value;
  }
  return merged;
}
