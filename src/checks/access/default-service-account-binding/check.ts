import { rbac } from '#src/facts/rbac.ts';
import { defineClusterCheck } from '#src/model/check.ts';
import { describeSubjects } from '#src/model/rbac-subject.ts';
import { roleRefOf } from '#src/model/rbac-table.ts';
import { cis, RBAC_GOOD_PRACTICES } from '#src/model/references.ts';

/** Reports each binding that gives rights to the ServiceAccount that pods have without asking. */
export const check = defineClusterCheck({
  id: 'access/default-service-account-binding',
  title: 'The ServiceAccount default has no rights',
  severity: 'high',
  tips: [2],
  why: 'Every pod of the namespace that names no ServiceAccount has these rights, those that are deployed there later too.',
  fix: 'Create a ServiceAccount for the workload that needs the rights, name it in the pod, and bind the role to it.',
  sources: [cis('5.1.5'), RBAC_GOOD_PRACTICES],
  needs: { rbac },
  *judge({ rbac }) {
    for (const binding of rbac.bindings) {
      const accounts = binding.added.filter(({ kind, name }) => kind === 'ServiceAccount' && name === 'default');
      if (accounts.length === 0 || binding.bootstrap) continue;
      yield {
        subject: binding.object,
        path: ['subjects'],
        message: `Gives the role ${binding.role.name} to the ${describeSubjects(accounts)}`,
        related: [roleRefOf(binding, rbac), ...accounts.map(({ name, namespace = 'default' }) => ({ kind: 'ServiceAccount', namespace, name }))],
      };
    }
  },
});
