import type { OpenCluster } from '#src/model/clusters.ts';
import { NotListed } from '#src/model/source.ts';
import type { SshAnswers } from '#src/model/ssh.ts';
import { publicAddressOf } from '#src/network/node-address.ts';

/** Nothing is tried for a scan without it. */
export const SSH_CHECK = 'node/ssh-reachable';

/** Tries the port of SSH of every node with an address on the internet; undefined where the bot may not. */
export async function sshAnswersOf(cluster: OpenCluster, signal: AbortSignal): Promise<SshAnswers | undefined> {
  if (cluster.trySsh === undefined) return undefined;
  const addresses = new Set<string>();
  try {
    for await (const page of cluster.list('Node', signal)) {
      for (const { object } of page) {
        const found = publicAddressOf(object);
        if (found !== undefined) addresses.add(found.address);
      }
    }
  } catch (error) {
    // The scan itself lists them too, and says why it could not.
    if (!(error instanceof NotListed)) throw error;
  }
  return cluster.trySsh([...addresses], signal);
}
