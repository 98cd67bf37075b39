import { objectsAt, textAt, textsAt, type RawObject } from '#src/model/raw.ts';
import { RBAC_RESOURCES, type ResourceName } from '#src/model/rbac-resources.ts';
import type { Verb } from '#src/model/rbac-rights.ts';
import type { RbacKind } from './lists.ts';

export interface Question {
  readonly verb: Verb;
  readonly resource: ResourceName;
  /** Undefined for the whole cluster. */
  readonly namespace: string | undefined;
}

export type ParsedLists = Readonly<Record<RbacKind, readonly RawObject[]>>;

/** Who can, by looping over all bindings and the rules of their roles as the documentation of RBAC tells it: what the table is compared with. */
export function whoCanNaively(lists: ParsedLists, question: Question): ReadonlySet<string> {
  const found = new Set<string>();
  const ask = (binding: RawObject, home: string | undefined): void => {
    const name = textAt(binding, 'roleRef', 'name');
    const roles = textAt(binding, 'roleRef', 'kind') === 'Role' ? lists.Role.filter((role) => textAt(role, 'metadata', 'namespace') === home) : lists.ClusterRole;
    const role = roles.find((candidate) => textAt(candidate, 'metadata', 'name') === name);
    if (!objectsAt(role, 'rules').some(([, rule]) => allows(rule, question))) return;
    for (const [, subject] of objectsAt(binding, 'subjects')) found.add(['kind', 'namespace', 'name'].flatMap((field) => textAt(subject, field) ?? []).join('/'));
  };
  for (const binding of lists.ClusterRoleBinding) ask(binding, undefined);
  for (const binding of lists.RoleBinding) {
    const home = textAt(binding, 'metadata', 'namespace');
    if (question.namespace !== undefined && home === question.namespace) ask(binding, home);
  }
  return found;
}

function allows(rule: RawObject, { verb, resource }: Question): boolean {
  const named = (field: string, wanted: string) => textsAt(rule, field).some((text) => text === wanted || text === '*');
  const groups = RBAC_RESOURCES.find(({ name }) => name === resource)?.groups ?? [];
  return named('verbs', verb) && named('resources', resource) && groups.some((group) => named('apiGroups', group)) && textsAt(rule, 'resourceNames').length === 0;
}
