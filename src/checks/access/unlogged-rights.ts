import { allowsGroup, type PolicyRule } from '#src/model/rbac-rule.ts';

/** What a client may ask the API server for. Other verbs are looked up by whoever knows them, and no request says so. */
const REQUESTED: ReadonlySet<string> = new Set(['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection', '*']);
const WRITES = ['create', 'update', 'patch', 'delete', 'deletecollection', '*'];
/** Left out by the policy in deploy/audit, and by most others: there are too many. */
const LEFT_OUT: Readonly<Record<string, readonly string[]>> = { leases: ['coordination.k8s.io'], events: ['', 'events.k8s.io'] };
const IMPERSONATE = /^impersonate(?:$|:|-on:)/;

/**
 * Why the use of what some rules give may not show in the audit log; undefined where it would.
 *
 * Reading Leases and Events counts only where there is nothing else to do: most roles for people have that. Wildcards count for what
 * is logged. To act as somebody else is judged by who did.
 */
export function unloggedReason(rules: readonly PolicyRule[]): string | undefined {
  for (const { verbs, resources, urls } of rules) {
    const verb = verbs.find((candidate) => !REQUESTED.has(candidate) && !IMPERSONATE.test(candidate));
    if (verb !== undefined) return `the audit log does not show who needs the right to ${verb}`;
    if (resources.some((resource) => resource.startsWith('nodes/'))) return 'kubelets ask for these rights themselves, and the audit log does not say for whom';
    if (urls.some((url) => url !== '*')) return 'other servers than the API server may ask for rights to URLs, and the audit log does not say for whom';
  }
  const isLeftOut = rules.some(isWriteLeftOut) || (rules.length > 0 && rules.every((rule) => rule.resources.length > 0 && rule.resources.every((resource) => isLeftOutOf(rule, resource))));
  return isLeftOut ? 'requests for Leases and Events are mostly not in the audit log' : undefined;
}

/** Whether some rule gives the right to act as somebody else. */
export function mayImpersonate(rules: readonly PolicyRule[]): boolean {
  return rules.some(({ verbs }) => verbs.some((verb) => verb === '*' || IMPERSONATE.test(verb)));
}

/** A program that holds a Lease or writes Events may do nothing else. */
function isWriteLeftOut(rule: PolicyRule): boolean {
  return rule.verbs.some((verb) => WRITES.includes(verb)) && rule.resources.some((resource) => isLeftOutOf(rule, resource));
}

function isLeftOutOf(rule: PolicyRule, resource: string): boolean {
  return LEFT_OUT[resource]?.some((group) => allowsGroup(rule, group)) ?? false;
}
