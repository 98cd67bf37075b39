import { RBAC_RESOURCES } from '#src/model/rbac-resources.ts';
import { VERBS } from '#src/model/rbac-rights.ts';
import type { RawObject } from '#src/model/raw.ts';
import { seededNumbers } from '../harness.ts';

/** The lists of one cluster as the API server writes them, by kind. */
export type RbacLists = Readonly<Record<RbacKind, string>>;

export const RBAC_KINDS = ['Role', 'ClusterRole', 'RoleBinding', 'ClusterRoleBinding'] as const;
export type RbacKind = (typeof RBAC_KINDS)[number];

/** One role in so many is for the whole cluster, and one binding in so many. */
const CLUSTER_WIDE_EVERY = 10;
/** Charts bring the same roles to every namespace they are installed in. */
const CHART_ROLES = 60;
const ROLES_PER_NAMESPACE = 10;

/** Roles and bindings in the shares of a large cluster: mostly within namespaces, many alike, a few with wildcards or names. */
export function generateRbac(roles: number, bindings: number, seed: number): RbacLists {
  const random = seededNumbers(seed);
  const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T;
  const chartRules = Array.from({ length: CHART_ROLES }, () => rulesOf(pick, random));
  const namespaces = Math.ceil(roles / ROLES_PER_NAMESPACE);
  const namespaceOf = (index: number) => (index % CLUSTER_WIDE_EVERY === 0 ? undefined : `team-${Math.floor(random() * namespaces)}`);
  const allRoles = Array.from({ length: roles }, (_, index) => {
    const namespace = namespaceOf(index);
    return { kind: namespace === undefined ? 'ClusterRole' : 'Role', metadata: metadataOf(`role-${index}`, namespace), rules: index % 2 === 0 ? pick(chartRules) : rulesOf(pick, random) } as const;
  });
  const clusterRoles = allRoles.filter(({ kind }) => kind === 'ClusterRole');
  const allBindings = Array.from({ length: bindings }, (_, index) => {
    const role = index % CLUSTER_WIDE_EVERY === 0 ? pick(clusterRoles) : pick(allRoles);
    const namespace = role.kind === 'Role' ? role.metadata.namespace : namespaceOf(index);
    const subjects = Array.from({ length: 1 + Math.floor(random() * 3) }, () => subjectOf(pick, Math.floor(random() * bindings), namespaces));
    return {
      kind: namespace === undefined ? 'ClusterRoleBinding' : 'RoleBinding',
      metadata: metadataOf(`binding-${index}`, namespace),
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: role.kind, name: role.metadata.name },
      subjects,
    } as const;
  });
  const listOf = (kind: RbacKind) => JSON.stringify({ kind: `${kind}List`, items: [...allRoles, ...allBindings].filter((object) => object.kind === kind) });
  return { Role: listOf('Role'), ClusterRole: listOf('ClusterRole'), RoleBinding: listOf('RoleBinding'), ClusterRoleBinding: listOf('ClusterRoleBinding') };
}

type Pick = <T>(all: readonly T[]) => T;

function rulesOf(pick: Pick, random: () => number): readonly RawObject[] {
  return Array.from({ length: 1 + Math.floor(random() * 4) }, () => {
    const { name, groups } = pick(RBAC_RESOURCES);
    const others = Array.from({ length: Math.floor(random() * 4) }, () => pick(RBAC_RESOURCES)).filter((resource) => resource.groups.includes(groups[0] ?? ''));
    const everything = random() < 0.01;
    return {
      apiGroups: [everything ? '*' : (groups[0] ?? '')],
      resources: everything ? ['*'] : [name, ...others.map((resource) => resource.name)],
      verbs: random() < 0.05 ? ['*'] : Array.from({ length: 1 + Math.floor(random() * 4) }, () => pick(VERBS)),
      ...(random() < 0.1 && { resourceNames: ['one', 'two'] }),
    };
  });
}

function subjectOf(pick: Pick, number: number, namespaces: number): RawObject {
  const kind = pick(['User', 'Group', 'ServiceAccount', 'ServiceAccount'] as const);
  if (kind === 'ServiceAccount') return { kind, name: `app-${number % 20}`, namespace: `team-${number % namespaces}` };
  return { kind, apiGroup: 'rbac.authorization.k8s.io', name: `${kind.toLowerCase()}-${number}` };
}

function metadataOf(name: string, namespace: string | undefined) {
  return {
    name,
    ...(namespace !== undefined && { namespace }),
    uid: '5d9c1a7e-4b7e-4a51-9d8c-3c1b2a4d5e6f',
    resourceVersion: '48151623',
    creationTimestamp: '2026-11-02T03:04:05Z',
    labels: { 'app.kubernetes.io/managed-by': 'Helm' },
    managedFields: [
      {
        manager: 'helm',
        operation: 'Update',
        apiVersion: 'rbac.authorization.k8s.io/v1',
        time: '2026-11-02T03:04:05Z',
        fieldsType: 'FieldsV1',
        fieldsV1: { 'f:metadata': { 'f:labels': { '.': {}, 'f:app.kubernetes.io/managed-by': {} } }, 'f:roleRef': {}, 'f:rules': {}, 'f:subjects': {} },
      },
    ],
  };
}
