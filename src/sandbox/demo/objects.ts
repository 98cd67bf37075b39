import { readdirSync, readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { parseAllDocuments } from 'yaml';
import { at, integerAt, isObject, objectAt, textAt, type RawObject } from '#src/model/raw.ts';

const MANIFESTS = new URL('manifests/', import.meta.url);
const NODES = ['worker-1', 'worker-2'];

/** The objects of the demo cluster: a small shop, with what its controllers would have made of it. */
export function demoObjects(): readonly RawObject[] {
  const files = readdirSync(MANIFESTS).sort();
  return files.flatMap((file) => documentsOf(readFileSync(new URL(file, MANIFESTS), 'utf8'))).flatMap(withDependents);
}

function documentsOf(text: string): readonly RawObject[] {
  return parseAllDocuments(text)
    .map((document) => document.toJS() as unknown)
    .filter(isObject);
}

/** Nothing runs in the sandbox, so ReplicaSets and Pods are derived here, as running ones. */
function withDependents(object: RawObject): readonly RawObject[] {
  const replicas = integerAt(object, 'spec', 'replicas') ?? 1;
  switch (textAt(object, 'kind')) {
    case 'Deployment': {
      const set = replicaSet(object, replicas);
      return [withStatus(object, replicas), set, ...Array.from({ length: replicas }, (_, index) => pod(set, `${nameOf(set)}-${shortHash(`${nameOf(set)}${index}`, 5)}`, index))];
    }
    case 'StatefulSet':
      return [withStatus(object, replicas), ...Array.from({ length: replicas }, (_, index) => pod(object, `${nameOf(object)}-${index}`, index))];
    case 'DaemonSet':
      return [object, ...NODES.map((node, index) => pod(object, `${nameOf(object)}-${shortHash(`${nameOf(object)}${node}`, 5)}`, index))];
    default:
      return [object];
  }
}

function replicaSet(deployment: RawObject, replicas: number): RawObject {
  const hash = shortHash(JSON.stringify(at(deployment, 'spec', 'template')), 9);
  const template = objectAt(deployment, 'spec', 'template') ?? {};
  const labels = { ...objectAt(template, 'metadata', 'labels'), 'pod-template-hash': hash };
  const selector = { matchLabels: { ...objectAt(deployment, 'spec', 'selector', 'matchLabels'), 'pod-template-hash': hash } };
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name: `${nameOf(deployment)}-${hash}`, namespace: textAt(deployment, 'metadata', 'namespace'), labels, ownerReferences: [ownedBy(deployment)] },
    spec: { replicas, selector, template: { ...template, metadata: { ...objectAt(template, 'metadata'), labels } } },
    status: { replicas, readyReplicas: replicas, availableReplicas: replicas, fullyLabeledReplicas: replicas, observedGeneration: 1 },
  };
}

function pod(owner: RawObject, name: string, index: number): RawObject {
  const template = objectAt(owner, 'spec', 'template') ?? {};
  const nodeName = NODES[index % NODES.length];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...objectAt(template, 'metadata'), name, namespace: textAt(owner, 'metadata', 'namespace'), ownerReferences: [ownedBy(owner)] },
    spec: { ...objectAt(template, 'spec'), nodeName },
    status: { phase: 'Running', podIP: `10.244.${(index % NODES.length) + 1}.${10 + (Number.parseInt(shortHash(name, 2), 36) % 200)}`, conditions: [{ type: 'Ready', status: 'True' }] },
  };
}

function withStatus(object: RawObject, replicas: number): RawObject {
  return { ...object, status: { replicas, readyReplicas: replicas, availableReplicas: replicas, updatedReplicas: replicas, observedGeneration: 1 } };
}

/** Without a uid: the API server's stand-in looks it up. */
function ownedBy(owner: RawObject): RawObject {
  return { apiVersion: textAt(owner, 'apiVersion'), kind: textAt(owner, 'kind'), name: nameOf(owner), controller: true, blockOwnerDeletion: true };
}

function nameOf(object: RawObject): string {
  return textAt(object, 'metadata', 'name') ?? '';
}

/** Lower-case letters and digits, as controllers append them. */
function shortHash(text: string, length: number): string {
  return BigInt(`0x${createHash('sha256').update(text).digest('hex').slice(0, 24)}`).toString(36).slice(0, length);
}
