import type { RawObject } from '#src/model/raw.ts';
import type { RoleKind } from '#src/model/rbac-table.ts';

const API_VERSION = 'rbac.authorization.k8s.io/v1';
const API_GROUP = 'rbac.authorization.k8s.io';

/** `get,list secrets` of the core group, or `patch apps:deployments` of another; names follow in brackets: `get secrets [tls]`. */
export function rule(text: string): RawObject {
  const [, verbs = '', group = '', resources = '', names] = /^(\S+) (?:([\w.*-]+):)?(\S+)(?: \[(.+)\])?$/.exec(text) ?? [];
  return { verbs: verbs.split(','), apiGroups: [group], resources: resources.split(','), ...(names !== undefined && { resourceNames: names.split(',') }) };
}

/** A Role where a namespace is given, else a ClusterRole. */
export function role(name: string, rules: readonly string[], more: { readonly namespace?: string; readonly labels?: Readonly<Record<string, string>>; readonly aggregates?: Readonly<Record<string, string>> } = {}): RawObject {
  const { namespace, labels, aggregates } = more;
  return {
    apiVersion: API_VERSION,
    kind: namespace === undefined ? 'ClusterRole' : 'Role',
    metadata: { name, ...(namespace !== undefined && { namespace }), ...(labels && { labels }) },
    ...(aggregates && { aggregationRule: { clusterRoleSelectors: [{ matchLabels: aggregates }] } }),
    rules: rules.map(rule),
  };
}

/** Subjects as `User/jo`, `Group/dev` or `ServiceAccount/shop/web`; in a namespace a RoleBinding, else a ClusterRoleBinding. */
export function binding(name: string, roleRef: `${RoleKind}/${string}`, subjects: readonly string[], namespace?: string): RawObject {
  const [kind, roleName] = roleRef.split('/');
  return {
    apiVersion: API_VERSION,
    kind: namespace === undefined ? 'ClusterRoleBinding' : 'RoleBinding',
    metadata: { name, ...(namespace !== undefined && { namespace }) },
    roleRef: { apiGroup: API_GROUP, kind, name: roleName },
    subjects: subjects.map(subject),
  };
}

function subject(text: string): RawObject {
  const [kind, first = '', second] = text.split('/');
  return second === undefined ? { kind, apiGroup: API_GROUP, name: first } : { kind, namespace: first, name: second };
}
