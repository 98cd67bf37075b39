import { kindInfo, type Kind } from '#src/model/kinds.ts';

/** Kinds that Terraform's provider makes, with the API version that its resources without a version in their name have. */
const MADE: readonly Kind[] = [
  'Namespace', 'ServiceAccount', 'LimitRange', 'Service', 'ConfigMap', 'Ingress', 'NetworkPolicy', 'StorageClass', 'PersistentVolume', 'PersistentVolumeClaim',
  'Secret', 'CronJob', 'Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'ReplicationController', 'Pod', 'Role', 'ClusterRole', 'RoleBinding', 'ClusterRoleBinding', 'CertificateSigningRequest',
];
/** Before Kubernetes named them otherwise. */
const OLD_NAMES: Readonly<Record<string, Kind>> = { kubernetes_daemonset: 'DaemonSet', kubernetes_stateful_set: 'StatefulSet' };

const byResource: ReadonlyMap<string, Kind> = new Map([...MADE.map((kind) => [`kubernetes_${snakeCase(kind)}`, kind] as const), ...Object.entries(OLD_NAMES)]);

/** API version and kind of what a resource of the Kubernetes provider makes; undefined for other resources. */
export function kubernetesKind(resource: string): { readonly apiVersion: string; readonly kind: Kind } | undefined {
  const [, base = resource, version = 'v1'] = /^(.*?)_(v\d+(?:(?:alpha|beta)\d+)?)$/.exec(resource) ?? [];
  const kind = byResource.get(base);
  if (kind === undefined) return undefined;
  const [group] = kindInfo(kind).groups;
  return { apiVersion: group === '' || group === undefined ? version : `${group}/${version}`, kind };
}

function snakeCase(kind: Kind): string {
  return kind.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
}

/** Blocks of which Kubernetes has a list, with its name where that is not the block's own. */
export const LISTS: Readonly<Record<string, string>> = {
  container: 'containers', init_container: 'initContainers', ephemeral_container: 'ephemeralContainers', env: 'env', env_from: 'envFrom', volume: 'volumes', volume_mount: 'volumeMounts', volume_device: 'volumeDevices',
  toleration: 'tolerations', host_aliases: 'hostAliases', image_pull_secrets: 'imagePullSecrets', image_pull_secret: 'imagePullSecrets', topology_spread_constraint: 'topologySpreadConstraints', readiness_gate: 'readinessGates',
  sysctl: 'sysctls', http_header: 'httpHeaders', items: 'items', sources: 'sources', volume_claim_template: 'volumeClaimTemplates', rule: 'rules', subject: 'subjects', cluster_role_selectors: 'clusterRoleSelectors',
  ingress: 'ingress', egress: 'egress', from: 'from', to: 'to', ports: 'ports', tls: 'tls', limit: 'limits', match_expressions: 'matchExpressions', allowed_topologies: 'allowedTopologies', match_label_expressions: 'matchLabelExpressions',
  node_selector_term: 'nodeSelectorTerms', required_during_scheduling_ignored_during_execution: 'requiredDuringSchedulingIgnoredDuringExecution', preferred_during_scheduling_ignored_during_execution: 'preferredDuringSchedulingIgnoredDuringExecution',
  option: 'options',
};

/** Lists within these alone, because elsewhere the same word is an argument or a single block. */
export const LISTS_WITHIN: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  kubernetes_service_account: { secret: 'secrets' },
  container: { port: 'ports' },
  init_container: { port: 'ports' },
  ephemeral_container: { port: 'ports' },
  spec: { port: 'ports' },
  http: { path: 'paths' },
};

/** Their keys are the user's own, not fields. */
export const MAPS = new Set([
  'labels', 'annotations', 'match_labels', 'node_selector', 'data', 'binary_data', 'string_data', 'limits', 'requests', 'parameters', 'hard', 'default', 'default_request', 'max', 'min',
  'max_limit_request_ratio', 'volume_attributes', 'options', 'capacity',
]);

/** Whose initials Kubernetes writes in capitals. */
export const SPELLED: Readonly<Record<string, string>> = {
  host_ipc: 'hostIPC', host_pid: 'hostPID', host_ip: 'hostIP', cluster_ip: 'clusterIP', cluster_ips: 'clusterIPs', external_ips: 'externalIPs', load_balancer_ip: 'loadBalancerIP', pod_ip: 'podIP',
  non_resource_urls: 'nonResourceURLs', volume_id: 'volumeID', pd_id: 'pdID', disk_uri: 'diskURI', data_disk_uri: 'dataDiskURI', url: 'url', se_linux_options: 'seLinuxOptions', fs_type: 'fsType',
  storage_provisioner: 'provisioner', api_groups: 'apiGroups', empty_dir: 'emptyDir', pod_fs_group: 'fsGroup',
};

/** Numbers that the provider takes as texts. */
export const NUMBERS = new Set(['run_as_user', 'run_as_group', 'fs_group', 'host_port', 'container_port', 'default_mode', 'mode', 'supplemental_groups', 'ttl_seconds_after_finished']);
/** Ports, which may be names too. */
export const PORTS = new Set(['port', 'target_port']);
/** Texts, whatever they look like. */
export const TEXTS = new Set(['value', 'name', 'image', 'image_pull_policy', 'key', 'namespace', 'command', 'args', 'verbs', 'resources', 'resource_names', 'api_groups']);
