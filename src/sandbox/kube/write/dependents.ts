import type { Resource } from '../catalog.ts';
import { keyOf, type KubeObject } from '../object.ts';
import { byCluster, type Cluster } from './context.ts';
import { deleteObject } from './deleter.ts';

const GARBAGE_COLLECTOR = 'generic-garbage-collector';
const WISHES = { propagation: 'Background', uid: undefined, resourceVersion: undefined, graceSeconds: undefined } as const;

/** What hangs on other objects by `ownerReferences`. */
export interface Dependents {
  /** Deletes what no longer has any owner. */
  readonly collect: (owner: KubeObject) => void;
  /** Lets an object go that waits for its dependents to be deleted or set free. */
  readonly release: (owner: KubeObject, resource: Resource) => void;
}

interface Dependent {
  readonly object: KubeObject;
  readonly resource: Resource;
}

export function createDependents(cluster: Cluster): Dependents {
  const { store, catalog } = cluster;
  /** Owners that wait until their dependents are gone. */
  const waiting = new Map<string, Dependent>();
  /** Where objects that name an owner were last seen; may name some that no longer do. */
  const places = new Map<string, Map<string, string>>();
  store.watch(undefined, ({ object, type }, where) => {
    if (type === 'DELETED') return;
    const key = keyOf(object.metadata.namespace, object.metadata.name ?? '');
    for (const { uid } of object.metadata.ownerReferences ?? []) {
      const known = places.get(uid) ?? new Map<string, string>();
      places.set(uid, known.set(`${where} ${key}`, where));
    }
  });

  function dependentsOf(uid: string): readonly Dependent[] {
    return [...(places.get(uid) ?? [])].flatMap(([place, where]) => {
      const object = store.get(where, place.slice(where.length + 1));
      const resource = catalog.ofStore(where);
      const isOwned = object?.metadata.ownerReferences?.some((owner) => owner.uid === uid) === true;
      return object === undefined || resource === undefined || !isOwned ? [] : [{ object, resource }];
    });
  }

  function withoutOwner({ object, resource }: Dependent, uid: string): KubeObject {
    const { ownerReferences = [], ...metadata } = object.metadata;
    const rest = ownerReferences.filter((owner) => owner.uid !== uid);
    return store.put(resource.store, { ...object, metadata: { ...metadata, ...(rest.length > 0 && { ownerReferences: rest }) } });
  }

  function removeFinalizer(owner: KubeObject, resource: Resource, finalizer: string): void {
    const current = store.get(resource.store, keyOf(owner.metadata.namespace, owner.metadata.name ?? ''));
    if (current === undefined) return;
    const finalizers = (current.metadata.finalizers ?? []).filter((known) => known !== finalizer);
    const next = { ...current, metadata: { ...current.metadata, finalizers } };
    if (finalizers.length === 0) store.remove(resource.store, next);
    else store.put(resource.store, next);
  }

  function release(owner: KubeObject, resource: Resource): void {
    const { finalizers = [], deletionTimestamp, uid = '' } = owner.metadata;
    if (deletionTimestamp === undefined) return;
    if (finalizers.includes('orphan')) {
      for (const dependent of dependentsOf(uid)) withoutOwner(dependent, uid);
      removeFinalizer(owner, resource, 'orphan');
    } else if (finalizers.includes('foregroundDeletion')) {
      for (const { object, resource: kind } of dependentsOf(uid)) {
        if (object.metadata.deletionTimestamp === undefined) deleteObject(object, kind, { ...WISHES, propagation: 'Foreground' }, cluster, byCluster(GARBAGE_COLLECTOR));
      }
      waiting.set(uid, { object: owner, resource });
      if (dependentsOf(uid).length > 0) return;
      waiting.delete(uid);
      removeFinalizer(owner, resource, 'foregroundDeletion');
    }
  }

  return {
    release,
    collect(object) {
      const uid = object.metadata.uid ?? '';
      for (const dependent of dependentsOf(uid)) {
        const owners = dependent.object.metadata.ownerReferences ?? [];
        if (owners.length > 1) withoutOwner(dependent, uid);
        else if (dependent.object.metadata.deletionTimestamp === undefined) {
          deleteObject(dependent.object, dependent.resource, WISHES, cluster, byCluster(GARBAGE_COLLECTOR));
        }
      }
      places.delete(uid);
      for (const owner of object.metadata.ownerReferences ?? []) {
        const held = waiting.get(owner.uid);
        if (held !== undefined) release(held.object, held.resource);
      }
    },
  };
}
