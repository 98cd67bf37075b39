import { readOwnPolicies, type ClusterNetwork } from '#src/enforcement/cluster-network.ts';
import { NOTHING_LET_IN, type LetInPlan } from '#src/enforcement/ranges-plan.ts';
import type { WorkloadPlace } from '#src/enforcement/own-policy.ts';
import type { ProposalWorld } from '#src/model/approvals.ts';
import { ChangeFailed, ClusterUnreachable, type OpenCluster } from '#src/model/clusters.ts';
import { maySetRanges } from '#src/model/connection-words.ts';
import type { Connection, ConnectionSettings } from '#src/model/connection.ts';
import { NothingToPropose } from '#src/model/request.ts';
import { planLettingIn } from './source-ranges.ts';

/** Connections of one workload, in one direction, that are to be approved. */
interface LookedFor {
  readonly place: WorkloadPlace;
  readonly settings: ConnectionSettings;
  readonly found: readonly [Connection, ...Connection[]];
}

/** What keeps a connection out, as far as k8ssec has written it or may change it, or why nobody could look. */
interface Look {
  readonly own?: ClusterNetwork['own'];
  readonly unknown?: string;
  /** What Services before the workload have to let in besides. */
  readonly letIn?: LetInPlan;
}

export const NOT_LOOKED: Look = {};

/** People are asked also when the cluster does not answer, and are told so. */
export async function looked(seen: LookedFor, world: ProposalWorld, signal: AbortSignal): Promise<Look> {
  try {
    return await lookAt(seen, world, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ClusterUnreachable || error instanceof ChangeFailed) return { unknown: error.message };
    throw error;
  }
}

/** What the bot has no right to look at it cannot have written, unless the right was taken away since. @throws {ClusterUnreachable} @throws {ChangeFailed} */
export async function lookAt({ place, settings, found }: LookedFor, { clusters, connections, installation }: Pick<ProposalWorld, 'clusters' | 'connections' | 'installation'>, signal: AbortSignal): Promise<Look> {
  const cluster = await clusters.open(place.cluster, signal);
  try {
    const takesRanges = found[0].key.direction === 'ingress' && maySetRanges(settings, place.workload.namespace);
    const beside = takesRanges ? (await connections.ofWorkload(place.cluster, place.workload)).filter(({ id }) => found.every((one) => one.id !== id)) : [];
    const letIn = takesRanges ? await planLettingIn({ place, settings, found, beside, installation: await installation() }, cluster, signal) : NOTHING_LET_IN;
    return { letIn, ...(await ownPolicies(place, cluster, signal)) };
  } finally {
    cluster.close();
  }
}

async function ownPolicies(place: WorkloadPlace, cluster: OpenCluster, signal: AbortSignal): Promise<Look> {
  try {
    return { own: await readOwnPolicies(cluster, place, signal) };
  } catch (error) {
    if (error instanceof NothingToPropose) return { unknown: error.message };
    throw error;
  }
}
