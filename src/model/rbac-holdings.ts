import type { Subject } from './check.ts';
import type { ObjectRef } from './finding.ts';
import { uniteRights, type RuleRights } from './rbac-rights.ts';
import type { RbacSubject } from './rbac-subject.ts';
import { roleRefOf, type Binding, type RbacTable, type Role, type RoleKind, type RoleRule } from './rbac-table.ts';

/**
 * Rights that somebody decided to give: a role that is not shipped, or a binding that is not shipped and gives a shipped role away.
 *
 * What Kubernetes gives to its own parts is none.
 */
export interface Holding {
  /** The role or binding. */
  readonly object: Subject;
  readonly role: { readonly kind: RoleKind; readonly name: string };
  readonly rules: readonly RoleRule[];
  /** The rights of all rules together. */
  readonly rights: RuleRights;
  /** Bindings through which somebody has them. */
  readonly bindings: readonly Binding[];
  readonly subjects: readonly RbacSubject[];
  /** Objects at the other end. */
  readonly related: readonly ObjectRef[];
}

/** Roles made to be given to people in a namespace; giving them away is no finding, giving them away everywhere is one of its own. */
const USER_FACING: ReadonlySet<string> = new Set(['ClusterRole/cluster-admin', 'ClusterRole/admin', 'ClusterRole/edit', 'ClusterRole/view']);
/** A role may have thousands of bindings; a finding names no more than this. */
const MAX_RELATED = 50;

const cache = new WeakMap<RbacTable, readonly Holding[]>();

export function holdingsOf(table: RbacTable): readonly Holding[] {
  const known = cache.get(table);
  if (known !== undefined) return known;
  const holdings = [...table.roles.values()].flatMap(ofRole).concat(table.bindings.flatMap((binding) => ofBinding(binding, table)));
  cache.set(table, holdings);
  return holdings;
}

/** Whether the object is the binding, so that what it gives stands in its role. */
export function isBindingHolding({ object }: Holding): boolean {
  return object.ref.kind.endsWith('Binding');
}

function ofRole({ kind, object, own, bindings, aggregatedBy }: Role): readonly Holding[] {
  if (object === undefined || own.length === 0) return [];
  const related = [...bindings.map((binding) => binding.object.ref), ...aggregatedBy].slice(0, MAX_RELATED);
  const subjects = bindings.flatMap((binding) => binding.subjects);
  return [{ object, role: { kind, name: object.ref.name }, rules: own, rights: union(own), bindings, subjects, related }];
}

function ofBinding(binding: Binding, table: RbacTable): readonly Holding[] {
  const { object, role: given, added } = binding;
  const shipped = table.roleOf(binding)?.shipped ?? [];
  if (added.length === 0 || shipped.length === 0 || USER_FACING.has(given.key)) return [];
  return [{ object, role: given, rules: shipped, rights: union(shipped), bindings: [binding], subjects: added, related: [roleRefOf(binding, table)] }];
}

function union(rules: readonly RoleRule[]): RuleRights {
  const of = (level: keyof RuleRights) => uniteRights(rules.map(([, { rights }]) => rights[level]));
  return { full: of('full'), narrowed: of('narrowed'), idle: of('idle') };
}
