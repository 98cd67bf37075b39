import { addressedClusters, createClusters } from '#src/app/clusters.ts';
import type { Clusters } from '#src/model/clusters.ts';
import type { CheckSettings } from '#src/model/settings.ts';

/** Contexts of a kubeconfig as clusters of the same name; nothing is scheduled for them. */
export function contextClusters(contexts: readonly string[], kubeconfig: string | undefined, settings: CheckSettings): Clusters {
  const clusters = contexts.map((name) => ({ name, production: false }));
  return createClusters(addressedClusters({ from: 'named', clusters }, { channel: undefined, scanSchedule: 'off', mapSchedule: 'off', timeZone: 'UTC', kubeconfig }), settings);
}
