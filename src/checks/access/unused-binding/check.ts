import { rbac } from '#src/facts/rbac.ts';
import { isOlderThan, latest } from '#src/model/binding-age.ts';
import { defineClusterCheck } from '#src/model/check.ts';
import { NO_AUDIT_LOG, type KnownUses } from '#src/model/known-uses.ts';
import type { KnownUsers } from '#src/model/known-users.ts';
import { isSystemUser } from '#src/model/principal.ts';
import { describeSubjects, type RbacSubject } from '#src/model/rbac-subject.ts';
import { roleRefOf, type Binding, type Role } from '#src/model/rbac-table.ts';
import { kubernetes, RBAC_GOOD_PRACTICES } from '#src/model/references.ts';
import { AGELESS } from '../bound-users.ts';
import { mayImpersonate, unloggedReason } from '../unlogged-rights.ts';

const AGELESS_ROLE = 'the role of the binding does not say when it was made';

/** Roles for people that hold a little of everything: Leases and Events are the least of it. */
const BROAD: ReadonlySet<string> = new Set(['ClusterRole/admin', 'ClusterRole/edit']);
/** Groups of components, and one that is asked for no binding at all. */
const COMPONENTS = /^system:(?:nodes|masters|bootstrappers(?:$|:))/;

/**
 * Reports each binding of which the audit log has not said for `people.inactiveDays` that it allowed a request.
 *
 * That counts only where the whole of that time was watched and nothing got lost, and where the binding gave all that time what it gives
 * now: its role is not younger, nor are the rules of that. Bindings for those alone whom the configuration protects are left out. What the
 * log may leave out is undecided: rights that are used without a request, Leases and Events, components, and the right to act as somebody
 * else where a subject did that.
 */
export const check = defineClusterCheck({
  id: 'access/unused-binding',
  title: 'Every binding is needed for some request',
  severity: 'low',
  tips: [2],
  why: 'Rights that nothing needs help only whoever steals them, and nobody would notice that they are gone.',
  fix: 'Delete the binding, unless it is for work that comes less often. A user who has to keep it unused belongs into people.breakGlass or people.exempt. Where another binding gives the same, either of them may go.',
  sources: [RBAC_GOOD_PRACTICES, kubernetes('Auditing', 'tasks/debug/debug-cluster/audit/')],
  needs: { rbac },
  notEvaluated({ uses }) {
    if (uses === undefined) return NO_AUDIT_LOG;
    return uses.watchGap ?? (uses.namesBindings ? undefined : 'the audit log does not name the bindings that allow requests');
  },
  *judge({ rbac }, { uses, users, now }) {
    if (uses === undefined) return;
    for (const binding of rbac.bindings) {
      const { object, added, bootstrap, role: { name }, namespace } = binding;
      const role = rbac.roleOf(binding);
      // A binding without a role or without subjects gives nothing, and others tell of it.
      if (bootstrap || added.length === 0 || role === undefined || isUsed(binding, uses) || isKeptUnused(binding, users)) continue;
      const isOld = isOlderThan(uses.windowDays, latest([binding.givenAt, role.grantedAt]), now);
      if (isOld === false) continue;
      const doubt = isOld === undefined ? (binding.givenAt === undefined ? AGELESS : AGELESS_ROLE) : doubtAbout(binding, role, uses);
      if (doubt !== undefined) {
        yield { subject: object, undecided: doubt };
        continue;
      }
      const where = namespace === undefined ? '' : ` in ${namespace}`;
      yield {
        subject: object,
        message: `Gives the role ${name}${where} to ${describeSubjects(added)}, and no request of the last ${uses.windowDays} days needed it`,
        evidence: 'of several bindings that allow a request the audit log names one, so this one is unused or another gives the same',
        related: [roleRefOf(binding, rbac)],
      };
    }
  },
});

function isUsed({ namespace, object: { ref } }: Binding, { isUsed }: KnownUses): boolean {
  return isUsed(namespace === undefined ? { kind: 'ClusterRoleBinding', name: ref.name } : { kind: 'RoleBinding', namespace, name: ref.name });
}

/** Whether it is for those alone whose rights the configuration keeps, as for emergencies. */
function isKeptUnused({ added }: Binding, users: KnownUsers | undefined): boolean {
  return users !== undefined && added.every(({ kind, name }) => kind === 'User' && users.standingOf(name, []).status === 'exempt');
}

/** Why it may be used all the same. */
function doubtAbout({ subjects, role: { key } }: Binding, { granted }: Role, { actors }: KnownUses): string | undefined {
  const rules = granted.map(({ rule }) => rule);
  if (subjects.every(isComponent)) return 'requests of components may not be in the audit log';
  if (mayImpersonate(rules) && subjects.some((subject) => mayHaveActed(subject, actors))) return 'a subject acted as somebody else, and the audit log does not say which binding allowed that';
  return BROAD.has(key) ? undefined : unloggedReason(rules);
}

function isComponent(subject: RbacSubject): boolean {
  return subject.kind === 'Group' ? COMPONENTS.test(subject.name) : isSystemUser({ name: userOf(subject), groups: [] });
}

/** Who is in a group is not known here. */
function mayHaveActed(subject: RbacSubject, actors: ReadonlySet<string>): boolean {
  return subject.kind === 'Group' ? actors.size > 0 : actors.has(userOf(subject));
}

function userOf({ kind, namespace, name }: RbacSubject): string {
  return kind === 'ServiceAccount' ? `system:serviceaccount:${namespace ?? 'default'}:${name}` : name;
}
