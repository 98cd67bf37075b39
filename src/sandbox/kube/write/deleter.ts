import { textAt, type RawObject } from '#src/model/raw.ts';
import type { Resource } from '../catalog.ts';
import { timestamp, type KubeObject } from '../object.ts';
import { conflict, invalid } from '../status.ts';
import { admitDelete, withoutUseFinalizer } from './admission.ts';
import type { Cluster, WriteContext } from './context.ts';

/** What `DeleteOptions` ask for. */
export interface DeleteWishes {
  readonly propagation: 'Background' | 'Foreground' | 'Orphan' | undefined;
  readonly uid: string | undefined;
  readonly resourceVersion: string | undefined;
  readonly graceSeconds: number | undefined;
}

export interface Deleted {
  /** The object as it was last; still there while finalizers hold it. */
  readonly object: KubeObject;
  readonly isGone: boolean;
}

const FOREGROUND = 'foregroundDeletion';
const ORPHAN = 'orphan';

export function readDeleteWishes(options: RawObject, query: URLSearchParams): DeleteWishes {
  const policy = textAt(options, 'propagationPolicy') ?? query.get('propagationPolicy') ?? undefined;
  if (policy !== undefined && !['Background', 'Foreground', 'Orphan'].includes(policy)) {
    const message = `Unsupported value: ${JSON.stringify(policy)}: supported values: "Foreground", "Background", "Orphan", "nil"`;
    throw invalid({ group: 'meta.k8s.io', resource: 'DeleteOptions' }, '', [{ reason: 'FieldValueNotSupported', message, field: 'propagationPolicy' }]);
  }
  const orphans = options.orphanDependents ?? (query.has('orphanDependents') ? query.get('orphanDependents') === 'true' : undefined);
  const legacy = orphans === undefined ? undefined : orphans === true ? 'Orphan' : 'Background';
  const grace = options.gracePeriodSeconds ?? query.get('gracePeriodSeconds') ?? undefined;
  return {
    propagation: (policy as DeleteWishes['propagation']) ?? legacy,
    uid: textAt(options, 'preconditions', 'uid'),
    resourceVersion: textAt(options, 'preconditions', 'resourceVersion'),
    graceSeconds: grace === undefined ? undefined : Number(grace),
  };
}

/** Deletes an object, or marks it while finalizers hold it. @throws Failure */
export function deleteObject(object: KubeObject, resource: Resource, wishes: DeleteWishes, cluster: Cluster, context: WriteContext): Deleted {
  const name = object.metadata.name ?? '';
  admitDelete(resource.store, name);
  checkPreconditions(object, resource, wishes);
  const finalizers = finalizersFor(object, resource, wishes);
  const isNamespace = resource.store === 'namespaces';
  const lasting = withoutUseFinalizer(resource.store, finalizers);
  if (lasting.length === 0 && !isNamespace) {
    const grace = graceOf(object, resource, wishes);
    const last = resource.store === 'pods' ? marked(object, finalizers, grace, cluster) : object;
    if (context.dryRun) return { object: last, isGone: grace === 0 };
    const shown = grace === 0 ? last : cluster.store.put(resource.store, last);
    cluster.store.remove(resource.store, shown);
    return { object: shown, isGone: grace === 0 };
  }
  const waiting = marked(object, lasting, isNamespace ? undefined : 0, cluster);
  const terminating = isNamespace ? { ...waiting, status: { ...(object.status as RawObject), phase: 'Terminating' } } : waiting;
  return { object: context.dryRun ? terminating : cluster.store.put(resource.store, terminating), isGone: false };
}

/** Pods on a node are given time to stop; here the node stops them at once. */
function graceOf(object: KubeObject, { store }: Resource, { graceSeconds }: DeleteWishes): number {
  if (store !== 'pods' || textAt(object, 'spec', 'nodeName') === undefined) return 0;
  if (['Succeeded', 'Failed'].includes(textAt(object, 'status', 'phase') ?? '')) return 0;
  return graceSeconds ?? ((object.spec as RawObject).terminationGracePeriodSeconds as number);
}

function marked(object: KubeObject, finalizers: readonly string[], graceSeconds: number | undefined, { clock }: Cluster): KubeObject {
  const { finalizers: _held, ...metadata } = object.metadata;
  return {
    ...object,
    metadata: {
      ...metadata,
      ...(metadata.generation !== undefined && metadata.deletionTimestamp === undefined && graceSeconds !== undefined && { generation: metadata.generation + 1 }),
      deletionTimestamp: metadata.deletionTimestamp ?? timestamp(new Date(clock.now().getTime() + (graceSeconds ?? 0) * 1000)),
      ...(graceSeconds !== undefined && { deletionGracePeriodSeconds: metadata.deletionGracePeriodSeconds ?? graceSeconds }),
      ...(finalizers.length > 0 && { finalizers: [...finalizers] }),
    },
  };
}

/** What these own is kept unless the client says otherwise. */
const ORPHANING_STORES = ['replicationcontrollers', 'jobs.batch'];

function finalizersFor({ metadata }: KubeObject, { store }: Resource, wishes: DeleteWishes): readonly string[] {
  const propagation = wishes.propagation ?? (ORPHANING_STORES.includes(store) ? 'Orphan' : undefined);
  const others = (metadata.finalizers ?? []).filter((finalizer) => finalizer !== FOREGROUND && finalizer !== ORPHAN);
  if (propagation === undefined) return metadata.finalizers ?? [];
  if (propagation === 'Background') return others;
  return [...others, propagation === 'Orphan' ? ORPHAN : FOREGROUND];
}

function checkPreconditions({ metadata }: KubeObject, resource: Resource, { uid, resourceVersion }: DeleteWishes): void {
  const target = { group: resource.group, resource: resource.kind };
  const refuse = (what: string, wanted: string, real = '', end: string): never => {
    throw conflict(target, metadata.name ?? '', `the ${what} in the precondition (${wanted}) does not match the ${what} in record (${real}). ${end}`);
  };
  if (uid !== undefined && uid !== metadata.uid) refuse('UID', uid, metadata.uid, 'The object might have been deleted and then recreated');
  if (resourceVersion !== undefined && resourceVersion !== metadata.resourceVersion) {
    refuse('ResourceVersion', resourceVersion, metadata.resourceVersion, 'The object might have been modified');
  }
}
