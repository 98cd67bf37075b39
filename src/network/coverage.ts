import type { AdminPolicy } from './admin-policy.ts';
import { selects } from './evaluate.ts';
import type { Policy } from './policy.ts';
import type { Direction, NamespaceLabels, Rule } from './rules.ts';
import type { VendorPolicy } from './vendor-policy.ts';
import type { PodPlace } from './workloads.ts';

/** All policies of a cluster, those of network plugins among them. */
export interface AllPolicies<P extends Policy = Policy> {
  readonly namespaced: readonly P[];
  readonly admin: readonly AdminPolicy[];
  readonly vendor: readonly VendorPolicy[];
}

/** Whether some policy keeps connections of a pod out that are not named in it. An AdminNetworkPolicy does so only where it denies something. */
export function isRestricted(pod: PodPlace, direction: Direction, policies: AllPolicies, labelsOf: NamespaceLabels): boolean {
  return (
    policies.namespaced.some((policy) => policy[direction] !== undefined && selects(policy, pod)) ||
    policies.admin.some((policy) => policy[direction].some(({ action }) => action === 'Deny') && policy.selects(pod, labelsOf)) ||
    isRestrictedByPlugin(pod, direction, policies, labelsOf)
  );
}

export function isRestrictedByPlugin(pod: PodPlace, direction: Direction, { vendor }: AllPolicies, labelsOf: NamespaceLabels): boolean {
  return vendor.some((policy) => policy.directions.includes(direction) && policy.selects(pod, labelsOf));
}

/** A rule that names neither peers nor ports. */
export function allowsEverything({ peers, ports }: Rule): boolean {
  return peers === undefined && ports === undefined;
}
