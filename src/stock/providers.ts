/** What a managed Kubernetes brings along. Names begin with the given texts. */
interface Provider {
  /** Roles and bindings. */
  readonly rbac: readonly string[];
  /** Users and groups that its bindings name. */
  readonly identities: readonly string[];
  readonly workloads: readonly string[];
  /** Namespaces that it runs its own workloads in; `-` at the end stands for all that begin so. */
  readonly namespaces: readonly string[];
  /** Where the images of its workloads come from; no customer can push there. */
  readonly images: RegExp;
}

const PROVIDERS = {
  'Amazon EKS': {
    rbac: ['eks:', 'eks-', 'aws-node', 'vpc-resource-controller'],
    identities: ['eks:'],
    workloads: ['aws-node', 'coredns', 'eks-', 'kube-proxy'],
    namespaces: ['kube-system'],
    images: /^(\d+\.dkr\.ecr\.[\w-]+\.amazonaws\.com(\.cn)?\/(eks|amazon)\b|public\.ecr\.aws\/eks\/)/,
  },
  'Google GKE': {
    rbac: [
      'gce:',
      'gke-',
      'gke:',
      'gmp-',
      'stackdriver:',
      'kubelet-bootstrap',
      'kubelet-cluster-admin',
      'kubelet-user-npd-binding',
      'master-monitoring-role-binding',
      'npd-binding',
      'uas-hpa-',
    ],
    identities: ['gce:', 'gcp:', 'gke-', 'kubelet'],
    workloads: [
      'anetd',
      'event-exporter-gke',
      'fluentbit-gke',
      'gke-',
      'gmp-',
      'ip-masq-agent',
      'konnectivity-agent',
      'kube-dns',
      'kube-proxy',
      'l7-default-backend',
      'metrics-server',
      'netd',
      'node-local-dns',
      'pdcsi-node',
    ],
    namespaces: ['kube-system', 'gke-gmp-system', 'gke-managed-', 'gmp-public', 'gmp-system'],
    images: /^(gke\.gcr\.io\/|gcr\.io\/gke-release\/|[\w-]+\.pkg\.dev\/gke-release\/)/,
  },
  'Azure AKS': {
    rbac: ['aks-', 'azure-', 'container-health-log-reader'],
    identities: ['aks-', 'aks:', 'clusterAdmin', 'clusterUser'],
    workloads: ['aks-', 'ama-', 'azure-', 'cloud-node-manager', 'coredns', 'csi-azure', 'konnectivity-agent', 'kube-proxy', 'metrics-server'],
    namespaces: ['kube-system', 'aks-'],
    images: /^mcr\.microsoft\.com\//,
  },
} as const satisfies Readonly<Record<string, Provider>>;

const ALL: readonly Provider[] = Object.values(PROVIDERS);

/** Whether a role or binding of this name is a provider's, going by the name alone. */
export function isProviderRbac(name: string): boolean {
  return ALL.some(({ rbac }) => startsLike(name, rbac));
}

/** Whether a provider's binding of this name would name the user or group. */
export function isProviderIdentity(binding: string, identity: string): boolean {
  return ALL.some(({ rbac, identities }) => startsLike(binding, rbac) && startsLike(identity, identities));
}

/** Whether a provider's binding of this name would name a ServiceAccount there. */
export function isProviderNamespace(binding: string, namespace: string): boolean {
  return ALL.some(({ rbac, namespaces }) => startsLike(binding, rbac) && isAmong(namespace, namespaces));
}

/** Whether a workload is a provider's: by its name, where it runs, and that every image is one that only the provider can have pushed. */
export function isProviderWorkload(name: string, namespace: string, images: readonly string[]): boolean {
  return ALL.some((provider) => startsLike(name, provider.workloads) && isAmong(namespace, provider.namespaces) && images.every((image) => provider.images.test(image)));
}

function startsLike(name: string, starts: readonly string[]): boolean {
  return starts.some((start) => name.startsWith(start));
}

function isAmong(namespace: string, namespaces: readonly string[]): boolean {
  return namespaces.some((own) => (own.endsWith('-') ? namespace.startsWith(own) : namespace === own));
}
