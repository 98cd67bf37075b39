import { cloudUsers } from '#src/facts/cloud-users.ts';
import { rbac } from '#src/facts/rbac.ts';
import { isOlderThan } from '#src/model/binding-age.ts';
import { defineClusterCheck } from '#src/model/check.ts';
import { roleRefOf } from '#src/model/rbac-table.ts';
import { RBAC_GOOD_PRACTICES } from '#src/model/references.ts';
import { AGELESS, boundUsers, doubtAbout, NO_PEOPLE } from '../bound-users.ts';

/**
 * Reports each binding to a person of whom the audit log has shown nothing for `people.inactiveDays`.
 *
 * Not having been seen counts only where the whole of that time was watched, the binding is older, and nobody has written its list of
 * subjects since, as far as it says. Whoever is seen under another name of theirs is not inactive.
 */
export const check = defineClusterCheck({
  id: 'access/inactive-user',
  title: 'Everybody who has rights uses the cluster',
  severity: 'high',
  tips: [2],
  why: 'Rights that nobody uses help only whoever steals them, and nobody would notice.',
  fix: 'Run `/k8ssec users`, which shows who is inactive; the review of access asks them whether they still need it. Whoever has to keep it unused belongs into people.exempt or people.breakGlass.',
  sources: [RBAC_GOOD_PRACTICES],
  needs: { cloudUsers, rbac },
  notEvaluated: ({ users }) => (users === undefined ? NO_PEOPLE : users.watchGap),
  *judge({ cloudUsers, rbac }, { users, now }) {
    if (users === undefined) return;
    const bound = boundUsers(rbac, cloudUsers, users);
    const seen = new Set(bound.flatMap(({ standing: { status, person } }) => (status === 'active' && person !== undefined ? [person.id] : [])));
    for (const { binding, user, standing } of bound) {
      const doubt = doubtAbout(standing);
      if (doubt !== undefined) yield { subject: binding.object, undecided: doubt };
      if (standing.status !== 'inactive' || (standing.person !== undefined && seen.has(standing.person.id))) continue;
      const isOld = isOlderThan(users.windowDays, binding.givenAt, now);
      if (isOld === undefined) yield { subject: binding.object, undecided: AGELESS };
      if (isOld !== true) continue;
      yield {
        subject: binding.object,
        user,
        path: ['subjects'],
        message: `Gives the role ${binding.role.name} to user ${user}, who was not seen for ${users.windowDays} days`,
        evidence: standing.why,
        related: [roleRefOf(binding, rbac)],
      };
    }
    if (users.peopleGap !== undefined) yield { notEvaluated: users.peopleGap };
  },
});
