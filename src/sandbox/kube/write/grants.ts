import { objectAt } from '#src/model/raw.ts';
import { RBAC_STORES } from '../access/authorizer.ts';
import { describeRules, missingRules } from '../access/escalation.ts';
import { roleRefOf, rulesOf, type Attributes, type PolicyRule } from '../access/rules.ts';
import { MASTERS, type User } from '../access/user.ts';
import type { Resource } from '../catalog.ts';
import { equal } from '../json.ts';
import type { KubeObject } from '../object.ts';
import { forbidden, notFound } from '../status.ts';
import type { Cluster } from './context.ts';

const GROUP = 'rbac.authorization.k8s.io';
const ROLE_STORES: readonly string[] = [RBAC_STORES.roles, RBAC_STORES.clusterRoles];
const BINDING_STORES: readonly string[] = [RBAC_STORES.roleBindings, RBAC_STORES.clusterRoleBindings];

/** Nobody gives rights that they do not have, unless they may `escalate` or `bind`. @throws Failure */
export function checkGrant(resource: Resource, next: KubeObject, old: KubeObject | undefined, cluster: Cluster, user: User | undefined): void {
  if (user === undefined || user.groups.includes(MASTERS)) return;
  const namespace = next.metadata.namespace ?? '';
  const name = next.metadata.name ?? '';
  const ask = (verb: string, plural: string, about: string, where: string): boolean => {
    const attributes: Attributes = { verb, isResource: true, group: GROUP, resource: plural, subresource: '', name: about, namespace: where, path: '' };
    return cluster.authorizer.decide(user, attributes).allowed;
  };
  if (ROLE_STORES.includes(resource.store)) {
    if (old !== undefined && equal([old.rules, old.aggregationRule], [next.rules, next.aggregationRule])) return;
    if (ask('escalate', resource.resource, old === undefined ? '' : name, namespace)) return;
    confirm(resource, name, user, namespace, rulesOf(next), cluster);
    if (objectAt(next, 'aggregationRule') !== undefined) confirm(resource, name, user, namespace, [EVERYTHING, EVERY_PATH], cluster);
  }
  if (!BINDING_STORES.includes(resource.store)) return;
  if (old !== undefined && equal(withoutCollectorFields(old), withoutCollectorFields(next))) return;
  const ref = roleRefOf(next);
  const isCluster = ref.kind === 'ClusterRole';
  if (ask('bind', isCluster ? 'clusterroles' : 'roles', ref.name, namespace)) return;
  const role = cluster.store.get(isCluster ? RBAC_STORES.clusterRoles : RBAC_STORES.roles, isCluster ? ref.name : `${namespace}/${ref.name}`);
  if (role === undefined) throw notFound({ group: GROUP, resource: isCluster ? 'clusterrole' : 'role' }, ref.name);
  confirm(resource, name, user, namespace, rulesOf(role), cluster);
}

/** Without what the garbage collector writes, and the server itself. */
function withoutCollectorFields({ metadata, ...content }: KubeObject): object {
  const { ownerReferences, finalizers, managedFields, ...rest } = metadata;
  return { ...content, metadata: rest };
}

const EVERYTHING: PolicyRule = { verbs: ['*'], apiGroups: ['*'], resources: ['*'], resourceNames: [], nonResourceURLs: [] };
const EVERY_PATH: PolicyRule = { verbs: ['*'], apiGroups: [], resources: [], resourceNames: [], nonResourceURLs: ['*'] };

function confirm(resource: Resource, name: string, user: User, namespace: string, wanted: readonly PolicyRule[], { authorizer }: Cluster): void {
  const { rules, errors } = authorizer.rulesFor(user, namespace);
  const missing = missingRules(rules, wanted);
  if (missing.length === 0) return;
  const groups = user.groups.map((group) => JSON.stringify(group)).join(' ');
  const trouble = errors.length === 0 ? '' : `; resolution errors: [${errors.join(' ')}]`;
  throw forbidden(
    resource,
    name,
    `user ${JSON.stringify(user.name)} (groups=[${groups}]) is attempting to grant RBAC permissions not currently held:\n${describeRules(missing)}${trouble}`,
  );
}
