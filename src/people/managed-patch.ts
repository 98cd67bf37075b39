import { stringify } from 'yaml';
import { MAP_USERS } from '#src/model/cloud-users.ts';
import type { ObjectAddress } from '#src/model/plan.ts';
import { at, listAt, objectAt, textAt, type RawObject } from '#src/model/raw.ts';
import type { AccessPath } from './access-path.ts';
import { withoutEntries } from './cloud-map.ts';
import type { Manager } from './managed.ts';
import { enabledField } from './other-paths.ts';

/** What to change in git, because a change in the cluster would be put back. */
export interface ManagedPatch {
  readonly address: ObjectAddress;
  readonly manager: Manager;
  /** The lines that name the person, as YAML: what has to go. */
  readonly remove: string;
  /** The object without them, as YAML; of a ConfigMap the changed entry alone. Undefined when only a person can write it. */
  readonly wanted: string | undefined;
}

/** Undefined for what nothing else manages. */
export function managedPatch(path: AccessPath): ManagedPatch | undefined {
  if (path.type === 'certificate' || path.type === 'token' || path.manager === undefined) return undefined;
  const { address, manager, object } = path;
  const base = { address, manager };
  switch (path.type) {
    case 'binding':
      return { ...base, remove: stringify([path.item]), wanted: stringify(bindingWithout(object, path.index)) };
    case 'cloud-user': {
      const value = withoutEntries(textAt(object, 'data', MAP_USERS) ?? '', [path.entry.index]);
      return { ...base, remove: stringify([path.entry.entry]), wanted: value === undefined ? undefined : stringify({ data: { [MAP_USERS]: value } }) };
    }
    case 'argo-account':
      return { ...base, remove: stringify({ [enabledField(path.account)]: path.enabled ?? 'true' }), wanted: stringify({ data: { [enabledField(path.account)]: 'false' } }) };
  }
}

/** As somebody would write it: without what the API server adds. */
function bindingWithout(object: RawObject, index: number): RawObject {
  const metadata = objectAt(object, 'metadata');
  const namespace = textAt(metadata, 'namespace');
  return {
    apiVersion: at(object, 'apiVersion'),
    kind: at(object, 'kind'),
    metadata: { name: textAt(metadata, 'name'), ...(namespace !== undefined && { namespace }) },
    roleRef: at(object, 'roleRef'),
    subjects: listAt(object, 'subjects').filter((_, place) => place !== index),
  };
}
