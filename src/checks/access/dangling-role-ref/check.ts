import { rbac } from '#src/facts/rbac.ts';
import { defineClusterCheck } from '#src/model/check.ts';
import { describeSubjects } from '#src/model/rbac-subject.ts';
import { RBAC_GOOD_PRACTICES } from '#src/model/references.ts';

/**
 * Reports each binding that gives a role which does not exist.
 *
 * Files rarely hold all roles of a cluster, so that one they do not hold is undecided there.
 */
export const check = defineClusterCheck({
  id: 'access/dangling-role-ref',
  title: 'Bindings name roles that exist',
  severity: 'medium',
  tips: [2],
  why: 'Whoever creates a role of that name gives its rights to the subjects, who have long been forgotten.',
  fix: 'Delete the binding, or create the role that is meant.',
  sources: [RBAC_GOOD_PRACTICES],
  needs: { rbac },
  *judge({ rbac }, { complete }) {
    for (const binding of rbac.bindings) {
      if (binding.added.length === 0 || rbac.roleOf(binding) !== undefined) continue;
      const { kind, name } = binding.role;
      if (!complete) yield { undecided: 'the files hold no such role, and the cluster may' };
      else yield { subject: binding.object, path: ['roleRef'], message: `Gives ${describeSubjects(binding.added)} the ${kind} ${name}, which does not exist` };
    }
  },
});
