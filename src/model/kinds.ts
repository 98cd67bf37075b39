/** How a kind is found in the API. */
export interface KindInfo {
  /** As the API calls it, where another kind here has that name. */
  readonly kind?: string;
  /** API groups that serve it, current one first; '' is the core group. Older groups still occur in files, and the core group by mistake. */
  readonly groups: readonly string[];
  /** Plural resource name in URLs and in RBAC. */
  readonly resource: string;
  readonly namespaced: boolean;
  /** Served only where an add-on, a distribution or a newer version brings it: absent means there are none, not that they could not be listed. */
  readonly addOn?: true;
  /** A configuration file of a component: it occurs in files alone, and no API server serves it. Always an add-on as well. */
  readonly fileOnly?: true;
  /** Stands for every kind of its groups: objects keep their own. */
  readonly anyKind?: true;
  /** The version to ask for where it is not the group's preferred one, because other kinds of the group have a newer. */
  readonly version?: string;
  /** Only metadata is ever requested, because the content is secret. */
  readonly metadataOnly?: true;
  /** Where objects are so large that fewer than usual are asked for at once. */
  readonly pageSize?: number;
  /** Needs a permission the default role does not give; the checks that read it are not evaluated without it. */
  readonly optional?: true;
}

/** The API version that objects of Terraform's language are given; their kind is the type of the resource. */
export const TERRAFORM = 'terraform';

