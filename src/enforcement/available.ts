import type { OpenCluster } from '#src/model/clusters.ts';
import type { ConnectedWorkload } from '#src/model/connection.ts';
import { WORKLOAD_KINDS } from '#src/model/kinds.ts';
import { integerAt, textAt, type RawObject } from '#src/model/raw.ts';
import { listed } from './listed.ts';

/** Pods of a workload. */
export interface Available {
  readonly pods: number;
  /** As many as it is meant to have now: one that is made smaller on purpose comes to no harm. */
  readonly wanted: number;
}

/** Undefined for a workload that has gone, or whose kind says no such thing. @throws {NothingToPropose} when nobody could look. */
export async function readAvailable(cluster: OpenCluster, { namespace, kind, name }: ConnectedWorkload, signal: AbortSignal): Promise<Available | undefined> {
  const known = WORKLOAD_KINDS.find((one) => one === kind);
  if (known === undefined) return undefined;
  const object = (await listed(cluster, known, signal)).find((one) => textAt(one, 'metadata', 'namespace') === namespace && textAt(one, 'metadata', 'name') === name);
  return object && availableOf(kind, object);
}

/** An API server leaves out a count of zero. */
export function availableOf(kind: string, object: RawObject): Available | undefined {
  switch (kind) {
    case 'DaemonSet':
      return { pods: integerAt(object, 'status', 'numberAvailable') ?? 0, wanted: integerAt(object, 'status', 'desiredNumberScheduled') ?? 0 };
    case 'Deployment':
    case 'DeploymentConfig':
    case 'ReplicaSet':
    case 'ReplicationController':
    case 'StatefulSet':
      return { pods: integerAt(object, 'status', 'availableReplicas') ?? 0, wanted: integerAt(object, 'spec', 'replicas') ?? 1 };
    default:
      return undefined;
  }
}
