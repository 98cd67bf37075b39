import { readAvailable } from '#src/enforcement/available.ts';
import type { ConfirmingWorld } from '#src/model/approvals.ts';
import { NothingToPropose, type ApprovalRequest, type PodsBefore } from '#src/model/request.ts';
import type { OpenNamed } from './ports.ts';

/**
 * The pods of the workload whose traffic would be changed, as they are before it is. Undefined for what traffic shows nothing of. Rights
 * that the bot lacks are remembered, so that whoever reads of the effect knows what nobody could see.
 *
 * @throws {ClusterUnreachable}
 */
export async function podsBefore({ plan: { traffic, trafficOf = [], trafficIn }, clusters: [cluster] }: ApprovalRequest, { connections }: Pick<ConfirmingWorld, 'connections'>, open: OpenNamed, signal: AbortSignal): Promise<PodsBefore | undefined> {
  if (traffic === undefined || cluster === undefined) return undefined;
  const workload = trafficIn ?? (await connections.get(cluster, trafficOf))[0]?.key.workload;
  if (workload === undefined) return undefined;
  try {
    const seen = await readAvailable(await open(cluster), workload, signal);
    return seen === undefined ? {} : { available: seen.pods };
  } catch (error) {
    if (!(error instanceof NothingToPropose)) throw error;
    return { unseen: error.message };
  }
}
