import { rbac } from '#src/facts/rbac.ts';
import { defineClusterCheck } from '#src/model/check.ts';
import type { RbacSubject } from '#src/model/rbac-subject.ts';
import { roleRefOf } from '#src/model/rbac-table.ts';
import { kubernetes, mitre, nsa } from '#src/model/references.ts';

/**
 * Reports each binding that gives rights to people who did not sign in.
 *
 * What Kubernetes gives them, its version and health, is left out while the role is as shipped.
 */
export const check = defineClusterCheck({
  id: 'access/anonymous-binding',
  title: 'Nobody has rights without signing in',
  severity: 'critical',
  tips: [2],
  why: 'Whoever reaches the API server has these rights, from the internet too where it is public, and leaves no name in the audit log.',
  fix: 'Take system:anonymous and system:unauthenticated out of the binding.',
  sources: [
    nsa('Authentication and authorization: Authentication'),
    mitre('T1133'),
    kubernetes('Authenticating: anonymous requests', 'reference/access-authn-authz/authentication/#anonymous-requests'),
  ],
  needs: { rbac },
  *judge({ rbac }) {
    for (const binding of rbac.bindings) {
      const role = rbac.roleOf(binding);
      const isChanged = (role?.own.length ?? 0) > 0;
      const found = (isChanged ? binding.subjects : binding.added).find(isAnonymous);
      if (found === undefined || (binding.object.stock && !isChanged)) continue;
      yield {
        subject: binding.object,
        path: ['subjects'],
        message: `Gives the role ${binding.role.name} to everybody who reaches the API server (${found.name})`,
        related: [roleRefOf(binding, rbac)],
      };
    }
  },
});

function isAnonymous({ kind, name }: RbacSubject): boolean {
  return (kind === 'User' && name === 'system:anonymous') || (kind === 'Group' && name === 'system:unauthenticated');
}
