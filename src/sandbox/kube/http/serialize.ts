import type { Resource } from '../catalog.ts';
import { toVersion } from '../conversions.ts';
import type { KubeObject } from '../object.ts';

/** Texts of stored objects, which never change, so that large lists are joined rather than written again. */
const texts = new WeakMap<KubeObject, string>();

/** An item of a list as JSON. Lists of the server's own kinds do not repeat kind and version in each item. */
export function itemText(object: KubeObject, resource: Resource): string {
  if (object.apiVersion !== resource.apiVersion || resource.isCustom) {
    const versioned = toVersion(object, resource);
    return JSON.stringify(resource.isCustom ? versioned : withoutType(versioned));
  }
  const known = texts.get(object);
  if (known !== undefined) return known;
  const text = JSON.stringify(withoutType(object));
  texts.set(object, text);
  return text;
}

function withoutType({ kind, apiVersion, ...rest }: KubeObject): object {
  return rest;
}
