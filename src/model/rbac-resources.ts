/** A resource of Kubernetes' own API, or a subresource such as `pods/exec`, as RBAC names it. */
export interface RbacResource {
  readonly name: string;
  /** Groups that serve it; '' is the core group. */
  readonly groups: readonly string[];
  readonly namespaced: boolean;
}

/** Of each group: what lives in a namespace, and what belongs to the whole cluster. */
const TABLE = {
  '': {
    namespaced: [
      'bindings', 'configmaps', 'endpoints', 'events', 'limitranges', 'persistentvolumeclaims', 'persistentvolumeclaims/status', 'pods',
      'pods/attach', 'pods/binding', 'pods/ephemeralcontainers', 'pods/eviction', 'pods/exec', 'pods/log', 'pods/portforward', 'pods/proxy',
      'pods/resize', 'pods/status', 'podtemplates', 'replicationcontrollers', 'replicationcontrollers/scale', 'resourcequotas', 'secrets',
      'serviceaccounts', 'serviceaccounts/token', 'services', 'services/proxy', 'services/status',
    ],
    clusterWide: [
      'namespaces', 'namespaces/finalize', 'namespaces/status', 'nodes', 'nodes/proxy', 'nodes/status', 'persistentvolumes',
      'persistentvolumes/status', 'users', 'groups',
    ],
  },
  'admissionregistration.k8s.io': {
    namespaced: [],
    clusterWide: [
      'mutatingadmissionpolicies', 'mutatingadmissionpolicybindings', 'mutatingwebhookconfigurations', 'validatingadmissionpolicies',
      'validatingadmissionpolicybindings', 'validatingwebhookconfigurations',
    ],
  },
  'apiextensions.k8s.io': {
    namespaced: [],
    clusterWide: ['customresourcedefinitions', 'customresourcedefinitions/status'],
  },
  'apiregistration.k8s.io': {
    namespaced: [],
    clusterWide: ['apiservices', 'apiservices/status'],
  },
  apps: {
    namespaced: [
      'controllerrevisions', 'daemonsets', 'deployments', 'deployments/scale', 'replicasets', 'replicasets/scale', 'statefulsets',
      'statefulsets/scale',
    ],
    clusterWide: [],
  },
  'authentication.k8s.io': {
    namespaced: ['serviceaccounts'],
    clusterWide: ['selfsubjectreviews', 'tokenreviews', 'users', 'groups', 'uids', 'userextras'],
  },
  'authorization.k8s.io': {
    namespaced: ['localsubjectaccessreviews'],
    clusterWide: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews', 'subjectaccessreviews'],
  },
  autoscaling: {
    namespaced: ['horizontalpodautoscalers'],
    clusterWide: [],
  },
  batch: {
    namespaced: ['cronjobs', 'jobs'],
    clusterWide: [],
  },
  'certificates.k8s.io': {
    namespaced: ['podcertificaterequests'],
    clusterWide: [
      'certificatesigningrequests', 'certificatesigningrequests/approval', 'certificatesigningrequests/status', 'clustertrustbundles', 'signers',
    ],
  },
  'coordination.k8s.io': {
    namespaced: ['leases'],
    clusterWide: [],
  },
  'discovery.k8s.io': {
    namespaced: ['endpointslices'],
    clusterWide: [],
  },
  'events.k8s.io': {
    namespaced: ['events'],
    clusterWide: [],
  },
  'flowcontrol.apiserver.k8s.io': {
    namespaced: [],
    clusterWide: ['flowschemas', 'prioritylevelconfigurations'],
  },
  'networking.k8s.io': {
    namespaced: ['ingresses', 'ingresses/status', 'networkpolicies'],
    clusterWide: ['ingressclasses', 'ipaddresses', 'servicecidrs'],
  },
  'node.k8s.io': {
    namespaced: [],
    clusterWide: ['runtimeclasses'],
  },
  policy: {
    namespaced: ['poddisruptionbudgets'],
    clusterWide: [],
  },
  'rbac.authorization.k8s.io': {
    namespaced: ['rolebindings', 'roles'],
    clusterWide: ['clusterrolebindings', 'clusterroles'],
  },
  'resource.k8s.io': {
    namespaced: ['resourceclaims', 'resourceclaims/status', 'resourceclaimtemplates'],
    clusterWide: ['deviceclasses', 'devicetaintrules', 'resourceslices'],
  },
  'scheduling.k8s.io': {
    namespaced: [],
    clusterWide: ['priorityclasses'],
  },
  'storage.k8s.io': {
    namespaced: ['csistoragecapacities'],
    clusterWide: ['csidrivers', 'csinodes', 'storageclasses', 'volumeattachments', 'volumeattributesclasses'],
  },
  'storagemigration.k8s.io': {
    namespaced: [],
    clusterWide: ['storageversionmigrations'],
  },
} as const satisfies Readonly<Record<string, { readonly namespaced: readonly string[]; readonly clusterWide: readonly string[] }>>;

/** Name of a resource in the table. */
export type ResourceName = (typeof TABLE)[keyof typeof TABLE]['namespaced' | 'clusterWide'][number];

/** Every resource that rights are worked out for; custom resources are none of them. */
export const RBAC_RESOURCES: readonly RbacResource[] = merge(
  Object.entries(TABLE).flatMap(([group, { namespaced, clusterWide }]) => [
    ...namespaced.map((name) => ({ name, groups: [group], namespaced: true })),
    ...clusterWide.map((name) => ({ name, groups: [group], namespaced: false })),
  ]),
);

const INDEXES: ReadonlyMap<string, number> = new Map(RBAC_RESOURCES.map(({ name }, index) => [name, index]));

/** Its place in `RBAC_RESOURCES`; undefined for a resource that is not among them. */
export function resourceIndex(name: string): number | undefined {
  return INDEXES.get(name);
}

/** A resource that several groups serve, such as `events`, is one. */
function merge(all: readonly RbacResource[]): readonly RbacResource[] {
  const merged = new Map<string, RbacResource>();
  for (const resource of all) {
    const known = merged.get(resource.name);
    merged.set(resource.name, known === undefined ? resource : { ...known, groups: [...known.groups, ...resource.groups] });
  }
  return [...merged.values()];
}
