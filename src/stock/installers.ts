import type { ShippedBinding } from './shipped-rbac.ts';

/** The roles of kubeadm, in the notation of shipped-rbac.ts. */
export const INSTALLER_ROLES: Readonly<Record<string, readonly string[]>> = {
  'ClusterRole/kubeadm:get-nodes': ['get||nodes'],
  'Role/kube-public/kubeadm:bootstrap-signer-clusterinfo': ['get||configmaps|cluster-info'],
  'Role/kube-system/kube-proxy': ['get||configmaps|kube-proxy'],
  'Role/kube-system/kubeadm:kubeadm-certs': ['get||secrets|kubeadm-certs'],
  'Role/kube-system/kubeadm:kubelet-config': ['get||configmaps|kubelet-config'],
  'Role/kube-system/kubeadm:nodes-kubeadm-config': ['get||configmaps|kubeadm-config'],
  'ClusterRole/system:coredns': ['list,watch||endpoints,namespaces,pods,services', 'get||nodes', 'list,watch|discovery.k8s.io|endpointslices'],
  'ClusterRole/kindnet': [
    'get,list,patch,watch||nodes',
    'get||configmaps',
    'list,watch||namespaces,pods',
    'list,watch|networking.k8s.io|networkpolicies',
    'use|policy,extensions|podsecuritypolicies',
  ],
  'ClusterRole/local-path-provisioner-role': [
    'get,list,watch||configmaps,nodes,persistentvolumeclaims,pods,pods/log',
    '*||endpoints,persistentvolumes,pods',
    'create,patch||events',
    'get,list,watch|storage.k8s.io|storageclasses',
  ],
  'Role/local-path-storage/local-path-provisioner-role': ['create,delete,get,list,patch,update,watch||pods'],
};

const JOINING_NODES = 'Group/system:bootstrappers:kubeadm:default-node-token';
const NODES = 'Group/system:nodes';
const STORAGE_ACCOUNTS = [
  'ServiceAccount/kube-system/local-path-provisioner-service-account',
  'ServiceAccount/local-path-storage/local-path-provisioner-service-account',
] as const;

/** The bindings of kubeadm, kind, k3s and OpenShift that give away what Kubernetes ships. */
export const INSTALLER_BINDINGS: Readonly<Record<string, ShippedBinding>> = {
  'ClusterRoleBinding/kubeadm:apiserver-kubelet-client': { role: 'ClusterRole/system:kubelet-api-admin', subjects: ['User/kube-apiserver-kubelet-client'] },
  'ClusterRoleBinding/kubeadm:cluster-admins': { role: 'ClusterRole/cluster-admin', subjects: ['Group/kubeadm:cluster-admins'] },
  'ClusterRoleBinding/kubeadm:get-nodes': { role: 'ClusterRole/kubeadm:get-nodes', subjects: [JOINING_NODES] },
  'ClusterRoleBinding/kubeadm:kubelet-bootstrap': { role: 'ClusterRole/system:node-bootstrapper', subjects: [JOINING_NODES] },
  'ClusterRoleBinding/kubeadm:node-autoapprove-bootstrap': {
    role: 'ClusterRole/system:certificates.k8s.io:certificatesigningrequests:nodeclient',
    subjects: [JOINING_NODES],
  },
  'ClusterRoleBinding/kubeadm:node-autoapprove-certificate-rotation': {
    role: 'ClusterRole/system:certificates.k8s.io:certificatesigningrequests:selfnodeclient',
    subjects: [NODES],
  },
  'ClusterRoleBinding/kubeadm:node-proxier': { role: 'ClusterRole/system:node-proxier', subjects: ['ServiceAccount/kube-system/kube-proxy'] },
  'RoleBinding/kube-public/kubeadm:bootstrap-signer-clusterinfo': { role: 'Role/kube-public/kubeadm:bootstrap-signer-clusterinfo', subjects: ['User/system:anonymous'] },
  'RoleBinding/kube-system/kube-proxy': { role: 'Role/kube-system/kube-proxy', subjects: [JOINING_NODES] },
  'RoleBinding/kube-system/kubeadm:kubeadm-certs': { role: 'Role/kube-system/kubeadm:kubeadm-certs', subjects: [JOINING_NODES] },
  'RoleBinding/kube-system/kubeadm:kubelet-config': { role: 'Role/kube-system/kubeadm:kubelet-config', subjects: [JOINING_NODES, NODES] },
  'RoleBinding/kube-system/kubeadm:nodes-kubeadm-config': { role: 'Role/kube-system/kubeadm:nodes-kubeadm-config', subjects: [JOINING_NODES, NODES] },
  'ClusterRoleBinding/system:coredns': { role: 'ClusterRole/system:coredns', subjects: ['ServiceAccount/kube-system/coredns'] },
  'ClusterRoleBinding/kindnet': { role: 'ClusterRole/kindnet', subjects: ['ServiceAccount/kube-system/kindnet'] },
  'ClusterRoleBinding/local-path-provisioner-bind': { role: 'ClusterRole/local-path-provisioner-role', subjects: STORAGE_ACCOUNTS },
  'RoleBinding/local-path-storage/local-path-provisioner-bind': { role: 'Role/local-path-storage/local-path-provisioner-role', subjects: STORAGE_ACCOUNTS },
  'ClusterRoleBinding/kube-apiserver-kubelet-admin': { role: 'ClusterRole/system:kubelet-api-admin', subjects: ['User/kube-apiserver'] },
  'ClusterRoleBinding/system:openshift:public-info-viewer': {
    role: 'ClusterRole/system:openshift:public-info-viewer',
    subjects: ['Group/system:authenticated', 'Group/system:unauthenticated'],
  },
};

