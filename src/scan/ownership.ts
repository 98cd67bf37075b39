import type { ObjectRef } from '#src/model/finding.ts';
import { integerAt, textAt, type RawObject } from '#src/model/raw.ts';
import { controllerOf, isWorkloadKind } from '#src/model/workload.ts';

/** Knows which workloads were in the input, so that what they own is not judged a second time. */
export interface Ownership {
  /** Call once per workload, owners before what they own. */
  readonly note: (ref: ObjectRef) => void;
  /** An owner stands for it, or it is what an owner left behind from an earlier rollout. */
  readonly covers: (ref: ObjectRef, object: RawObject) => boolean;
}

/** One short string is kept for each workload that may own others; Pods own nothing and are not kept. */
export function createOwnership(): Ownership {
  const owners = new Set<string>();
  return {
    note(ref) {
      if (ref.kind !== 'Pod') owners.add(key(ref.kind, ref.namespace, ref.name));
    },
    covers(ref, object) {
      const controller = controllerOf(object);
      if (controller === undefined) return false;
      if (ref.kind === 'ReplicaSet' && integerAt(object, 'spec', 'replicas') === 0) return true;
      return owners.has(key(controller.kind, ref.namespace, controller.name));
    },
  };
}

/**
 * What stays the same when an object is replaced: the controller that makes it, which was not in the input itself, else the object.
 *
 * A Deployment names its ReplicaSets by a hash of the rollout, and a CronJob its Jobs by the time; without that, pods whose owners
 * could not be listed have the identity of the owner's owner.
 */
export function lastingIdentity(ref: ObjectRef, object: RawObject): ObjectRef {
  if (!isWorkloadKind(ref.kind)) return ref;
  const controller = controllerOf(object);
  if (controller === undefined || controller.kind === 'Node') return ref;
  const { kind, name } = ownerOfOwner(controller, textAt(object, 'metadata', 'labels', 'pod-template-hash')) ?? controller;
  return { kind, ...(ref.namespace !== undefined && { namespace: ref.namespace }), name };
}

function ownerOfOwner({ kind, name }: { readonly kind: string; readonly name: string }, hash: string | undefined): { readonly kind: string; readonly name: string } | undefined {
  if (kind === 'ReplicaSet' && hash !== undefined && name.endsWith(`-${hash}`)) return { kind: 'Deployment', name: name.slice(0, -hash.length - 1) };
  const time = kind === 'Job' ? /-\d{8,10}$/.exec(name) : null;
  return time === null ? undefined : { kind: 'CronJob', name: name.slice(0, time.index) };
}

function key(kind: string, namespace: string | undefined, name: string): string {
  return `${kind}/${namespace ?? ''}/${name}`;
}
