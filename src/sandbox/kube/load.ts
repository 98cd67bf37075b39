import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { isObject, listAt, textAt, type RawObject } from '#src/model/raw.ts';
import { clone } from './json.ts';
import { keyOf, type KubeObject, type OwnerReference } from './object.ts';
import { Failure } from './status.ts';
import type { Cluster, WriteContext } from './write/context.ts';
import { readObject } from './write/read-object.ts';
import { createObject } from './write/writer.ts';

/** Kinds that others need to be there first. */
const FIRST_KINDS = ['Namespace', 'CustomResourceDefinition', 'PriorityClass', 'ServiceAccount'];
const MANIFEST = /\.(ya?ml|json)$/;
const LOADER: WriteContext = { user: undefined, manager: 'kubectl-create', dryRun: false, asGiven: true, warn: () => undefined };

/** Every object of the YAML and JSON files in a folder and below, in the order of their paths. */
export function readManifests(folder: string): readonly RawObject[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => MANIFEST.test(file));
  return files.sort().flatMap((file) => parseManifests(readFileSync(join(folder, file), 'utf8'), file));
}

function parseManifests(text: string, file: string): readonly RawObject[] {
  return parseAllDocuments(text).flatMap((document) => {
    if (!('toJS' in document)) return [];
    const [error] = document.errors;
    if (error !== undefined) throw new Error(`${file}: ${error.message}`);
    const value: unknown = document.toJS();
    if (value === null) return [];
    if (!isObject(value)) throw new Error(`${file}: a document is no object`);
    return [value];
  });
}

/**
 * Creates objects as if somebody with every right had done so, but keeps the status and creation time they are given.
 *
 * Owners may be named without `uid`: those are looked up. @throws Error naming the object that is refused.
 */
export function loadObjects(objects: readonly RawObject[], cluster: Cluster, settle: () => void): void {
  const flat = objects.flatMap((object) => (String(object.kind).endsWith('List') && Array.isArray(object.items) ? listAt(object, 'items').filter(isObject) : [object]));
  const rank = (object: RawObject): number => {
    const index = FIRST_KINDS.indexOf(String(object.kind));
    return index === -1 ? FIRST_KINDS.length : index;
  };
  let lastRank = 0;
  for (const object of flat.toSorted((a, b) => rank(a) - rank(b))) {
    if (rank(object) !== lastRank) settle();
    lastRank = rank(object);
    loadObject(object, cluster);
  }
  settle();
}

/** Creates one object, or gives the stored one its content. */
export function loadObject(raw: RawObject, cluster: Cluster): KubeObject {
  const [apiVersion, kind, name] = [textAt(raw, 'apiVersion') ?? '', textAt(raw, 'kind') ?? '', textAt(raw, 'metadata', 'name') ?? ''];
  const resource = cluster.catalog.ofKind(apiVersion, kind);
  if (resource === undefined) throw new Error(`the cluster stand-in does not serve ${apiVersion} ${kind} (${name})`);
  const namespace = resource.namespaced ? (textAt(raw, 'metadata', 'namespace') ?? 'default') : '';
  const target = { resource, namespace, name, subresource: '' };
  try {
    const object = readObject(clone(raw), resource, cluster.catalog, { validation: 'Strict', warn: () => undefined });
    giveOwners(object, namespace, cluster);
    const present = cluster.store.get(resource.store, keyOf(namespace, name));
    if (present === undefined) return createObject(target, { object }, cluster, LOADER).object;
    const { uid, creationTimestamp, generation = 0 } = present.metadata;
    cluster.store.remove(resource.store, present);
    const made = createObject(target, { object }, cluster, { ...LOADER, dryRun: true }).object;
    const metadata = { ...made.metadata, ...(uid && { uid }), ...(creationTimestamp && { creationTimestamp }), ...(made.metadata.generation && { generation: generation + 1 }) };
    return cluster.store.put(resource.store, { ...made, metadata });
  } catch (error) {
    if (error instanceof Failure) throw new Error(`${kind} ${keyOf(namespace, name)} is refused: ${error.message}`, { cause: error });
    throw error;
  }
}

function giveOwners({ metadata }: KubeObject, namespace: string, { catalog, store }: Cluster): void {
  if (metadata.ownerReferences === undefined) return;
  metadata.ownerReferences = metadata.ownerReferences.map((owner): OwnerReference => {
    if (owner.uid !== '') return owner;
    const resource = catalog.ofKind(owner.apiVersion, owner.kind);
    const found = resource === undefined ? undefined : store.get(resource.store, keyOf(resource.namespaced ? namespace : '', owner.name));
    if (found?.metadata.uid === undefined) throw new Error(`${metadata.name ?? ''} names an owner that is not there: ${owner.kind} ${owner.name}`);
    return { ...owner, uid: found.metadata.uid };
  });
}