/** What an installer's workload may have; anything more was added by somebody. */
export interface ShippedWorkload {
  readonly kind: 'DaemonSet' | 'Deployment' | 'Pod';
  /** Namespaces that installers put it into. */
  readonly namespaces: readonly string[];
  /** Its containers, with the last step of their image without tag. */
  readonly containers: Readonly<Record<string, string>>;
  readonly privileged?: true;
  readonly hostNetwork?: true;
  readonly capabilities?: readonly string[];
  /** Paths of nodes that it mounts, or folders above them. */
  readonly hostPaths?: readonly string[];
}

const CERTIFICATES = ['/etc/kubernetes', '/etc/ssl', '/etc/pki', '/etc/ca-certificates', '/usr/share/ca-certificates', '/usr/local/share/ca-certificates'];
const CONTROL_PLANE = { kind: 'Pod', namespaces: ['kube-system'], hostNetwork: true } as const;

/** By name; a static pod also has the name of its node. */
export const INSTALLER_WORKLOADS: Readonly<Record<string, ShippedWorkload>> = {
  etcd: { ...CONTROL_PLANE, containers: { etcd: 'etcd' }, hostPaths: ['/etc/kubernetes/pki', '/var/lib/etcd'] },
  'kube-apiserver': { ...CONTROL_PLANE, containers: { 'kube-apiserver': 'kube-apiserver' }, hostPaths: [...CERTIFICATES, '/var/log/kubernetes'] },
  'kube-controller-manager': {
    ...CONTROL_PLANE,
    containers: { 'kube-controller-manager': 'kube-controller-manager' },
    hostPaths: [...CERTIFICATES, '/usr/libexec/kubernetes/kubelet-plugins/volume/exec'],
  },
  'kube-scheduler': { ...CONTROL_PLANE, containers: { 'kube-scheduler': 'kube-scheduler' }, hostPaths: CERTIFICATES },
  coredns: { kind: 'Deployment', namespaces: ['kube-system'], containers: { coredns: 'coredns' }, capabilities: ['NET_BIND_SERVICE'] },
  'kube-proxy': {
    kind: 'DaemonSet',
    namespaces: ['kube-system'],
    containers: { 'kube-proxy': 'kube-proxy' },
    privileged: true,
    hostNetwork: true,
    hostPaths: ['/lib/modules', '/run/xtables.lock'],
  },
  kindnet: {
    kind: 'DaemonSet',
    namespaces: ['kube-system'],
    containers: { 'kindnet-cni': 'kindnetd' },
    hostNetwork: true,
    capabilities: ['NET_ADMIN', 'NET_RAW'],
    hostPaths: ['/etc/cni/net.d', '/lib/modules', '/run/xtables.lock'],
  },
  'local-path-provisioner': {
    kind: 'Deployment',
    namespaces: ['kube-system', 'local-path-storage'],
    containers: { 'local-path-provisioner': 'local-path-provisioner' },
  },
};

/** ServiceAccounts of installers and of controllers that no shipped binding names, as `namespace/name`. */
export const INSTALLER_ACCOUNTS: ReadonlySet<string> = new Set([
  'kube-system/bootstrap-signer',
  'kube-system/coredns',
  'kube-system/kindnet',
  'kube-system/kube-proxy',
  'kube-system/local-path-provisioner-service-account',
  'kube-system/persistent-volume-binder',
  'kube-system/token-cleaner',
  'local-path-storage/local-path-provisioner-service-account',
]);

/** ConfigMaps that a component keeps for itself; what people configure components with is none of them. */
export const COMPONENT_CONFIG_MAPS: ReadonlySet<string> = new Set([
  'kube-public/cluster-info',
  'kube-system/extension-apiserver-authentication',
  'kube-system/kube-apiserver-legacy-service-account-token-tracking',
]);

export const COMPONENT_SERVICES: ReadonlySet<string> = new Set(['default/kubernetes', 'kube-system/kube-dns']);
