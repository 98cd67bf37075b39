import { namespaces } from '#src/facts/namespaces.ts';
import { rbac } from '#src/facts/rbac.ts';
import { serviceAccounts } from '#src/facts/service-accounts.ts';
import { defineClusterCheck } from '#src/model/check.ts';
import { describeSubjects } from '#src/model/rbac-subject.ts';
import { roleRefOf } from '#src/model/rbac-table.ts';
import { RBAC_GOOD_PRACTICES } from '#src/model/references.ts';

/**
 * Reports each binding that gives rights to a ServiceAccount which does not exist.
 *
 * Files rarely hold all accounts of a cluster, so that one they do not hold is undecided there.
 */
export const check = defineClusterCheck({
  id: 'access/dangling-subject',
  title: 'Bindings name ServiceAccounts that exist',
  severity: 'medium',
  tips: [2],
  why: 'Whoever creates a ServiceAccount or namespace of that name has the rights at once.',
  fix: 'Take the ServiceAccount out of the binding, or create it.',
  sources: [RBAC_GOOD_PRACTICES],
  needs: { namespaces, rbac, serviceAccounts },
  *judge({ namespaces, rbac, serviceAccounts }, { complete }) {
    for (const binding of rbac.bindings) {
      const missing = binding.added.filter(
        ({ kind, namespace = 'default', name }) => kind === 'ServiceAccount' && (!serviceAccounts.has(namespace, name) || !namespaces.has(namespace)),
      );
      if (missing.length === 0) continue;
      if (complete) {
        const verb = missing.length === 1 ? 'does' : 'do';
        yield {
          subject: binding.object,
          path: ['subjects'],
          message: `Gives the role ${binding.role.name} to the ${describeSubjects(missing)}, which ${verb} not exist`,
          related: [roleRefOf(binding, rbac)],
        };
      } else if (missing.some(({ namespace = 'default', name }) => !serviceAccounts.has(namespace, name))) {
        yield { undecided: 'the files hold no such ServiceAccount, and the cluster may' };
      }
    }
  },
});
