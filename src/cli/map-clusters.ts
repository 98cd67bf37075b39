import { gatherNetwork } from '#src/map/gather.ts';
import { pictureOf } from '#src/map/links.ts';
import { ClusterUnreachable, type Clusters } from '#src/model/clusters.ts';
import { NotListed } from '#src/model/source.ts';
import { formatVersion } from '#src/model/version.ts';
import { networkMap } from '#src/network/connectivity.ts';
import { noteUnread } from './map-files.ts';
import type { MapCounts, MapPart } from './map-records.ts';
import type { Notes } from './notes.ts';
import { SomeUnread } from './scan-clusters.ts';

export interface MapClusterNeeds {
  readonly clusters: Clusters;
  readonly notes: Notes;
  readonly signal: AbortSignal;
}

/** Maps running clusters one after the other. @throws {SomeUnread} at the end. */
export async function* mapClusters(contexts: readonly string[], { clusters, notes, signal }: MapClusterNeeds): AsyncGenerator<MapPart, MapCounts> {
  const unread: string[] = [];
  let objects = 0;
  for (const context of contexts) {
    try {
      notes.progress(`${context}: reading`);
      const cluster = await clusters.open(context, signal);
      try {
        const gathered = await gatherNetwork(cluster, signal);
        objects += gathered.objects;
        noteUnread(context, gathered.network, notes);
        yield { type: 'map', where: { cluster: context }, map: networkMap(gathered.network), picture: () => pictureOf(gathered.network, { complete: true, signal }) };
        yield { type: 'cluster', cluster: context, version: formatVersion(cluster.version), objects: gathered.objects };
      } finally {
        cluster.close();
      }
    } catch (error) {
      if (!(error instanceof ClusterUnreachable || error instanceof NotListed)) throw error;
      unread.push(`${context}: ${error.message}`);
    }
  }
  if (unread.length > 0) throw new SomeUnread(unread.join('\n'));
  return { files: 0, clusters: contexts.length, objects, unreadable: 0 };
}
