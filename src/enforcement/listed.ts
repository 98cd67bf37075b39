import type { OpenCluster } from '#src/model/clusters.ts';
import { kindInfo, type Kind } from '#src/model/kinds.ts';
import type { RawObject } from '#src/model/raw.ts';
import { NothingToPropose } from '#src/model/request.ts';
import { NotListed } from '#src/model/source.ts';

/** All objects of a kind; none where the cluster does not serve it. @throws {NothingToPropose} when they could not be looked at. */
export async function listed(cluster: OpenCluster, kind: Kind, signal: AbortSignal): Promise<readonly RawObject[]> {
  const objects: RawObject[] = [];
  try {
    for await (const page of cluster.list(kind, signal)) objects.push(...page.map(({ object }) => object));
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof NotListed)) throw error;
    if (!error.absent) throw new NothingToPropose(`Could not look at ${kindInfo(kind).resource}: ${error.message}.`);
  }
  return objects;
}
