import { cloudUsers } from '#src/facts/cloud-users.ts';
import { rbac } from '#src/facts/rbac.ts';
import { defineClusterCheck } from '#src/model/check.ts';
import { isPerson } from '#src/model/principal.ts';
import { roleRefOf } from '#src/model/rbac-table.ts';
import { RBAC_GOOD_PRACTICES } from '#src/model/references.ts';
import { boundUsers, CLOUD_MAP_UNREADABLE, NO_PEOPLE, UNSURE } from '../bound-users.ts';

/**
 * Reports each binding to a user whom no source of people knows.
 *
 * That is nobody's departure: it may be a service, or a name that the configuration does not explain yet. While a source does not
 * answer, whoever is unknown may be known there.
 */
export const check = defineClusterCheck({
  id: 'access/unknown-subject',
  title: 'Every user in a binding is somebody known',
  severity: 'medium',
  tips: [2],
  why: 'Nobody can say who signs in by that name, and no departure would ever take the rights away.',
  fix: 'Run `/k8ssec users` to see who is unknown, say in people.aliases whose the name is (`-` for a service), or take it out of the binding.',
  sources: [RBAC_GOOD_PRACTICES],
  needs: { cloudUsers, rbac },
  notEvaluated: ({ users }) => (users === undefined ? NO_PEOPLE : users.peopleGap),
  *judge({ cloudUsers, rbac }, { users }) {
    if (users === undefined) return;
    for (const { binding, user, standing } of boundUsers(rbac, cloudUsers, users)) {
      const subject = binding.object;
      if (standing.status === 'unsure') yield { subject, undecided: UNSURE };
      if (standing.status !== 'unknown' || !isPerson({ name: user, groups: [] })) continue;
      if (cloudUsers.unreadable.length > 0) yield { subject, undecided: CLOUD_MAP_UNREADABLE };
      else yield { subject, user, path: ['subjects'], message: `Gives the role ${binding.role.name} to user ${user}, whom no source of people knows`, related: [roleRefOf(binding, rbac)] };
    }
  },
});
