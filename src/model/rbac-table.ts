import { latest } from './binding-age.ts';
import type { Subject } from './check.ts';
import type { ObjectRef } from './finding.ts';
import type { LabelSelector } from './label-selector.ts';
import { asks, uniteRights, type Right, type Rights, type RuleRights } from './rbac-rights.ts';
import type { PolicyRule } from './rbac-rule.ts';
import { builtInGroups, subjectKey, type RbacSubject } from './rbac-subject.ts';

export type RoleKind = 'Role' | 'ClusterRole';

/** A rule together with what it allows; roles that say the same share it. */
export interface SharedRule {
  readonly rule: PolicyRule;
  readonly rights: RuleRights;
}

/** A rule and its index in the role that it was read from. */
export type RoleRule = readonly [index: number, shared: SharedRule];

/** A role as collected. */
export interface CollectedRole {
  readonly kind: RoleKind;
  readonly object: Subject;
  /** Rules that somebody wrote. */
  readonly own: readonly RoleRule[];
  /** Rules as Kubernetes or the provider ships them. */
  readonly shipped: readonly RoleRule[];
  readonly labels: ReadonlyMap<string, string>;
  /** Since when it has its own rules, see `ruledAt`; undefined in a file. */
  readonly ruledAt: string | undefined;
  /** Since when it has its labels, by which others aggregate it; undefined in a file. */
  readonly labelledAt: string | undefined;
  /** A ClusterRole also grants what the ClusterRoles selected by one of these grant. */
  readonly selectors: readonly LabelSelector[];
}

export interface Binding {
  readonly object: Subject;
  readonly role: { readonly kind: RoleKind; readonly name: string; readonly key: string };
  /** Where it gives the rights; undefined for everywhere. */
  readonly namespace: string | undefined;
  readonly subjects: readonly RbacSubject[];
  /** Those of the subjects that it was not shipped with. */
  readonly added: readonly RbacSubject[];
  /** Labelled as one that Kubernetes itself creates and mends. */
  readonly bootstrap: boolean;
  /** Since when it gives the rights to its subjects, see `givenAt`; undefined in a file. */
  readonly givenAt: string | undefined;
}

export interface Role extends Omit<CollectedRole, 'object' | 'ruledAt' | 'labelledAt'> {
  /** Undefined for a default role that was not in the input. */
  readonly object: Subject | undefined;
  /** Bindings with subjects that give its rules away, those of roles that aggregate it included. */
  readonly bindings: readonly Binding[];
  /** The roles that aggregate it. */
  readonly aggregatedBy: readonly ObjectRef[];
  /** Every rule that it grants, those of aggregated roles included. */
  readonly granted: readonly SharedRule[];
  /** Since when it grants all of them, at the earliest; undefined in a file. */
  readonly grantedAt: string | undefined;
  /** What these allow together. */
  readonly rights: Pick<RuleRights, 'full' | 'narrowed'>;
}

/** Who may do what, by the roles and bindings of one cluster. */
export interface RbacTable {
  /** By `roleKey`. */
  readonly roles: ReadonlyMap<string, Role>;
  readonly bindings: readonly Binding[];
  readonly roleOf: (binding: Binding) => Role | undefined;
  /** The bindings that name the subject, or one of the groups that Kubernetes puts it into. */
  readonly bindingsOf: (subject: RbacSubject) => readonly Binding[];
  /** What the subject may do with all objects of a namespace, or of the whole cluster. Groups of an identity provider are not known here. */
  readonly rightsOf: (subject: RbacSubject, namespace?: string) => Rights;
  /** Who has the right in a namespace, or in the whole cluster, and through which bindings. */
  readonly whoCan: (right: Right, namespace?: string) => ReadonlyMap<string, { readonly subject: RbacSubject; readonly bindings: readonly Binding[] }>;
}

/** Same text for the same role; `namespace` counts for a Role only. */
export function roleKey(kind: RoleKind, name: string, namespace: string | undefined): string {
  return kind === 'ClusterRole' ? `ClusterRole/${name}` : `Role/${namespace ?? 'default'}/${name}`;
}

/** The role that a binding gives, also when it was not read. */
export function roleRefOf({ role, namespace }: Binding, table: RbacTable): ObjectRef {
  const read = table.roles.get(role.key)?.object?.ref;
  return read ?? { kind: role.kind, ...(role.kind === 'Role' && namespace !== undefined && { namespace }), name: role.name };
}

/** Joins roles and bindings. `defaults` are the roles every cluster has, by `roleKey`; they stand in for those that are not collected. */
export function rbacTable(
  collected: ReadonlyMap<string, CollectedRole>,
  bindings: readonly Binding[],
  defaults: (key: string) => readonly SharedRule[] | undefined,
): RbacTable {
  const direct = Map.groupBy(bindings.filter(({ subjects }) => subjects.length > 0), ({ role }) => role.key);
  const aggregation = aggregationOf(collected);
  const roles = new Map<string, Role>();
  for (const [key, role] of collected) {
    const above = reachable(key, aggregation.above);
    const below = reachable(key, aggregation.below);
    const inherited = new Set([...below].flatMap((part) => rulesOf(collected.get(part))));
    const own = role.own.filter(([, shared]) => !inherited.has(shared));
    const granted = [...inherited, ...rulesOf(role)];
    roles.set(key, {
      ...role,
      own,
      bindings: [key, ...above].flatMap((holder) => direct.get(holder) ?? []),
      aggregatedBy: [...above].flatMap((holder) => collected.get(holder)?.object.ref ?? []),
      granted,
      grantedAt: latest([role.ruledAt, ...[...below].flatMap((part) => timesOf(collected.get(part)))]),
      rights: union(granted),
    });
  }
  for (const [key, given] of direct) {
    const rules = roles.has(key) ? undefined : defaults(key);
    if (rules !== undefined) roles.set(key, defaultRole(key, rules, given));
  }
  return tableOf(roles, bindings);
}

