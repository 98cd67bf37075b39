import { addNetworkObject, createNetworkObjects, MAP_KINDS, type NetworkObjects } from '#src/network/collect.ts';
import type { ObjectRef } from '#src/model/finding.ts';
import { apiKind, kindInfo, KINDS, type Kind } from '#src/model/kinds.ts';
import { at, objectsAt, textAt, Unresolved, type RawObject } from '#src/model/raw.ts';
import { NotListed, type ObjectSource } from '#src/model/source.ts';
import { isWorkloadKind } from '#src/model/workload.ts';
import { createOwnership, type Ownership } from '#src/scan/ownership.ts';

export interface GatheredNetwork {
  readonly network: NetworkObjects;
  readonly objects: number;
  /** Objects with values that only applying the file would tell. */
  readonly unresolved: number;
}

/** Reads what the map of a cluster is made from. @throws {NotListed} when some of it cannot be read: half a map would show connections that are closed. */
export async function gatherNetwork(source: ObjectSource, signal: AbortSignal): Promise<GatheredNetwork> {
  const network = createNetworkObjects();
  const ownership = createOwnership();
  let objects = 0;
  let unresolved = 0;
  // In the order of `KINDS`, which puts owners before what they own.
  for (const kind of (Object.keys(KINDS) as Kind[]).filter((candidate) => MAP_KINDS.includes(candidate))) {
    for await (const page of listed(source, kind, signal)) {
      signal.throwIfAborted();
      for (const { object } of page) {
        objects += 1;
        try {
          take(network, ownership, kind, object);
        } catch (error) {
          if (!(error instanceof Unresolved)) throw error;
          unresolved += 1;
        }
      }
    }
  }
  return { network, objects, unresolved };
}

async function* listed(source: ObjectSource, kind: Kind, signal: AbortSignal): ReturnType<ObjectSource['list']> {
  try {
    yield* source.list(kind, signal);
  } catch (error) {
    if (!(error instanceof NotListed && error.absent && kindInfo(kind).addOn === true)) throw error;
  }
}

function take(network: NetworkObjects, ownership: Ownership, kind: Kind, object: RawObject): void {
  const namespace = textAt(object, 'metadata', 'namespace');
  const ref: ObjectRef = {
    kind: apiKind(kind),
    ...(namespace !== undefined && kindInfo(kind).namespaced && { namespace }),
    name: textAt(object, 'metadata', 'name') ?? textAt(object, 'metadata', 'generateName') ?? '',
  };
  if (!isWorkloadKind(kind)) return addNetworkObject(network, kind, object, ref);
  ownership.note(ref);
  if (!ownership.covers(ref, object)) addNetworkObject(network, kind, object, ownerRef(ref, object));
}

/** What a workload is shown as: the controller that makes it, which is not in the input itself. A static pod is made by its node and shown as itself. */
function ownerRef(ref: ObjectRef, object: RawObject): ObjectRef {
  for (const [, owner] of objectsAt(object, 'metadata', 'ownerReferences')) {
    const name = textAt(owner, 'name');
    const kind = textAt(owner, 'kind') ?? ref.kind;
    if (at(owner, 'controller') === true && name !== undefined && kind !== 'Node') return { ...ref, kind, name };
  }
  return ref;
}
