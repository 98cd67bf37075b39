import type { Message } from '#src/blocks/build.ts';
import type { Caller } from '#src/model/access.ts';
import type { Services } from '#src/model/services.ts';
import { clusterStatus } from '#commands/support/cluster-status.ts';
import { permittedClusters } from '#commands/support/clusters.ts';
import { template } from '#templates/home.ts';

/** The Home tab of a person: the clusters they may see, or why they see none. */
export async function homeOf(caller: Caller, services: Services): Promise<Message> {
  const made = services.clock.now().toISOString();
  const permission = await services.access.may(caller, 'viewer');
  if (!permission.allowed) return template.render({ clusters: [], refusal: permission.reason, made }, services);
  const permitted = await permittedClusters('viewer', caller, services);
  return template.render({ clusters: await Promise.all(permitted.map((cluster) => clusterStatus(cluster, services))), made }, services);
}
