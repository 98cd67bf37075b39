import type { Cluster, Clusters } from '#src/model/clusters.ts';
import { NO_SETTINGS } from '#src/model/settings.ts';

/** Production clusters of these names, of which nothing else is known. */
export function productionClusters(names: readonly string[], open: Clusters['open']): Clusters {
  const all = names.map((name): Cluster => ({ name, production: true, channel: undefined, schedule: 'off', timeZone: 'UTC' }));
  return { settings: NO_SETTINGS, all: () => all, find: (name) => all.find((cluster) => cluster.name === name), open };
}
