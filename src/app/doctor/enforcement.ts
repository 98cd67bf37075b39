import { RIGHT_SETS } from '#src/actions/rights.ts';
import { notHeld, type Right } from '#src/kube/permissions.ts';
import type { ApiClient } from '#src/kube/request.ts';
import type { TemporaryRole } from '#src/model/settings.ts';
import type { Verdict } from './verdict.ts';

const about = 'Cluster';
const FILE = 'deploy/kubernetes/k8ssec-enforce.gen.yaml';
const SET = 'k8ssec-enforce';

/** Whether the bot may carry out what people approve in a cluster, and give the roles that can be asked for there. */
export async function* examineEnforcement(cluster: string, roles: readonly TemporaryRole[], client: ApiClient, signal: AbortSignal): AsyncGenerator<Verdict> {
  const wanted = enforcementRights();
  const missing = await notHeld(client, wanted, signal);
  const writes = wanted.filter(changes);
  if (writes.every((right) => missing.includes(right))) {
    yield { level: 'note', about, text: `${cluster}: the bot only looks: it has no permission to change bindings, so what people approve is not carried out. Apply ${FILE} if it shall.` };
  } else if (missing.length > 0) {
    yield { level: 'warn', about, text: `${cluster}: no permission to ${missing.map(({ verb, resource }) => `${verb} ${resource}`).join(', ')}, so part of what people approve cannot be carried out. Apply ${FILE} anew.` };
  }
  for (const role of roles.filter(({ clusters }) => clusters?.includes(cluster) ?? true)) {
    const places = await notHeld(client, bindRights(role), signal);
    if (places.length > 0) yield notGiven(cluster, role, places);
  }
}

function enforcementRights(): readonly Right[] {
  return RIGHT_SETS.filter(({ name }) => name === SET).flatMap(({ rights }) => rights.flatMap(({ verbs, group, resource }) => verbs.map((verb) => ({ verb, group, resource }))));
}

function changes({ verb, resource }: Right): boolean {
  return verb !== 'get' && resource.endsWith('bindings');
}

/** Kubernetes asks for this in the namespace of the binding. */
function bindRights({ clusterRole, namespaces }: TemporaryRole): readonly Right[] {
  const right: Right = { verb: 'bind', group: 'rbac.authorization.k8s.io', resource: 'clusterroles', name: clusterRole };
  return namespaces === undefined ? [right] : namespaces.map((namespace) => ({ ...right, namespace }));
}

function notGiven(cluster: string, { name, clusterRole }: TemporaryRole, places: readonly Right[]): Verdict {
  const namespaces = places.flatMap(({ namespace }) => namespace ?? []);
  const where = namespaces.length === 0 ? '' : ` in ${namespaces.join(', ')}`;
  return {
    level: 'warn',
    about,
    text: `${cluster}: the role ${name} cannot be given${where}: no permission to bind the ClusterRole ${clusterRole}. Add ${clusterRole} to the list in k8ssec-enforce-bind and apply ${FILE}. (A bot that holds every right of that role itself needs no permission to bind.)`,
  };
}
