import { topOwner } from '#src/connections/workloads.ts';
import type { Clock } from '#src/model/clock.ts';
import type { OpenCluster } from '#src/model/clusters.ts';
import type { ConnectedWorkload } from '#src/model/connection.ts';
import type { FlowEnd } from '#src/model/flow.ts';
import type { RawObject } from '#src/model/raw.ts';
import { lastingIdentity } from '#src/scan/ownership.ts';

export type Pod = NonNullable<FlowEnd['pod']>;

/** Remembers whose pods they are. */
export interface OwnerMemory {
  /** Whether it is to be looked up: it never was, or could not be of late. */
  readonly isUnknown: (pod: Pod) => boolean;
  /** Looks up those that are unknown, each once; some may stay so. Never fails. */
  readonly find: (source: Pick<OpenCluster, 'get'>, pods: readonly Pod[], signal: AbortSignal) => Promise<void>;
  /** A pod that nobody owns is its own workload. */
  readonly ownerOf: (pod: Pod) => ConnectedWorkload | undefined;
}

export interface OwnerMemoryNeeds {
  readonly cluster: string;
  readonly clock: Clock;
  /** Is shown each pod that is read. */
  readonly note?: (pod: RawObject) => void;
  /** Takes why one could not be looked up; the others go on. */
  readonly onFault: (pod: Pod, error: unknown) => void;
}

/** Pods that are remembered, and that are looked up at the same time. */
const REMEMBERED = 50_000;
const AT_ONCE = 50;
/** A pod that is gone, or could not be read, is looked up again after this. */
const UNKNOWN_MS = 60_000;
/** Calico tells of pods only how their names begin. */
const SHORTENED = '-*';
const OWNERS = [
  { apiVersion: 'apps/v1', kind: 'DaemonSet', resource: 'daemonsets' },
  { apiVersion: 'apps/v1', kind: 'StatefulSet', resource: 'statefulsets' },
  { apiVersion: 'batch/v1', kind: 'Job', resource: 'jobs' },
] as const;

export function createOwnerMemory({ cluster, clock, note, onFault }: OwnerMemoryNeeds): OwnerMemory {
  const owners = new Map<string, { readonly workload: ConnectedWorkload | undefined; readonly atMs: number }>();
  const isUnknown = (pod: Pod): boolean => {
    const owner = owners.get(nameOf(pod));
    return owner === undefined || (owner.workload === undefined && owner.atMs < clock.now().getTime() - UNKNOWN_MS);
  };
  const lookup = async (source: Pick<OpenCluster, 'get'>, pod: Pod, signal: AbortSignal): Promise<void> => {
    const atMs = clock.now().getTime();
    try {
      owners.set(nameOf(pod), { workload: await ownerIn(source, cluster, pod, note, signal), atMs });
    } catch (error) {
      owners.set(nameOf(pod), { workload: undefined, atMs });
      onFault(pod, error);
    }
  };
  return {
    isUnknown,
    async find(source, pods, signal) {
      // Before it is known which are missing, so that those of this batch are there when it ends.
      if (owners.size >= REMEMBERED) owners.clear();
      const unknown = [...new Map(pods.filter(isUnknown).map((pod) => [nameOf(pod), pod])).values()];
      for (let index = 0; index < unknown.length && !signal.aborted; index += AT_ONCE) await Promise.all(unknown.slice(index, index + AT_ONCE).map((pod) => lookup(source, pod, signal)));
    },
    ownerOf: (pod) => owners.get(nameOf(pod))?.workload,
  };
}

/** Undefined for a pod that is gone. */
async function ownerIn(source: Pick<OpenCluster, 'get'>, cluster: string, { namespace, name }: Pod, note: OwnerMemoryNeeds['note'], signal: AbortSignal): Promise<ConnectedWorkload | undefined> {
  if (name.endsWith(SHORTENED)) return ownerByPrefix(source, cluster, { namespace, name: name.slice(0, -SHORTENED.length) }, signal);
  const pod = await source.get({ cluster, apiVersion: 'v1', kind: 'Pod', resource: 'pods', namespace, name }, signal);
  if (pod === undefined) return undefined;
  note?.(pod);
  const owner = lastingIdentity({ kind: 'Pod', namespace, name }, pod);
  return topOwner({ namespace, kind: owner.kind, name: owner.name });
}

async function ownerByPrefix(source: Pick<OpenCluster, 'get'>, cluster: string, { namespace, name }: Pod, signal: AbortSignal): Promise<ConnectedWorkload | undefined> {
  for (const owner of OWNERS) {
    if ((await source.get({ cluster, ...owner, namespace, name }, signal)) !== undefined) return topOwner({ namespace, kind: owner.kind, name });
  }
  const deployment = topOwner({ namespace, kind: 'ReplicaSet', name });
  return deployment.kind === 'Deployment' ? deployment : undefined;
}

function nameOf({ namespace, name }: Pod): string {
  return `${namespace}/${name}`;
}
