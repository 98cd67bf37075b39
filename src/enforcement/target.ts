import { workloadText } from '#src/model/connection-words.ts';
import type { OpenCluster } from '#src/model/clusters.ts';
import { kindInfo, WORKLOAD_KINDS, type Kind } from '#src/model/kinds.ts';
import { parseLabelSelector } from '#src/model/label-selector.ts';
import { booleanAt, objectAt, objectsAt, textAt, textMapAt, type RawObject } from '#src/model/raw.ts';
import { NothingToPropose } from '#src/model/request.ts';
import { controllerOf, isWorkloadKind, podOf } from '#src/model/workload.ts';
import { workloadOf, type Workload } from '#src/network/workloads.ts';
import { listed } from './listed.ts';
import type { PolicyPlace, WorkloadPlace } from './own-policy.ts';

/** What policies see of a workload. */
interface Chosen {
  /** Chooses its pods. */
  readonly selector: RawObject;
  readonly pods: Workload;
  readonly count: number;
  /** Owners of other pods that the selector chooses as well: `Job shop/report`. */
  readonly others: readonly string[];
  /** What owns the workload itself, and has its connections: `Deployment shop/checkout`. */
  readonly owner?: string;
}

/** The workload whose connection is decided about, as policies see it. */
export interface Target extends PolicyPlace, Chosen {}

/** Labels that differ from one copy of the same workload to the next. */
const GENERATED = /(^|\/)(controller-uid|job-name|controller-revision-hash|pod-template-generation|pod-template-hash)$/;

/** @throws {NothingToPropose} when policies cannot be about it. */
export async function readTarget<Place extends WorkloadPlace>(cluster: OpenCluster, place: Place, signal: AbortSignal): Promise<Place & Chosen> {
  const { workload } = place;
  const { namespace, kind, name } = workload;
  const title = `${kind} ${workloadText(workload)}`;
  const known = WORKLOAD_KINDS.find((one) => one === kind);
  if (known === undefined) throw new NothingToPropose(`${title} is of a kind whose pods are not known here.`);
  const object = (await listed(cluster, known, signal)).find((one) => isNamed(one, namespace, name));
  if (object === undefined) throw new NothingToPropose(`There is no ${title} any more.`);
  const pods = workloadOf(object, { kind, namespace, name });
  const selector = selectorOf(object, known);
  if (pods === undefined || selector === undefined) throw new NothingToPropose(`The pods of ${title} have no labels by which a policy could choose them.`);
  if (pods.hostNetwork) throw new NothingToPropose(`The pods of ${title} are in the network of their nodes, where policies have no effect.`);
  const chooses = parseLabelSelector(selector);
  const chosen = (await listed(cluster, 'Pod', signal)).filter((pod) => textAt(pod, 'metadata', 'namespace') === namespace && chooses(textMapAt(pod, 'metadata', 'labels')) && booleanAt(pod, 'spec', 'hostNetwork') !== true);
  const owners = chosen.map((pod) => ownerOf(pod, workload));
  const controller = controllerOf(object);
  const owner = controller !== undefined && isWorkloadKind(controller.kind) ? { owner: `${controller.kind} ${namespace}/${controller.name}` } : {};
  return { ...place, selector, pods, count: chosen.length, others: [...new Set(owners.filter((one) => one !== undefined))].sort(), ...owner };
}

function isNamed(object: RawObject, namespace: string, name: string): boolean {
  return textAt(object, 'metadata', 'namespace') === namespace && textAt(object, 'metadata', 'name') === name;
}

function selectorOf(object: RawObject, kind: Kind): RawObject | undefined {
  const written = objectAt(object, 'spec', 'selector');
  const isPlain = kind === 'ReplicationController' || kind === 'DeploymentConfig';
  if (written !== undefined && kindInfo(kind).resource !== 'jobs') return isPlain ? { matchLabels: written } : written;
  const labels = [...(podOf(object)?.labels ?? [])].filter(([label]) => !GENERATED.test(label));
  return labels.length === 0 ? undefined : { matchLabels: Object.fromEntries(labels) };
}

/** Undefined for a pod of the workload itself. */
function ownerOf(pod: RawObject, { kind, namespace, name }: WorkloadPlace['workload']): string | undefined {
  const owner = objectsAt(pod, 'metadata', 'ownerReferences').map(([, entry]) => entry).find((entry) => booleanAt(entry, 'controller') === true);
  const [ownerKind, ownerName] = [textAt(owner, 'kind') ?? 'Pod', textAt(owner, 'name') ?? textAt(pod, 'metadata', 'name') ?? ''];
  const isIts = (ownerKind === kind && ownerName === name) || isBetween(ownerKind, ownerName, kind, name);
  return isIts ? undefined : `${ownerKind} ${namespace}/${ownerName}`;
}

/** Whether it stands between the workload and its pods. */
function isBetween(ownerKind: string, ownerName: string, kind: string, name: string): boolean {
  const between: Readonly<Record<string, string>> = { Deployment: 'ReplicaSet', DeploymentConfig: 'ReplicationController', CronJob: 'Job' };
  const suffix = ownerName.startsWith(`${name}-`) ? ownerName.slice(name.length + 1) : '-';
  return between[kind] === ownerKind && !suffix.includes('-');
}
