import type { Kind } from '#src/model/kinds.ts';
import type { RawObject } from '#src/model/raw.ts';
import { seededNumbers } from '../harness.ts';
import { labelsOf, runningPod, writtenSpec } from './pod-template.ts';
import { FILLED, padded, PODS_PER_WORKLOAD, workloadOf, type Workload } from './workloads.ts';

const NODES = 5000;

/** A made-up cluster of so many pods, with what owns them. Everything follows from the seed. */
export interface GeneratedCluster {
  readonly pods: number;
  /** Each pod as the API server writes it, in the order in which it lists them. */
  readonly podTexts: () => Iterable<string>;
  /** The objects of every other kind that it has. */
  readonly others: ReadonlyMap<Kind, readonly RawObject[]>;
}

export function generateCluster(pods: number, seed: number): GeneratedCluster {
  return { pods, podTexts: () => podTexts(pods, seed), others: othersOf(pods) };
}

function* podTexts(pods: number, seed: number): Generator<string> {
  const random = seededNumbers(seed);
  let template = { index: -1, text: '' };
  for (let index = 0; index < pods; index += 1) {
    const workload = workloadOf(index);
    const own = Math.floor(index / PODS_PER_WORKLOAD);
    const isBare = workload.maker === 'none';
    if (template.index !== own && !isBare) template = { index: own, text: JSON.stringify(runningPod(workload)) };
    yield filled(isBare ? JSON.stringify(runningPod(workload)) : template.text, workload, index, random);
  }
}

function filled(text: string, workload: Workload, index: number, random: () => number): string {
  const digits = () => padded(Math.floor(random() * 100_000), 5);
  const suffix = `${padded(index % PODS_PER_WORKLOAD, 2)}${digits()}`;
  // Every pod has some of what the others of its workload have: all words but these.
  return text
    .replaceAll(FILLED.name, `${workload.podPrefix}${suffix}`)
    .replaceAll(FILLED.uid, `${digits()}${digits()}-4b7e-4a51-9d8c-${digits()}${suffix}`)
    .replaceAll(FILLED.suffix, suffix)
    .replaceAll(FILLED.node, `node-${padded(Math.floor(random() * NODES), 4)}`)
    .replaceAll(FILLED.address, `10.${Math.floor(random() * 256)}.${Math.floor(random() * 256)}.${Math.floor(random() * 256)}`);
}

function othersOf(pods: number): ReadonlyMap<Kind, readonly RawObject[]> {
  const objects: (readonly [Kind, RawObject])[] = [];
  const namespaces = new Set<string>();
  for (let index = 0; index < pods; index += PODS_PER_WORKLOAD) {
    const workload = workloadOf(index);
    namespaces.add(workload.namespace);
    objects.push(['ServiceAccount', { metadata: { name: workload.name, namespace: workload.namespace } }], ...ownersOf(workload));
  }
  objects.push(...[...namespaces].map((name) => ['Namespace', { metadata: { name, labels: { team: name } } }] as const));
  return new Map([...Map.groupBy(objects, ([kind]) => kind)].map(([kind, group]) => [kind, group.map(([, object]) => object)]));
}

function ownersOf(workload: Workload): readonly (readonly [Kind, RawObject])[] {
  const { name, namespace, maker, hash } = workload;
  const metadata = { name, namespace, labels: labelsOf(workload) };
  const template = { metadata: { labels: labelsOf(workload) }, spec: writtenSpec(workload) };
  const ownedBy = (apiVersion: string, kind: string) => [{ apiVersion, kind, name, controller: true }];
  switch (maker) {
    case 'Deployment': {
      const labels = { ...labelsOf(workload), 'pod-template-hash': hash };
      const set = { metadata: { name: `${name}-${hash}`, namespace, labels, ownerReferences: ownedBy('apps/v1', 'Deployment') }, spec: { replicas: PODS_PER_WORKLOAD, template } };
      return [['Deployment', { metadata, spec: { replicas: PODS_PER_WORKLOAD, template } }], ['ReplicaSet', set]];
    }
    case 'StatefulSet':
    case 'DaemonSet':
      return [[maker, { metadata, spec: { template } }]];
    case 'CronJob': {
      const job = { metadata: { name: `${name}-29384720`, namespace, ownerReferences: ownedBy('batch/v1', 'CronJob') }, spec: { template } };
      return [['CronJob', { metadata, spec: { schedule: '0 3 * * *', jobTemplate: { spec: { template } } } }], ['Job', job]];
    }
    case 'CloneSet':
    case 'none':
      return [];
  }
}
