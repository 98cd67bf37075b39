import type { ObjectRef } from '#src/model/finding.ts';
import { objectsAt, textAt, type RawObject } from '#src/model/raw.ts';
import { allowsGroup, allowsResource, allowsUrl, allowsVerb, rulesOf, type PolicyRule } from '#src/model/rbac-rule.ts';
import { roleKey, type RoleKind } from '#src/model/rbac-table.ts';

/** A question about a resource, in the terms of SubjectAccessReview. */
export interface ResourceQuestion {
  readonly verb: string;
  /** '' is the core group. */
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  /** Absent for cluster-wide resources and for all namespaces. */
  readonly namespace?: string;
  readonly name?: string;
}

/** A question about a path that is no resource, such as `/healthz`. */
export interface UrlQuestion {
  readonly verb: string;
  readonly url: string;
}

export type RightsQuestion = ResourceQuestion | UrlQuestion;

/** Whom a binding names, as the API server compares it: a ServiceAccount is the user that it signs in as. */
export interface Principal {
  readonly kind: 'User' | 'Group';
  readonly name: string;
}

/** A binding together with the rules of its role. */
export interface BoundRole {
  readonly binding: ObjectRef;
  readonly role: { readonly kind: RoleKind; readonly name: string };
  /** Where it gives the rights; undefined for everywhere. */
  readonly namespace: string | undefined;
  readonly principals: readonly Principal[];
  /** Undefined when there is no such role, so that it gives nothing. */
  readonly rules: readonly PolicyRule[] | undefined;
}

/** One way by which somebody has a right. */
export interface Way {
  readonly bound: BoundRole;
  /** The subject of the binding that they are, or the group that they are in. */
  readonly principal: Principal;
}

export interface Holder {
  readonly principal: Principal;
  /** Empty for `system:masters`, which need none. */
  readonly bindings: readonly BoundRole[];
}

/** Who may do what, exactly as the API server's RBAC authorizer decides it. Other authorizers (nodes, webhooks) are not known here. */
export interface WhoCan {
  readonly bindings: readonly BoundRole[];
  /** What is bound to the user or to one of the groups. */
  readonly waysOf: (user: string, groups: readonly string[]) => readonly Way[];
  /** Every way by which the user may do it, as far as bindings are needed. */
  readonly may: (user: string, groups: readonly string[], question: RightsQuestion) => { readonly allowed: boolean; readonly ways: readonly Way[] };
  /** Every subject that may do it, in the order of names. */
  readonly whoCan: (question: RightsQuestion) => readonly Holder[];
}

/** Members may do everything, whatever the bindings say. */
export const MASTERS = 'system:masters';
const ACCOUNT_USER = /^system:serviceaccount:([^:]+):([^:]+)$/;
const NO_WAYS: readonly Way[] = [];

/**
 * Reads Roles, ClusterRoles and their bindings; other objects are left out.
 *
 * An aggregated ClusterRole counts by its own rules, which the cluster fills in from its parts: that is what the API server goes by too.
 */
export function createWhoCan(objects: Iterable<RawObject>): WhoCan {
  const roles = new Map<string, readonly PolicyRule[]>();
  const bindings: RawObject[] = [];
  for (const object of objects) {
    const kind = textAt(object, 'kind');
    if (kind === 'Role' || kind === 'ClusterRole') {
      roles.set(roleKey(kind, nameOf(object), textAt(object, 'metadata', 'namespace')), rulesOf(object).map(([, rule]) => rule));
    } else if (kind === 'RoleBinding' || kind === 'ClusterRoleBinding') bindings.push(object);
  }
  return indexOf(bindings.map((binding) => boundRole(binding, roles)));
}

function indexOf(bindings: readonly BoundRole[]): WhoCan {
  const ways = new Map<string, Way[]>();
  for (const bound of bindings) {
    for (const principal of bound.principals) {
      const key = principalKey(principal);
      const known = ways.get(key);
      if (known === undefined) ways.set(key, [{ bound, principal }]);
      else known.push({ bound, principal });
    }
  }
  const waysOf = (user: string, groups: readonly string[]): readonly Way[] => {
    const keys = [principalKey({ kind: 'User', name: user }), ...new Set(groups.map((name) => principalKey({ kind: 'Group', name })))];
    return keys.flatMap((key) => ways.get(key) ?? NO_WAYS);
  };
  return {
    bindings,
    waysOf,
    may(user, groups, question) {
      const found = waysOf(user, groups).filter(({ bound }) => gives(bound, question));
      return { allowed: found.length > 0 || groups.includes(MASTERS), ways: found };
    },
    whoCan(question) {
      const holders = new Map<string, { principal: Principal; bindings: BoundRole[] }>([[principalKey({ kind: 'Group', name: MASTERS }), { principal: { kind: 'Group', name: MASTERS }, bindings: [] }]]);
      for (const bound of bindings) {
        if (!gives(bound, question)) continue;
        for (const principal of bound.principals) {
          const key = principalKey(principal);
          const known = holders.get(key);
          if (known === undefined) holders.set(key, { principal, bindings: [bound] });
          else known.bindings.push(bound);
        }
      }
      return [...holders.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, holder]) => holder);
    },
  };
}

