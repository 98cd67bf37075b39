import { describe, expect, test } from '@jest/globals';
import { kubernetesObject } from '#src/iac/terraform/kubernetes.ts';
import { UNRESOLVED, type Step } from '#src/model/raw.ts';

const METADATA = [{ name: 'api', namespace: 'shop', labels: { some_label: 'a_b' } }];

function objectOf(type: string, values: Readonly<Record<string, unknown>>): unknown {
  return kubernetesObject(type, { metadata: METADATA, ...values })?.object;
}

describe('src/iac/terraform/kubernetes.ts', () => {
  test.each([
    ['kubernetes_pod', 'v1', 'Pod'],
    ['kubernetes_pod_v1', 'v1', 'Pod'],
    ['kubernetes_deployment', 'apps/v1', 'Deployment'],
    ['kubernetes_stateful_set_v1', 'apps/v1', 'StatefulSet'],
    ['kubernetes_daemonset', 'apps/v1', 'DaemonSet'],
    ['kubernetes_daemon_set_v1', 'apps/v1', 'DaemonSet'],
    ['kubernetes_cron_job_v1', 'batch/v1', 'CronJob'],
    ['kubernetes_cluster_role_binding_v1', 'rbac.authorization.k8s.io/v1', 'ClusterRoleBinding'],
    ['kubernetes_network_policy', 'networking.k8s.io/v1', 'NetworkPolicy'],
    ['kubernetes_persistent_volume_claim_v1', 'v1', 'PersistentVolumeClaim'],
  ])('%s makes a %s %s', (type, apiVersion, kind) => {
    expect(objectOf(type, {})).toEqual({ apiVersion, kind, metadata: { name: 'api', namespace: 'shop', labels: { some_label: 'a_b' } } });
  });

  test.each(['aws_instance', 'kubernetes_annotations', 'kubernetes_', ''])('%s makes none', (type) => {
    expect(objectOf(type, {})).toBeUndefined();
  });

  test('turns blocks into lists and objects, texts into numbers and names into those of Kubernetes', () => {
    const container = {
      name: 'main',
      command: ['true', '1'],
      env: [{ name: 'DEBUG', value: true }, { name: 'KEY', value_from: [{ secret_key_ref: [{ name: 'db', key: 'k' }] }] }],
      port: [{ container_port: '80', host_port: 8080 }],
      resources: [{ limits: { cpu: '1', 'ephemeral-storage': '1Gi' }, requests: null }],
      security_context: [{ run_as_user: '1000', privileged: 'true', read_only_root_filesystem: false, se_linux_options: [{ type: 'spc_t' }], capabilities: [{ drop: ['ALL'] }] }],
      liveness_probe: [{ http_get: [{ path: '/', port: 'http', http_header: [{ name: 'a', value: 'b' }] }] }],
      volume_mount: [{ name: 'v', mount_path: '/v', read_only: true }],
    };
    const spec = { host_ipc: true, host_pid: true, host_network: true, node_selector: { disk_type: 'ssd' }, container: [container], init_container: [{ name: 'first' }], volume: [{ name: 'v', host_path: [{ path: '/run', type: null }] }] };

    expect(objectOf('kubernetes_deployment', { spec: [{ selector: [{ match_labels: { app_name: 'x' } }], template: [{ metadata: [{ labels: { app_name: 'x' } }], spec: [spec] }] }] })).toMatchObject({
      spec: {
        selector: { matchLabels: { app_name: 'x' } },
        template: {
          metadata: { labels: { app_name: 'x' } },
          spec: {
            hostIPC: true,
            hostPID: true,
            hostNetwork: true,
            nodeSelector: { disk_type: 'ssd' },
            initContainers: [{ name: 'first' }],
            volumes: [{ name: 'v', hostPath: { path: '/run' } }],
            containers: [
              {
                name: 'main',
                command: ['true', '1'],
                env: [{ name: 'DEBUG', value: 'true' }, { name: 'KEY', valueFrom: { secretKeyRef: { name: 'db', key: 'k' } } }],
                ports: [{ containerPort: 80, hostPort: 8080 }],
                resources: { limits: { cpu: '1', 'ephemeral-storage': '1Gi' } },
                securityContext: { runAsUser: 1000, privileged: true, readOnlyRootFilesystem: false, seLinuxOptions: { type: 'spc_t' }, capabilities: { drop: ['ALL'] } },
                livenessProbe: { httpGet: { path: '/', port: 'http', httpHeaders: [{ name: 'a', value: 'b' }] } },
                volumeMounts: [{ name: 'v', mountPath: '/v', readOnly: true }],
              },
            ],
          },
        },
      },
    });
  });

  test('a block given once reads like a list of it', () => {
    expect(objectOf('kubernetes_pod', { spec: { container: { name: 'main', security_context: { privileged: true } } } })).toMatchObject({ spec: { containers: [{ name: 'main', securityContext: { privileged: true } }] } });
  });

  test('roles, bindings, services, policies and volumes keep their shapes', () => {
    expect(objectOf('kubernetes_role', { rule: [{ api_groups: [''], resources: ['pods'], verbs: ['*'] }] })).toMatchObject({ rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['*'] }] });
    expect(objectOf('kubernetes_role_binding', { role_ref: [{ api_group: 'g', kind: 'Role', name: 'r' }], subject: [{ kind: 'User', name: 'u' }] })).toMatchObject({ roleRef: { apiGroup: 'g', kind: 'Role', name: 'r' }, subjects: [{ kind: 'User', name: 'u' }] });
    expect(objectOf('kubernetes_service', { spec: [{ selector: { app_name: 'x' }, port: [{ port: 80, target_port: '8080' }], external_ips: ['192.0.2.1'] }] })).toMatchObject({
      spec: { selector: { app_name: 'x' }, ports: [{ port: 80, targetPort: 8080 }], externalIPs: ['192.0.2.1'] },
    });
    expect(objectOf('kubernetes_network_policy', { spec: [{ pod_selector: [{}], ingress: [{}], egress: [{ to: [{ ip_block: [{ cidr: '0.0.0.0/0' }] }], ports: [{ port: '53', protocol: 'UDP' }] }], policy_types: ['Ingress'] }] })).toMatchObject({
      spec: { podSelector: {}, ingress: [{}], egress: [{ to: [{ ipBlock: { cidr: '0.0.0.0/0' } }], ports: [{ port: 53, protocol: 'UDP' }] }], policyTypes: ['Ingress'] },
    });
    expect(objectOf('kubernetes_ingress_v1', { spec: [{ tls: [{ hosts: ['a'] }], rule: [{ http: [{ path: [{ path: '/', backend: [{ service: [{ name: 's', port: [{ number: 80 }] }] }] }] }] }] }] })).toMatchObject({
      spec: { tls: [{ hosts: ['a'] }], rules: [{ http: { paths: [{ path: '/', backend: { service: { name: 's', port: { number: 80 } } } }] } }] },
    });
    expect(objectOf('kubernetes_persistent_volume', { spec: [{ capacity: { storage: '1Gi' }, persistent_volume_source: [{ csi: [{ driver: 'd', volume_attributes: { some_key: 'v' } }] }] }] })).toMatchObject({
      spec: { capacity: { storage: '1Gi' }, csi: { driver: 'd', volumeAttributes: { some_key: 'v' } } },
    });
    expect(objectOf('kubernetes_storage_class', { storage_provisioner: 'p', parameters: { some_key: 'v' } })).toMatchObject({ provisioner: 'p', parameters: { some_key: 'v' } });
    expect(objectOf('kubernetes_service_account', { secret: [{ name: 's' }], automount_service_account_token: false })).toMatchObject({ secrets: [{ name: 's' }], automountServiceAccountToken: false });
  });

  test('what is not known stays so', () => {
    expect(objectOf('kubernetes_pod', { spec: [{ host_network: UNRESOLVED, container: [{ name: 'main' }, UNRESOLVED], volume: UNRESOLVED }] })).toMatchObject({ spec: { hostNetwork: UNRESOLVED, containers: [{ name: 'main' }, UNRESOLVED], volumes: UNRESOLVED } });
    expect(kubernetesObject('kubernetes_pod', UNRESOLVED)).toBeUndefined();
    expect(kubernetesObject('kubernetes_pod', { metadata: UNRESOLVED })).toBeUndefined();
  });

  test.each<[readonly Step[], readonly Step[]]>([
    [['spec', 'containers', 1, 'securityContext', 'privileged'], ['spec', 0, 'container', 1, 'security_context', 0, 'privileged']],
    [['spec', 'containers', 1, 'securityContext', 'runAsNonRoot'], ['spec', 0, 'container', 1, 'security_context', 0]],
    [['spec', 'hostPID'], ['spec', 0, 'host_pid']],
    [['nothing'], []],
  ])('finds where %j was written', (path, expected) => {
    const converted = kubernetesObject('kubernetes_pod', { metadata: METADATA, spec: [{ host_pid: true, container: [{}, { security_context: [{ privileged: true }] }] }] });

    expect(converted?.written(path)).toEqual(expected);
  });
});
