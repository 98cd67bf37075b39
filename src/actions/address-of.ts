import { kindInfo, knownKind } from '#src/model/kinds.ts';
import type { ObjectAddress } from '#src/model/plan.ts';
import { textAt, type RawObject } from '#src/model/raw.ts';

/** Where an object of a live cluster is found; undefined when its kind is not known here, or it has no name. */
export function addressOf(cluster: string, object: RawObject): ObjectAddress | undefined {
  const [apiVersion, kind, name] = [textAt(object, 'apiVersion') ?? '', textAt(object, 'kind') ?? '', textAt(object, 'metadata', 'name')];
  const known = knownKind(apiVersion, kind);
  if (known === undefined || name === undefined) return undefined;
  const { resource, namespaced } = kindInfo(known);
  const namespace = textAt(object, 'metadata', 'namespace');
  if (namespaced && namespace === undefined) return undefined;
  return { cluster, apiVersion, kind, resource, ...(namespaced && namespace !== undefined && { namespace }), name };
}
