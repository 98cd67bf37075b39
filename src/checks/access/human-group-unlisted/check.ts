import { rbac } from '#src/facts/rbac.ts';
import { defineClusterCheck } from '#src/model/check.ts';
import { describeSubjects } from '#src/model/rbac-subject.ts';
import { roleRefOf } from '#src/model/rbac-table.ts';
import { kubernetes } from '#src/model/references.ts';

/** Lists each binding to a group whose members only the identity provider knows. */
export const check = defineClusterCheck({
  id: 'access/human-group-unlisted',
  title: 'Members of every bound group are known',
  severity: 'info',
  tips: [2],
  why: 'The cluster does not say who is in the group: somebody who left is out only when the identity provider says so.',
  fix: 'Keep the list of members in the identity provider, review it, and connect it here as a source of people.',
  sources: [kubernetes('Using RBAC Authorization: referring to subjects', 'reference/access-authn-authz/rbac/#referring-to-subjects')],
  needs: { rbac },
  *judge({ rbac }) {
    for (const binding of rbac.bindings) {
      const groups = binding.added.filter(({ kind, name }) => kind === 'Group' && !name.startsWith('system:'));
      if (groups.length === 0) continue;
      yield {
        subject: binding.object,
        path: ['subjects'],
        message: `Gives the role ${binding.role.name} to ${describeSubjects(groups)}, with members that only the identity provider knows`,
        related: [roleRefOf(binding, rbac)],
      };
    }
  },
});
