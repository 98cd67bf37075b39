import { cloudUsers } from '#src/facts/cloud-users.ts';
import { rbac } from '#src/facts/rbac.ts';
import { defineClusterCheck, type Problem } from '#src/model/check.ts';
import { MAP_USERS } from '#src/model/cloud-users.ts';
import type { UserStanding } from '#src/model/known-users.ts';
import { roleRefOf } from '#src/model/rbac-table.ts';
import { RBAC_GOOD_PRACTICES } from '#src/model/references.ts';
import { boundUsers, CLOUD_MAP_UNREADABLE, doubtAbout, NO_PEOPLE } from '../bound-users.ts';

/**
 * Reports each binding to a user, and each entry of EKS's map of cloud users, whose person a source of people says is gone.
 *
 * Only what a source says counts as having left. A name that is only like that of a person, and a person on whom sources do not agree,
 * are undecided. Who has left and still stands in the configuration of the bot, as an approver or otherwise, is named in `/k8ssec status`.
 */
export const check = defineClusterCheck({
  id: 'access/departed-user',
  title: 'Nobody who has left has rights',
  severity: 'critical',
  tips: [2],
  why: 'Whoever still has a token or certificate, or gets the account back, works in the cluster although nobody knows of it any more.',
  fix: 'Run `/k8ssec users`: it lists whoever has left, with a button that asks approvers to remove all that the person has.',
  sources: [RBAC_GOOD_PRACTICES],
  items: {
    departed: { title: 'Nobody who has left the organisation has rights' },
    suspended: { title: 'Nobody who is suspended has rights', severity: 'high' },
  },
  needs: { cloudUsers, rbac },
  notEvaluated: ({ users }) => (users === undefined ? NO_PEOPLE : undefined),
  *judge({ cloudUsers, rbac }, { users }) {
    if (users === undefined) return;
    for (const { binding, user, standing } of boundUsers(rbac, cloudUsers, users)) {
      const doubt = doubtAbout(standing);
      if (doubt !== undefined) yield { subject: binding.object, undecided: doubt };
      const gone = goneOf(user, standing, `Gives the role ${binding.role.name} to user ${user}`);
      if (gone !== undefined) yield { ...gone, subject: binding.object, path: ['subjects'], related: [roleRefOf(binding, rbac)] };
    }
    for (const { subject, user, arn } of cloudUsers.entries) {
      const standing = users.standingOf(user, [arn]);
      const doubt = doubtAbout(standing);
      if (doubt !== undefined) yield { subject, undecided: doubt };
      const gone = goneOf(user, standing, `Lets ${arn || 'an entry without a name'} sign in as user ${user}`);
      if (gone !== undefined) yield { ...gone, subject, path: ['data', MAP_USERS] };
    }
    for (const subject of cloudUsers.unreadable) yield { subject, undecided: CLOUD_MAP_UNREADABLE };
    if (users.peopleGap !== undefined) yield { notEvaluated: users.peopleGap };
  },
});

function goneOf(user: string, { status, why }: UserStanding, does: string): Problem | undefined {
  if (status !== 'departed' && status !== 'suspended') return undefined;
  return { item: status, user, message: `${does}, ${status === 'departed' ? 'who has left' : 'who is suspended'}`, evidence: why };
}
