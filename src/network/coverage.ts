import type { AdminPolicy } from './admin-policy.ts';
import { allowedFirst, allowedPorts, restrictionOf, selects, STRANGER } from './evaluate.ts';
import type { Policy } from './policy.ts';
import { ALL_PORTS, hasPorts, subtractPorts } from './ports.ts';
import type { Direction, NamespaceLabels, Rule } from './rules.ts';
import type { VendorPolicy } from './vendor-policy.ts';
import type { PodPlace } from './workloads.ts';

/** All policies of a cluster, those of network plugins among them. */
export interface AllPolicies<P extends Policy = Policy> {
  readonly namespaced: readonly P[];
  readonly admin: readonly AdminPolicy[];
  readonly vendor: readonly VendorPolicy[];
}

/** Whether some policy keeps connections of a pod out that are not named in it. A policy of administrators does so only where it denies something. */
export function isRestricted(pod: PodPlace, direction: Direction, policies: AllPolicies, labelsOf: NamespaceLabels): boolean {
  return (
    policies.namespaced.some((policy) => policy[direction] !== undefined && selects(policy, pod)) ||
    policies.admin.some((policy) => policy[direction].some(({ action }) => action === 'Deny') && policy.selects(pod, labelsOf)) ||
    isRestrictedByPlugin(pod, direction, policies, labelsOf)
  );
}

/** Why nobody can tell what the policies of administrators do to a pod. Undefined when all is understood that may be about it. */
export function unclearFor(pod: PodPlace, direction: Direction, admin: readonly AdminPolicy[], labelsOf: NamespaceLabels): string | undefined {
  const policy = admin.find(({ unclear, selects }) => unclear[direction].length > 0 && selects(pod, labelsOf));
  return policy && unclearText(policy, direction);
}

export function unclearText({ kind, name, unclear }: AdminPolicy, direction: Direction): string {
  return `${kind} ${name} is not understood at ${unclear[direction].join(', ')}`;
}

/** The policy of administrators that lets everybody in, or out to everybody, before NetworkPolicies are asked. */
export function openerBefore<A extends AdminPolicy>(pod: PodPlace, direction: Direction, admin: readonly A[], labelsOf: NamespaceLabels): A | undefined {
  const opens = (policies: readonly AdminPolicy[]): boolean => {
    const restriction = restrictionOf({ ...pod, ports: [] }, direction, { namespaced: [], admin: policies }, labelsOf);
    return !hasPorts(subtractPorts(ALL_PORTS, allowedFirst(restriction, STRANGER)));
  };
  return opens(admin) ? admin.find((policy) => opens([policy])) : undefined;
}

/** Whether the policies of administrators keep a pod that nobody names from all other such pods. */
export function closedByAdmin(pod: PodPlace, direction: Direction, admin: readonly AdminPolicy[], labelsOf: NamespaceLabels): boolean {
  return !hasPorts(allowedPorts(restrictionOf({ ...pod, ports: [] }, direction, { namespaced: [], admin }, labelsOf), STRANGER));
}

export function isRestrictedByPlugin(pod: PodPlace, direction: Direction, { vendor }: Pick<AllPolicies, 'vendor'>, labelsOf: NamespaceLabels): boolean {
  return vendor.some((policy) => policy.directions.includes(direction) && policy.selects(pod, labelsOf));
}

/** A rule that names neither peers nor ports. */
export function allowsEverything({ peers, ports }: Rule): boolean {
  return peers === undefined && ports === undefined;
}
