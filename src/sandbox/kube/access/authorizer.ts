import { objectsAt, textAt, type RawObject } from '#src/model/raw.ts';
import type { KubeObject } from '../object.ts';
import type { Store } from '../store/store.ts';
import { allows, roleRefOf, rulesOf, type Attributes, type PolicyRule } from './rules.ts';
import { MASTERS, serviceAccountName, type User } from './user.ts';

export interface Decision {
  readonly allowed: boolean;
  /** Which binding allows it; why the answer may be incomplete when nothing does. */
  readonly reason: string;
}

/** Answers from the RBAC objects in the store, as they are at that moment. */
export interface Authorizer {
  readonly decide: (user: User, attributes: Attributes) => Decision;
  /** Every rule that holds for the user in the namespace, and bindings whose role is missing. */
  readonly rulesFor: (user: User, namespace: string) => { readonly rules: readonly PolicyRule[]; readonly errors: readonly string[] };
}

/** What a binding gives: the rules of its role, and words that name the binding, its role and the matching subject. */
interface Grant {
  readonly rules: readonly PolicyRule[];
  readonly source: string;
  readonly error?: string;
}

const GROUP = 'rbac.authorization.k8s.io';
export const RBAC_STORES = {
  clusterRoles: `clusterroles.${GROUP}`,
  clusterRoleBindings: `clusterrolebindings.${GROUP}`,
  roles: `roles.${GROUP}`,
  roleBindings: `rolebindings.${GROUP}`,
} as const;

export function createAuthorizer(store: Store): Authorizer {
  const rules = new WeakMap<KubeObject, readonly PolicyRule[]>();

  function roleRules(role: KubeObject): readonly PolicyRule[] {
    const known = rules.get(role);
    if (known !== undefined) return known;
    const read = rulesOf(role);
    rules.set(role, read);
    return read;
  }

  function grantOf(binding: KubeObject, subject: RawObject, namespace: string): Grant {
    const { kind, name } = roleRefOf(binding);
    const isCluster = kind === 'ClusterRole';
    const role = store.get(isCluster ? RBAC_STORES.clusterRoles : RBAC_STORES.roles, isCluster ? name : `${namespace}/${name}`);
    if (role === undefined) {
      return { rules: [], source: '', error: `${kind.toLowerCase()}.${GROUP} ${JSON.stringify(name)} not found` };
    }
    const place = namespace === '' ? '' : `/${namespace}`;
    const bound = `${namespace === '' ? 'ClusterRoleBinding' : 'RoleBinding'} ${JSON.stringify(`${binding.metadata.name ?? ''}${place}`)}`;
    return { rules: roleRules(role), source: `${bound} of ${kind} ${JSON.stringify(name)} to ${describe(subject, namespace)}` };
  }

  function* grants(user: User, namespace: string): Generator<Grant> {
    for (const binding of store.list(RBAC_STORES.clusterRoleBindings)) {
      const subject = subjectFor(user, binding, '');
      if (subject !== undefined) yield grantOf(binding, subject, '');
    }
    if (namespace === '') return;
    for (const binding of store.list(RBAC_STORES.roleBindings)) {
      if (binding.metadata.namespace !== namespace) continue;
      const subject = subjectFor(user, binding, namespace);
      if (subject !== undefined) yield grantOf(binding, subject, namespace);
    }
  }

  return {
    decide(user, attributes) {
      if (user.groups.includes(MASTERS)) return { allowed: true, reason: '' };
      const errors: string[] = [];
      for (const { rules: granted, source, error } of grants(user, attributes.namespace)) {
        if (error !== undefined) errors.push(error);
        if (granted.some((rule) => allows(rule, attributes))) return { allowed: true, reason: `RBAC: allowed by ${source}` };
      }
      return { allowed: false, reason: errors.length === 0 ? '' : `rbac: RBAC: ${together(errors)}` };
    },
    rulesFor(user, namespace) {
      const found = [...grants(user, namespace)];
      return { rules: found.flatMap((grant) => grant.rules), errors: found.flatMap(({ error }) => error ?? []) };
    },
  };
}

export function together(errors: readonly string[]): string {
  const different = [...new Set(errors)];
  return different.length === 1 ? (different[0] ?? '') : `[${different.join(', ')}]`;
}

function subjectFor(user: User, binding: KubeObject, namespace: string): RawObject | undefined {
  return objectsAt(binding, 'subjects').find(([, subject]) => isSubject(user, subject, namespace))?.[1];
}

function isSubject(user: User, subject: RawObject, namespace: string): boolean {
  const name = textAt(subject, 'name') ?? '';
  switch (subject.kind) {
    case 'User':
      return user.name === name;
    case 'Group':
      return user.groups.includes(name);
    case 'ServiceAccount': {
      const place = textAt(subject, 'namespace') ?? namespace;
      return place !== '' && user.name === serviceAccountName(place, name);
    }
    default:
      return false;
  }
}

function describe(subject: RawObject, namespace: string): string {
  const name = textAt(subject, 'name') ?? '';
  const shown = subject.kind === 'ServiceAccount' ? `${name}/${textAt(subject, 'namespace') ?? namespace}` : name;
  return `${String(subject.kind)} ${JSON.stringify(shown)}`;
}
