/** How a kind is found in the API. */
export interface KindInfo {
  /** API groups that serve it, current one first; '' is the core group. Older groups still occur in files, and the core group by mistake. */
  readonly groups: readonly string[];
  /** Plural resource name in URLs and in RBAC. */
  readonly resource: string;
  readonly namespaced: boolean;
  /** Served only where an add-on, a distribution or a newer version brings it: absent means there are none, not that they could not be listed. */
  readonly addOn?: true;
  /** The version to ask for where it is not the group's preferred one, because other kinds of the group have a newer. */
  readonly version?: string;
  /** Only metadata is ever requested, because the content is secret. */
  readonly metadataOnly?: true;
  /** Needs a permission the default role does not give; the checks that read it are not evaluated without it. */
  readonly optional?: true;
}

/** Every kind that some check or collector reads. */
export const KINDS = {
  Namespace: { groups: [''], resource: 'namespaces', namespaced: false },
  Node: { groups: [''], resource: 'nodes', namespaced: false },
  ServiceAccount: { groups: [''], resource: 'serviceaccounts', namespaced: true },
  LimitRange: { groups: [''], resource: 'limitranges', namespaced: true },
  Service: { groups: [''], resource: 'services', namespaced: true },
  ConfigMap: { groups: [''], resource: 'configmaps', namespaced: true },
  Secret: { groups: [''], resource: 'secrets', namespaced: true, metadataOnly: true, optional: true },
  CronJob: { groups: ['batch', ''], resource: 'cronjobs', namespaced: true },
  Deployment: { groups: ['apps', 'extensions', ''], resource: 'deployments', namespaced: true },
  DeploymentConfig: { groups: ['apps.openshift.io', ''], resource: 'deploymentconfigs', namespaced: true, addOn: true },
  StatefulSet: { groups: ['apps', ''], resource: 'statefulsets', namespaced: true },
  DaemonSet: { groups: ['apps', 'extensions', ''], resource: 'daemonsets', namespaced: true },
  Job: { groups: ['batch', ''], resource: 'jobs', namespaced: true },
  ReplicaSet: { groups: ['apps', 'extensions', ''], resource: 'replicasets', namespaced: true },
  ReplicationController: { groups: [''], resource: 'replicationcontrollers', namespaced: true },
  PodTemplate: { groups: [''], resource: 'podtemplates', namespaced: true },
  Pod: { groups: [''], resource: 'pods', namespaced: true },
  Role: { groups: ['rbac.authorization.k8s.io'], resource: 'roles', namespaced: true },
  ClusterRole: { groups: ['rbac.authorization.k8s.io'], resource: 'clusterroles', namespaced: false },
  RoleBinding: { groups: ['rbac.authorization.k8s.io'], resource: 'rolebindings', namespaced: true },
  ClusterRoleBinding: { groups: ['rbac.authorization.k8s.io'], resource: 'clusterrolebindings', namespaced: false },
  CertificateSigningRequest: { groups: ['certificates.k8s.io'], resource: 'certificatesigningrequests', namespaced: false },
  ValidatingAdmissionPolicy: { groups: ['admissionregistration.k8s.io'], resource: 'validatingadmissionpolicies', namespaced: false, addOn: true },
  ValidatingAdmissionPolicyBinding: { groups: ['admissionregistration.k8s.io'], resource: 'validatingadmissionpolicybindings', namespaced: false, addOn: true },
  ClusterPolicy: { groups: ['kyverno.io'], version: 'v1', resource: 'clusterpolicies', namespaced: false, addOn: true },
  Policy: { groups: ['kyverno.io'], version: 'v1', resource: 'policies', namespaced: true, addOn: true },
  ValidatingPolicy: { groups: ['policies.kyverno.io'], resource: 'validatingpolicies', namespaced: false, addOn: true },
  K8sPSPPrivilegedContainer: { groups: ['constraints.gatekeeper.sh'], resource: 'k8spspprivilegedcontainer', namespaced: false, addOn: true },
} as const satisfies Readonly<Record<string, KindInfo>>;

export type Kind = keyof typeof KINDS;

/**
 * Kinds that hold a pod template, owners before what they own: a Deployment is listed before its ReplicaSets, and those
 * before their Pods, so that an owned object is recognised when it streams by.
 */
export const WORKLOAD_KINDS = [
  'CronJob',
  'Deployment',
  'DeploymentConfig',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'ReplicaSet',
  'ReplicationController',
  'PodTemplate',
  'Pod',
] as const satisfies readonly Kind[];

export function kindInfo(kind: Kind): KindInfo {
  return KINDS[kind];
}

/** The kind as this product knows it, or undefined when the group is another project's (a `Service` of serving.knative.dev). */
export function knownKind(apiVersion: string, kind: string): Kind | undefined {
  if (!Object.hasOwn(KINDS, kind)) return undefined;
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  return kindInfo(kind as Kind).groups.includes(group) ? (kind as Kind) : undefined;
}