/** Every kind that some check or collector reads, or that is listed to know a cluster's own addresses. */
export const KINDS = {
  Namespace: { groups: [''], resource: 'namespaces', namespaced: false },
  Node: { groups: [''], resource: 'nodes', namespaced: false },
  ServiceAccount: { groups: [''], resource: 'serviceaccounts', namespaced: true },
  LimitRange: { groups: [''], resource: 'limitranges', namespaced: true },
  Service: { groups: [''], resource: 'services', namespaced: true },
  ConfigMap: { groups: [''], resource: 'configmaps', namespaced: true },
  EndpointSlice: { groups: ['discovery.k8s.io'], resource: 'endpointslices', namespaced: true },
  Ingress: { groups: ['networking.k8s.io', 'extensions'], resource: 'ingresses', namespaced: true },
  Route: { groups: ['route.openshift.io'], resource: 'routes', namespaced: true, addOn: true },
  Gateway: { groups: ['gateway.networking.k8s.io'], resource: 'gateways', namespaced: true, addOn: true },
  HTTPRoute: { groups: ['gateway.networking.k8s.io'], resource: 'httproutes', namespaced: true, addOn: true },
  GRPCRoute: { groups: ['gateway.networking.k8s.io'], resource: 'grpcroutes', namespaced: true, addOn: true },
  TLSRoute: { groups: ['gateway.networking.k8s.io'], version: 'v1alpha2', resource: 'tlsroutes', namespaced: true, addOn: true },
  TCPRoute: { groups: ['gateway.networking.k8s.io'], version: 'v1alpha2', resource: 'tcproutes', namespaced: true, addOn: true },
  UDPRoute: { groups: ['gateway.networking.k8s.io'], version: 'v1alpha2', resource: 'udproutes', namespaced: true, addOn: true },
  IstioGateway: { kind: 'Gateway', groups: ['networking.istio.io'], resource: 'gateways', namespaced: true, addOn: true },
  VirtualService: { groups: ['networking.istio.io'], resource: 'virtualservices', namespaced: true, addOn: true },
  NetworkPolicy: { groups: ['networking.k8s.io', 'extensions'], resource: 'networkpolicies', namespaced: true },
  AdminNetworkPolicy: { groups: ['policy.networking.k8s.io'], version: 'v1alpha1', resource: 'adminnetworkpolicies', namespaced: false, addOn: true },
  BaselineAdminNetworkPolicy: { groups: ['policy.networking.k8s.io'], version: 'v1alpha1', resource: 'baselineadminnetworkpolicies', namespaced: false, addOn: true },
  // Every version of it has the same fields, and the newest of the group is always one of its own.
  ClusterNetworkPolicy: { groups: ['policy.networking.k8s.io'], resource: 'clusternetworkpolicies', namespaced: false, addOn: true },
  CiliumNetworkPolicy: { groups: ['cilium.io'], version: 'v2', resource: 'ciliumnetworkpolicies', namespaced: true, addOn: true },
  CiliumClusterwideNetworkPolicy: { groups: ['cilium.io'], version: 'v2', resource: 'ciliumclusterwidenetworkpolicies', namespaced: false, addOn: true },
  CalicoNetworkPolicy: { kind: 'NetworkPolicy', groups: ['crd.projectcalico.org', 'projectcalico.org'], resource: 'networkpolicies', namespaced: true, addOn: true },
  GlobalNetworkPolicy: { groups: ['crd.projectcalico.org', 'projectcalico.org'], resource: 'globalnetworkpolicies', namespaced: false, addOn: true },
  ServiceCIDR: { groups: ['networking.k8s.io'], version: 'v1', resource: 'servicecidrs', namespaced: false, addOn: true },
  StorageClass: { groups: ['storage.k8s.io'], resource: 'storageclasses', namespaced: false },
  PersistentVolume: { groups: [''], resource: 'persistentvolumes', namespaced: false },
  PersistentVolumeClaim: { groups: [''], resource: 'persistentvolumeclaims', namespaced: true },
  PeerAuthentication: { groups: ['security.istio.io'], resource: 'peerauthentications', namespaced: true, addOn: true },
  EncryptionConfiguration: { groups: ['apiserver.config.k8s.io'], resource: '', namespaced: false, addOn: true, fileOnly: true },
  AdmissionConfiguration: { groups: ['apiserver.config.k8s.io', 'apiserver.k8s.io'], resource: '', namespaced: false, addOn: true, fileOnly: true },
  AuthenticationConfiguration: { groups: ['apiserver.config.k8s.io'], resource: '', namespaced: false, addOn: true, fileOnly: true },
  AuditPolicy: { kind: 'Policy', groups: ['audit.k8s.io'], resource: '', namespaced: false, addOn: true, fileOnly: true },
  ClusterDescription: { groups: ['eks.amazonaws.com', 'container.googleapis.com', 'containerservice.azure.com'], resource: '', namespaced: false, addOn: true, fileOnly: true },
  RepositorySettings: { groups: ['k8ssec.io'], resource: '', namespaced: false, addOn: true, fileOnly: true },
  Pipeline: { groups: ['k8ssec.io'], resource: '', namespaced: false, addOn: true, fileOnly: true },
  KubeletConfiguration: { groups: ['kubelet.config.k8s.io'], resource: '', namespaced: false, addOn: true, fileOnly: true },
  Terraform: { groups: [TERRAFORM], resource: '', namespaced: false, addOn: true, fileOnly: true, anyKind: true },
  NetworkNeighborhood: { groups: ['spdx.softwarecomposition.kubescape.io'], version: 'v1beta1', resource: 'networkneighborhoods', namespaced: true, addOn: true },
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
  ValidatingWebhookConfiguration: { groups: ['admissionregistration.k8s.io'], resource: 'validatingwebhookconfigurations', namespaced: false },
  MutatingWebhookConfiguration: { groups: ['admissionregistration.k8s.io'], resource: 'mutatingwebhookconfigurations', namespaced: false },
  APIService: { groups: ['apiregistration.k8s.io'], resource: 'apiservices', namespaced: false },
  CustomResourceDefinition: { groups: ['apiextensions.k8s.io'], resource: 'customresourcedefinitions', namespaced: false, pageSize: 50 },
  Certificate: { groups: ['cert-manager.io'], resource: 'certificates', namespaced: true, addOn: true },
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

/** As the API calls the kind. */
export function apiKind(kind: Kind): string {
  return kindInfo(kind).kind ?? kind;
}

const byApiKind: ReadonlyMap<string, readonly Kind[]> = Map.groupBy(Object.keys(KINDS) as Kind[], apiKind);

/** The kind as this product knows it, or undefined when the group is another project's (a `Service` of serving.knative.dev). */
export function knownKind(apiVersion: string, kind: string): Kind | undefined {
  if (apiVersion === TERRAFORM) return 'Terraform';
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  return byApiKind.get(kind)?.find((known) => kindInfo(known).groups.includes(group));
}

/** Whether nothing but the metadata of such an object is ever read, because its content is secret. */
export function isMetadataOnly(apiVersion: string, kind: string): boolean {
  const known = knownKind(apiVersion, kind);
  return known !== undefined && kindInfo(known).metadataOnly === true;
}
