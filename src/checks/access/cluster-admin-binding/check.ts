import { rbac } from '#src/facts/rbac.ts';
import { defineClusterCheck } from '#src/model/check.ts';
import type { Severity } from '#src/model/finding.ts';
import { allowsGroup, allowsResource, allowsVerb, type PolicyRule } from '#src/model/rbac-rule.ts';
import { describeSubjects } from '#src/model/rbac-subject.ts';
import { roleRefOf, type Binding, type Role } from '#src/model/rbac-table.ts';
import { cis, nsa, RBAC_GOOD_PRACTICES } from '#src/model/references.ts';

const EVERYDAY_VERBS = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'] as const;

/**
 * Reports each binding that gives away everything, and each that gives a role made for one namespace everywhere.
 *
 * A role counts as cluster-admin when one of its rules allows every verb, or the seven of everyday, on everything.
 */
export const check = defineClusterCheck({
  id: 'access/cluster-admin-binding',
  title: 'Nobody is cluster administrator all the time',
  severity: 'critical',
  tips: [2],
  items: {
    'cluster-admin': { title: 'No binding gives everything away' },
    'namespace-admin-everywhere': { title: 'The roles admin and edit are bound within namespaces', severity: 'medium' },
  },
  why: 'One lost laptop or leaked token of an administrator is the whole cluster with everything in it.',
  fix: 'Bind a role with the rights that are needed, in the namespaces where they are, and give cluster-admin for the hour that needs it.',
  sources: [cis('5.1.1'), nsa('Authentication and authorization: Role-based access control'), RBAC_GOOD_PRACTICES],
  needs: { rbac },
  *judge({ rbac }) {
    for (const binding of rbac.bindings) {
      if (binding.object.stock) continue;
      const role = rbac.roleOf(binding);
      const item = itemOf(binding, role);
      if (item === undefined) continue;
      yield {
        subject: binding.object,
        item,
        severity: severityOf(item, binding),
        path: ['roleRef'],
        message: describe(binding),
        related: [roleRefOf(binding, rbac)],
      };
    }
  },
});

type Item = 'cluster-admin' | 'namespace-admin-everywhere';

function itemOf({ role: { kind, name }, namespace }: Binding, role: Role | undefined): Item | undefined {
  const isWide = kind === 'ClusterRole';
  if (isWide && name === 'cluster-admin') return 'cluster-admin';
  if (role?.granted.some(({ rule }) => allowsEverything(rule))) return 'cluster-admin';
  return isWide && (name === 'admin' || name === 'edit') && namespace === undefined ? 'namespace-admin-everywhere' : undefined;
}

function allowsEverything(rule: PolicyRule): boolean {
  return rule.names.length === 0 && allowsResource(rule, '*') && allowsGroup(rule, '*') && EVERYDAY_VERBS.every((verb) => allowsVerb(rule, verb));
}

/** A binding without subjects gives nothing to anybody yet. */
function severityOf(item: Item, { namespace, subjects }: Binding): Severity {
  if (subjects.length === 0) return 'low';
  if (item === 'namespace-admin-everywhere') return 'medium';
  return namespace === undefined ? 'critical' : 'high';
}

function describe({ role: { name }, namespace, subjects, added }: Binding): string {
  const where = namespace === undefined ? 'in the whole cluster' : `in ${namespace}`;
  if (subjects.length === 0) return `Gives the role ${name} ${where}, to nobody as yet`;
  return `Gives the role ${name} ${where} to ${describeSubjects(added.length > 0 ? added : subjects)}`;
}
