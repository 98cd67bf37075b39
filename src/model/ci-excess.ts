import type { CiAccount } from './ci-account.ts';
import { RBAC_RESOURCES } from './rbac-resources.ts';
import { has, noRights, type Right } from './rbac-rights.ts';
import type { PolicyRule } from './rbac-rule.ts';
import { subjectKey } from './rbac-subject.ts';
import type { Binding, RbacTable, Role } from './rbac-table.ts';

const READ_VERBS: ReadonlySet<string> = new Set(['get', 'list', 'watch']);
const READ_SECRETS: Right = { verbs: ['get', 'list', 'watch'], resources: ['secrets'] };
const WRITE_RBAC: Right = { verbs: ['create', 'update', 'patch'], resources: ['roles', 'clusterroles', 'rolebindings', 'clusterrolebindings'] };
const BUILT_IN_GROUPS: ReadonlySet<string> = new Set(RBAC_RESOURCES.flatMap(({ groups }) => groups));

/** Something that the account of a pipeline has beyond deploying to its own namespaces. */
export interface Excess {
  /** After the account's name. */
  readonly what: string;
  /** It can be turned into all rights, or breaks what others run. */
  readonly grave: boolean;
  readonly bindings: readonly Binding[];
}

/** Bindings to groups that Kubernetes puts every account into do not count. */
export function excessOf(
  { namespace, name }: { readonly namespace: string; readonly name: string },
  { ownNamespaces }: CiAccount,
  rbac: RbacTable,
): readonly Excess[] {
  const subject = { kind: 'ServiceAccount', namespace, name } as const;
  const given = rbac.bindingsOf(subject).filter(({ added }) => added.some((other) => subjectKey(other) === subjectKey(subject)));
  const everywhere = given.filter((binding) => binding.namespace === undefined && !isHarmless(rbac.roleOf(binding)));
  const own = ownNamespaces && new Set([...ownNamespaces, namespace]);
  const foreign = given.filter((binding) => binding.namespace !== undefined && own?.has(binding.namespace) === false);
  const holding = (right: Right, among: readonly Binding[]) => among.filter((binding) => has(rbac.roleOf(binding)?.rights.full ?? noRights(), right));
  const reading = holding(READ_SECRETS, everywhere);
  const writing = holding(WRITE_RBAC, given);
  const found: Excess[] = [
    { what: 'may read the Secrets of all namespaces', grave: true, bindings: reading },
    { what: 'may change roles or bindings', grave: true, bindings: writing },
    { what: `has the role ${namesOf(everywhere)} in the whole cluster`, grave: everywhere.some((binding) => writes(rbac.roleOf(binding))), bindings: everywhere },
    { what: `has rights in ${namespacesOf(foreign)}, which is not its own`, grave: false, bindings: foreign },
  ];
  return found.filter(({ bindings }) => bindings.length > 0);
}

/** A role that was not read may be harmless. */
function isHarmless(role: Role | undefined): boolean {
  return role === undefined || role.granted.every(({ rule }) => !isWriting(rule) && isOfCustomResources(rule));
}

function writes(role: Role | undefined): boolean {
  return role?.granted.some(({ rule }) => isWriting(rule)) ?? false;
}

function isWriting({ verbs }: PolicyRule): boolean {
  return verbs.some((verb) => !READ_VERBS.has(verb));
}

/** Also of nothing at all, and of URLs such as the version of the cluster. */
function isOfCustomResources({ groups = ['*'], resources }: PolicyRule): boolean {
  return resources.length === 0 || groups.every((group) => group !== '*' && !BUILT_IN_GROUPS.has(group));
}

function namesOf(bindings: readonly Binding[]): string {
  return [...new Set(bindings.map(({ role }) => role.name))].sort().join(', ');
}

function namespacesOf(bindings: readonly Binding[]): string {
  return [...new Set(bindings.map(({ namespace }) => namespace ?? ''))].sort().join(', ');
}
