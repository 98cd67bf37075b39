import type { NodeFileName } from '#src/model/node-files.ts';

/** Where something is on the nodes of some installer. */
export interface Location {
  readonly file: NodeFileName;
  readonly path: string;
  /** What is in the folder is meant: its files, or everything to the bottom and the folders themselves. */
  readonly inside?: 'files' | 'tree';
}

const MANIFESTS = ['/etc/kubernetes/manifests', '/var/lib/rancher/rke2/agent/pod-manifests'];
const RANCHER = ['/var/lib/rancher/k3s', '/var/lib/rancher/rke2'];
const UNITS = ['/etc/systemd/system', '/usr/lib/systemd/system'];

/** Known places of kubeadm, k3s, RKE2 and the nodes of EKS, AKS and GKE. What is not there is left out. */
export const LOCATIONS: readonly Location[] = [
  ...each('apiserver-manifest', below(MANIFESTS, 'kube-apiserver.yaml')),
  ...each('controller-manager-manifest', below(MANIFESTS, 'kube-controller-manager.yaml')),
  ...each('scheduler-manifest', below(MANIFESTS, 'kube-scheduler.yaml')),
  ...each('etcd-manifest', below(MANIFESTS, 'etcd.yaml')),
  ...each('etcd-data', ['/var/lib/etcd', '/var/lib/rancher/rke2/server/db/etcd']),
  ...each('etcd-data-of-k3s', ['/var/lib/rancher/k3s/server/db/etcd']),
  ...each('admin-conf', ['/etc/kubernetes/admin.conf', '/etc/kubernetes/super-admin.conf', '/etc/rancher/k3s/k3s.yaml', '/etc/rancher/rke2/rke2.yaml', ...below(RANCHER, 'server/cred/admin.kubeconfig')]),
  ...each('scheduler-conf', ['/etc/kubernetes/scheduler.conf', ...below(RANCHER, 'server/cred/scheduler.kubeconfig')]),
  ...each('controller-manager-conf', ['/etc/kubernetes/controller-manager.conf', ...below(RANCHER, 'server/cred/controller.kubeconfig')]),
  ...each('kubelet-service', below(UNITS, 'kubelet.service')),
  ...each('kubelet-service', below(UNITS, 'kubelet.service.d'), 'files'),
  ...each('kube-proxy-conf', ['/etc/kubernetes/proxy.conf', '/etc/kubernetes/kube-proxy.conf', '/var/lib/kube-proxy/kubeconfig', ...below(RANCHER, 'agent/kubeproxy.kubeconfig')]),
  ...each('kubelet-conf', ['/etc/kubernetes/kubelet.conf', '/var/lib/kubelet/kubeconfig', ...below(RANCHER, 'agent/kubelet.kubeconfig')]),
  ...each('client-ca', ['/etc/kubernetes/pki/ca.crt', '/etc/kubernetes/certs/ca.crt', ...below(RANCHER, 'agent/client-ca.crt')]),
  ...each('kubelet-config', ['/var/lib/kubelet/config.yaml', '/etc/kubernetes/kubelet/kubelet-config.json', '/etc/kubernetes/kubelet/config.json', '/etc/default/kubeletconfig.json']),
  ...each('kubelet-config', below(RANCHER, 'agent/etc/kubelet.conf.d'), 'files'),
  ...each('cni', ['/etc/cni/net.d', '/var/lib/rancher/k3s/agent/etc/cni/net.d'], 'files'),
  ...each('pki', ['/etc/kubernetes/pki', ...below(RANCHER, 'server/tls')], 'tree'),
];

function below(folders: readonly string[], rest: string): readonly string[] {
  return folders.map((folder) => `${folder}/${rest}`);
}

function each(file: NodeFileName, paths: readonly string[], inside?: Location['inside']): readonly Location[] {
  return paths.map((path) => ({ file, path, ...(inside && { inside }) }));
}
