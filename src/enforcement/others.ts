import type { ObjectAddress } from '#src/model/plan.ts';
import { allowedPorts, restrictionOf, selects } from '#src/network/evaluate.ts';
import { hasPort } from '#src/network/ports.ts';
import type { ClusterNetwork } from './cluster-network.ts';
import { addressesOf, type Entry } from './entry.ts';
import type { Target } from './target.ts';

/** What the policies of others say about a connection. */
export interface ForeignSay {
  /** The one that lets it through by name. */
  readonly by: string | undefined;
  /** They close the direction, and none lets it through. */
  readonly closed: boolean;
}

export function foreignSay(entry: Entry, { pods }: Target, { policies, adminPolicies, labelsOf }: ClusterNetwork): ForeignSay {
  const { direction } = entry;
  const addresses = addressesOf(entry.cidrs);
  const mine = policies.filter((policy) => policy[direction] !== undefined && selects(policy, pods));
  const admin = adminPolicies.filter((policy) => !policy.baseline && policy.selects(pods, labelsOf));
  const lets = (restriction: ReturnType<typeof restrictionOf>): boolean => addresses.some((address) => hasPort(allowedPorts(restriction, { address }), entry.protocol, entry.port));
  const namespaced = mine.find((policy) => lets(restrictionOf(pods, direction, { namespaced: [policy], admin: [] }, labelsOf)));
  // An Allow of an administrator comes before all NetworkPolicies: it shows against one that closes everything.
  const closing = { namespace: pods.namespace, name: '', selects: () => true, selectsAll: true, ingress: [], egress: [] };
  const byAdmin = admin.find((policy) => lets(restrictionOf(pods, direction, { namespaced: [closing], admin: [policy] }, labelsOf)));
  const by = byAdmin !== undefined ? `AdminNetworkPolicy ${byAdmin.name}` : namespaced === undefined ? undefined : `NetworkPolicy ${namespaced.namespace}/${namespaced.name}`;
  return { by, closed: by === undefined && mine.length > 0 };
}

export function alreadyBlocked({ kind, namespace = '', name }: ObjectAddress): string {
  return `${kind} ${namespace}/${name} blocks it already.`;
}