/** The groups that Kubernetes itself puts a user into. Those of an identity provider or a certificate are not known. */
export function builtInGroupsOf(user: string): readonly string[] {
  if (user === 'system:anonymous') return ['system:unauthenticated'];
  const [, namespace] = ACCOUNT_USER.exec(user) ?? [];
  if (namespace === undefined) return ['system:authenticated'];
  return ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'];
}

/** The ServiceAccount that a user name stands for. */
export function accountOf(user: string): { readonly namespace: string; readonly name: string } | undefined {
  const [, namespace, name] = ACCOUNT_USER.exec(user) ?? [];
  return namespace === undefined || name === undefined ? undefined : { namespace, name };
}

/** `user jo`, `group dev`, `ServiceAccount shop/web`. */
export function describePrincipal({ kind, name }: Principal): string {
  const account = kind === 'User' ? accountOf(name) : undefined;
  if (account !== undefined) return `ServiceAccount ${account.namespace}/${account.name}`;
  return `${kind === 'User' ? 'user' : 'group'} ${name}`;
}

export function principalKey({ kind, name }: Principal): string {
  return `${kind}/${name}`;
}

function boundRole(binding: RawObject, roles: ReadonlyMap<string, readonly PolicyRule[]>): BoundRole {
  const isWide = textAt(binding, 'kind') === 'ClusterRoleBinding';
  const namespace = isWide ? undefined : (textAt(binding, 'metadata', 'namespace') ?? 'default');
  const role = { kind: textAt(binding, 'roleRef', 'kind') === 'Role' ? 'Role' : 'ClusterRole', name: textAt(binding, 'roleRef', 'name') ?? '' } as const;
  return {
    binding: { apiVersion: textAt(binding, 'apiVersion') ?? '', kind: isWide ? 'ClusterRoleBinding' : 'RoleBinding', ...(namespace !== undefined && { namespace }), name: nameOf(binding) },
    role,
    namespace,
    principals: principalsOf(binding, namespace),
    rules: roles.get(roleKey(role.kind, role.name, namespace)),
  };
}

/** Each once. A ServiceAccount without a namespace is that of the binding, and nobody where the binding has none. */
function principalsOf(binding: RawObject, home: string | undefined): readonly Principal[] {
  const all = objectsAt(binding, 'subjects').map(([, subject]) => principalOf(subject, home)).filter((principal) => principal !== undefined);
  return [...new Map(all.map((principal) => [principalKey(principal), principal])).values()];
}

/** Whom one entry of a binding's subjects names; `home` is the namespace of the binding. */
export function principalOf(subject: RawObject, home: string | undefined): Principal | undefined {
  const name = textAt(subject, 'name');
  if (name === undefined) return undefined;
  switch (subject.kind) {
    case 'User':
    case 'Group':
      return { kind: subject.kind, name };
    case 'ServiceAccount': {
      const namespace = textAt(subject, 'namespace') ?? home;
      return namespace === undefined ? undefined : { kind: 'User', name: `system:serviceaccount:${namespace}:${name}` };
    }
    default:
      return undefined;
  }
}

function gives({ namespace, rules = [] }: BoundRole, question: RightsQuestion): boolean {
  if ('url' in question) return namespace === undefined && rules.some((rule) => allowsVerb(rule, question.verb) && allowsUrl(rule, question.url));
  return (namespace === undefined || namespace === question.namespace) && rules.some((rule) => allows(rule, question));
}

function allows(rule: PolicyRule, { verb, group, resource, subresource, name = '' }: ResourceQuestion): boolean {
  const whole = subresource === undefined ? resource : `${resource}/${subresource}`;
  return allowsVerb(rule, verb) && allowsGroup(rule, group) && allowsResource(rule, whole) && (rule.names.length === 0 || rule.names.includes(name));
}

function nameOf(object: RawObject): string {
  return textAt(object, 'metadata', 'name') ?? '';
}
