import type { Message } from '#src/blocks/build.ts';
import type { Caller } from '#src/model/access.ts';
import type { Services } from '#src/model/services.ts';
import { clusterStatus } from '#commands/support/cluster-status.ts';
import { permittedClusters } from '#commands/support/clusters.ts';
import { requestEntryFor } from '#commands/support/request-entries.ts';
import { isUndecided } from '#src/model/request-standing.ts';
import { shownRequest } from '#src/model/request-shown.ts';
import { template, type HomeMessage } from '#templates/home.ts';

/** The Home tab of a person: what waits for them, their access and the clusters they may see, or why they see none. */
export async function homeOf(caller: Caller, services: Services): Promise<Message> {
  const made = services.clock.now().toISOString();
  const permission = await services.access.may(caller, 'viewer');
  if (!permission.allowed) return template.render({ clusters: [], waiting: [], access: [], refusal: permission.reason, made }, services);
  const [permitted, requests] = await Promise.all([permittedClusters('viewer', caller, services), requestsOf(caller, services)]);
  return template.render({ clusters: await Promise.all(permitted.map((cluster) => clusterStatus(cluster, services))), ...requests, made }, services);
}

async function requestsOf(caller: Caller, services: Services): Promise<Pick<HomeMessage, 'waiting' | 'access'>> {
  const open = await services.approvals.open();
  const entries = await Promise.all(open.filter(isUndecided).map((request) => requestEntryFor(request, caller, services)));
  const own = open.filter(({ state, lastsMs, requester }) => state === 'applied' && lastsMs !== undefined && requester.person === caller.userId);
  return { waiting: entries.filter(({ mayDecide }) => mayDecide), access: own.map((request) => shownRequest(request)) };
}
