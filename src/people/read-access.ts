import { ClusterUnreachable, type Clusters } from '#src/model/clusters.ts';
import type { AccessMap } from './access-path.ts';
import { readAccessMap } from './access-map.ts';

/** What could be read of several clusters. */
export interface AccessReadings {
  readonly maps: readonly AccessMap[];
  /** Of each cluster that did not answer, a sentence that names it. */
  readonly unreached: readonly string[];
}

/** Opens the clusters, reads where access lives in them, and closes them again. One that does not answer does not hide the others. */
export async function readAccess(clusters: Clusters, names: readonly string[], now: Date, signal: AbortSignal): Promise<AccessReadings> {
  const readings = await Promise.all(names.map((name) => readOne(clusters, name, now, signal)));
  return {
    maps: readings.filter((reading) => typeof reading !== 'string'),
    unreached: readings.filter((reading) => typeof reading === 'string'),
  };
}

async function readOne(clusters: Clusters, name: string, now: Date, signal: AbortSignal): Promise<AccessMap | string> {
  try {
    const cluster = await clusters.open(name, signal);
    try {
      return await readAccessMap(name, cluster, now, signal, await clusters.certificates?.of(name, now));
    } finally {
      cluster.close();
    }
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ClusterUnreachable) return `Could not look at ${name}: ${error.message}.`;
    throw error;
  }
}
