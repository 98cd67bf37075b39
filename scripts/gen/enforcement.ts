import { stringify } from 'yaml';
import { RIGHT_SETS, type RightSet } from '#src/actions/rights.ts';
import { HEADER } from './generated.ts';

const RBAC = 'rbac.authorization.k8s.io';
const ACCOUNT = { kind: 'ServiceAccount', name: 'k8ssec', namespace: 'k8ssec' };

/** The rights to change things, for those who want more than reports. What is optional is bound to nobody. `roles` are those whose bindings may be written. */
export function enforcement(roles?: readonly string[]): string {
  const introduction = ['Lets the bot change what people have approved. It needs scan-role.gen.yaml; without this file it only looks.'];
  return `# ${HEADER}\n${comment(introduction)}${RIGHT_SETS.map((set) => section(withRoles(set, roles))).join('')}`;
}

function withRoles(set: RightSet, roles: readonly string[] | undefined): RightSet {
  return roles === undefined ? set : { ...set, rights: set.rights.map((right) => (right.verbs.includes('bind') ? { ...right, names: roles } : right)) };
}

function section(set: RightSet): string {
  const notes = set.optional ? [...set.text, 'Optional, and bound to nobody here. To let the bot do it:', `  ${bindCommand(set)}`] : set.text;
  const objects = set.optional ? [role(set)] : [role(set), binding(set)];
  return `---\n${comment(notes)}${objects.map((object) => stringify(object, { lineWidth: 0 })).join('---\n')}`;
}

function comment(lines: readonly string[]): string {
  return lines.map((line) => `# ${line}\n`).join('');
}

function role({ name, namespace, rights }: RightSet): object {
  const rules = rights.map(({ group, resource, verbs, names }) => ({ apiGroups: [group], resources: [resource], ...(names && { resourceNames: names }), verbs }));
  return { apiVersion: `${RBAC}/v1`, kind: namespace === undefined ? 'ClusterRole' : 'Role', metadata: { name, ...(namespace !== undefined && { namespace }) }, rules };
}

function binding({ name }: RightSet): object {
  return { apiVersion: `${RBAC}/v1`, kind: 'ClusterRoleBinding', metadata: { name }, roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name }, subjects: [ACCOUNT] };
}

function bindCommand({ name, namespace, bindIn }: RightSet): string {
  const account = `--serviceaccount=${ACCOUNT.namespace}:${ACCOUNT.name}`;
  if (bindIn === 'namespaces') return `kubectl create rolebinding ${name} --namespace=NAMESPACE --clusterrole=${name} ${account}`;
  return namespace === undefined ? `kubectl create clusterrolebinding ${name} --clusterrole=${name} ${account}` : `kubectl create rolebinding ${name} --namespace=${namespace} --role=${name} ${account}`;
}