/** Roles that every cluster has are as old as the cluster. */
const EVER = '1970-01-01T00:00:00Z';

function defaultRole(key: string, rules: readonly SharedRule[], bindings: readonly Binding[]): Role {
  return {
    kind: key.startsWith('ClusterRole/') ? 'ClusterRole' : 'Role',
    object: undefined,
    own: [],
    shipped: rules.map((shared, index) => [index, shared]),
    labels: new Map(),
    selectors: [],
    bindings,
    aggregatedBy: [],
    granted: rules,
    grantedAt: EVER,
    rights: union(rules),
  };
}

function tableOf(roles: ReadonlyMap<string, Role>, bindings: readonly Binding[]): RbacTable {
  const bySubject = new Map<string, Binding[]>();
  for (const binding of bindings) {
    for (const key of new Set(binding.subjects.map(subjectKey))) {
      const known = bySubject.get(key);
      if (known === undefined) bySubject.set(key, [binding]);
      else known.push(binding);
    }
  }
  const roleOf = (binding: Binding) => roles.get(binding.role.key);
  // Who can do a thing is asked a hundred times, so that the role of each binding is looked up before.
  const giving = bindings.flatMap((binding) => {
    const rights = roleOf(binding)?.rights.full;
    return rights === undefined ? [] : [{ binding, rights }];
  });
  const byNamespace = Map.groupBy(giving, ({ binding }) => binding.namespace);
  const everywhere = byNamespace.get(undefined) ?? [];
  const reaches = (binding: Binding, namespace: string | undefined) => binding.namespace === undefined || binding.namespace === namespace;
  const bindingsOf = (subject: RbacSubject) =>
    [subjectKey(subject), ...builtInGroups(subject).map((name) => subjectKey({ kind: 'Group', name }))].flatMap((key) => bySubject.get(key) ?? []);
  return {
    roles,
    bindings,
    roleOf,
    bindingsOf,
    rightsOf(subject, namespace) {
      const reaching = bindingsOf(subject).filter((binding) => reaches(binding, namespace));
      return uniteRights(reaching.flatMap((binding) => roleOf(binding)?.rights.full ?? []));
    },
    whoCan(right, namespace) {
      const found = new Map<string, { subject: RbacSubject; bindings: Binding[] }>();
      const isGiven = asks(right);
      for (const { binding, rights } of namespace === undefined ? everywhere : [...everywhere, ...(byNamespace.get(namespace) ?? [])]) {
        if (!isGiven(rights)) continue;
        for (const subject of binding.subjects) {
          const key = subjectKey(subject);
          const known = found.get(key);
          if (known === undefined) found.set(key, { subject, bindings: [binding] });
          else if (known.bindings.at(-1) !== binding) known.bindings.push(binding);
        }
      }
      return found;
    },
  };
}

/** Most roles are part of none and have no parts. */
const NOBODY: ReadonlySet<string> = new Set();

interface Aggregation {
  /** Keys of the roles that a role is directly part of. */
  readonly above: ReadonlyMap<string, readonly string[]>;
  /** Keys of the roles that are directly part of a role. */
  readonly below: ReadonlyMap<string, readonly string[]>;
}

function aggregationOf(roles: ReadonlyMap<string, CollectedRole>): Aggregation {
  const pairs: (readonly [whole: string, part: string])[] = [];
  for (const [whole, { selectors }] of roles) {
    if (selectors.length === 0) continue;
    for (const [part, { kind, labels }] of roles) {
      if (kind === 'ClusterRole' && part !== whole && selectors.some((selects) => selects(labels))) pairs.push([whole, part]);
    }
  }
  const grouped = (from: 0 | 1, to: 0 | 1) => new Map([...Map.groupBy(pairs, (pair) => pair[from])].map(([key, group]) => [key, group.map((pair) => pair[to])]));
  return { above: grouped(1, 0), below: grouped(0, 1) };
}

/** Roles may aggregate aggregated roles: `admin` holds `edit`, which holds `view`. */
function reachable(start: string, next: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  if (!next.has(start)) return NOBODY;
  const found = new Set<string>();
  const open = [start];
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    for (const other of next.get(key) ?? []) {
      if (other === start || found.has(other)) continue;
      found.add(other);
      open.push(other);
    }
  }
  return found;
}

function rulesOf(role: CollectedRole | undefined): readonly SharedRule[] {
  return role === undefined ? [] : [...role.own, ...role.shipped].map(([, shared]) => shared);
}

/** Since when it has the rules that others aggregate, and since when they do. */
function timesOf(role: CollectedRole | undefined): readonly (string | undefined)[] {
  return role === undefined ? [] : [role.ruledAt, role.labelledAt];
}

function union(rules: readonly SharedRule[]): Role['rights'] {
  return { full: uniteRights(rules.map(({ rights }) => rights.full)), narrowed: uniteRights(rules.map(({ rights }) => rights.narrowed)) };
}
