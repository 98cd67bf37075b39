import { TABLE, type Scenario, type Step } from '../scenario.ts';

const POD_SPEC = { containers: [{ name: 'web', image: 'nginx:1.27' }] };
const TEMPLATE = { metadata: { labels: { app: 'web' } }, spec: POD_SPEC };
const WORKLOAD = { selector: { matchLabels: { app: 'web' } }, template: TEMPLATE };
const JOB = { template: { spec: { ...POD_SPEC, restartPolicy: 'Never' } } };
const RBAC = 'rbac.authorization.k8s.io';
const NAMESPACED = '/namespaces/{{ns}}';

interface Kind {
  readonly path: string;
  readonly body: object;
  /** Steps that are left out, because the real server's words there have its inner form of the object in them. */
  readonly without?: readonly string[];
}

/** The smallest object of each kind, and what the server makes of it. */
const SMALLEST: Readonly<Record<string, Kind>> = {
  ConfigMap: { path: `/api/v1${NAMESPACED}/configmaps`, body: { data: { a: '1' } } },
  'ConfigMap without data': { path: `/api/v1${NAMESPACED}/configmaps`, body: {} },
  Secret: { path: `/api/v1${NAMESPACED}/secrets`, body: { stringData: { password: 'not-a-secret' } } },
  ServiceAccount: { path: `/api/v1${NAMESPACED}/serviceaccounts`, body: { automountServiceAccountToken: false } },
  Service: { path: `/api/v1${NAMESPACED}/services`, body: { spec: { selector: { app: 'web' }, ports: [{ port: 80 }] } } },
  'Service of type NodePort': { path: `/api/v1${NAMESPACED}/services`, body: { spec: { type: 'NodePort', ports: [{ port: 80, targetPort: 'http' }] } } },
  'Service of type LoadBalancer': { path: `/api/v1${NAMESPACED}/services`, body: { spec: { type: 'LoadBalancer', ports: [{ port: 443, name: 'https' }] } } },
  'headless Service': { path: `/api/v1${NAMESPACED}/services`, body: { spec: { clusterIP: 'None', ports: [{ port: 80 }] } } },
  'Service of type ExternalName': { path: `/api/v1${NAMESPACED}/services`, body: { spec: { type: 'ExternalName', externalName: 'example.com' } } },
  Endpoints: { path: `/api/v1${NAMESPACED}/endpoints`, body: { subsets: [{ addresses: [{ ip: '192.0.2.1' }], ports: [{ port: 80 }] }] } },
  Event: {
    path: `/api/v1${NAMESPACED}/events`,
    body: { involvedObject: { kind: 'Pod', namespace: '{{ns}}', name: 'web' }, reason: 'Started', message: 'started', type: 'Normal' },
  },
  LimitRange: { path: `/api/v1${NAMESPACED}/limitranges`, body: { spec: { limits: [{ type: 'Container', max: { cpu: '2' }, min: { cpu: '0.1' } }] } } },
  ResourceQuota: { path: `/api/v1${NAMESPACED}/resourcequotas`, body: { spec: { hard: { pods: '10', 'requests.cpu': '1000m' } } } },
  PersistentVolumeClaim: {
    path: `/api/v1${NAMESPACED}/persistentvolumeclaims`,
    body: { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1024Mi' } } } },
  },
  PodTemplate: { path: `/api/v1${NAMESPACED}/podtemplates`, body: { template: TEMPLATE } },
  ReplicationController: { path: `/api/v1${NAMESPACED}/replicationcontrollers`, body: { spec: { template: TEMPLATE } } },
  Pod: { path: `/api/v1${NAMESPACED}/pods`, body: { spec: POD_SPEC }, without: ['replace with itself'] },
  Deployment: { path: `/apis/apps/v1${NAMESPACED}/deployments`, body: { spec: WORKLOAD } },
  DaemonSet: { path: `/apis/apps/v1${NAMESPACED}/daemonsets`, body: { spec: WORKLOAD }, without: ['row'] },
  ReplicaSet: { path: `/apis/apps/v1${NAMESPACED}/replicasets`, body: { spec: WORKLOAD } },
  StatefulSet: {
    path: `/apis/apps/v1${NAMESPACED}/statefulsets`,
    body: {
      spec: {
        ...WORKLOAD,
        serviceName: 'web',
        volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } }],
      },
    },
  },
  ControllerRevision: { path: `/apis/apps/v1${NAMESPACED}/controllerrevisions`, body: { revision: 1, data: { spec: {} } } },
  Job: { path: `/apis/batch/v1${NAMESPACED}/jobs`, body: { spec: JOB }, without: ['replace with itself'] },
  CronJob: { path: `/apis/batch/v1${NAMESPACED}/cronjobs`, body: { spec: { schedule: '*/5 * * * *', jobTemplate: { spec: JOB } } } },
  'HorizontalPodAutoscaler v2': {
    path: `/apis/autoscaling/v2${NAMESPACED}/horizontalpodautoscalers`,
    body: { spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }, maxReplicas: 3 } },
  },
  'HorizontalPodAutoscaler v1': {
    path: `/apis/autoscaling/v1${NAMESPACED}/horizontalpodautoscalers`,
    body: { spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }, maxReplicas: 3, targetCPUUtilizationPercentage: 60 } },
  },
  NetworkPolicy: { path: `/apis/networking.k8s.io/v1${NAMESPACED}/networkpolicies`, body: { spec: { podSelector: {} } } },
  'NetworkPolicy with egress': {
    path: `/apis/networking.k8s.io/v1${NAMESPACED}/networkpolicies`,
    body: { spec: { podSelector: { matchLabels: { app: 'web' } }, egress: [{ ports: [{ port: 53 }], to: [{ ipBlock: { cidr: '203.0.113.0/24' } }] }] } },
  },
  Ingress: {
    path: `/apis/networking.k8s.io/v1${NAMESPACED}/ingresses`,
    body: { spec: { rules: [{ host: 'example.com', http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'web', port: { number: 80 } } } }] } }] } },
  },
  PodDisruptionBudget: { path: `/apis/policy/v1${NAMESPACED}/poddisruptionbudgets`, body: { spec: { minAvailable: 1, selector: { matchLabels: { app: 'web' } } } } },
  Role: { path: `/apis/${RBAC}/v1${NAMESPACED}/roles`, body: { rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }] } },
  'Role without rules': { path: `/apis/${RBAC}/v1${NAMESPACED}/roles`, body: {} },
  RoleBinding: {
    path: `/apis/${RBAC}/v1${NAMESPACED}/rolebindings`,
    body: { roleRef: { kind: 'Role', name: 'none' }, subjects: [{ kind: 'User', name: 'bob' }, { kind: 'ServiceAccount', name: 'default' }] },
  },
  Lease: { path: `/apis/coordination.k8s.io/v1${NAMESPACED}/leases`, body: { spec: { holderIdentity: 'me', renewTime: '2026-01-02T03:04:05.678000Z' } } },
  EndpointSlice: {
    path: `/apis/discovery.k8s.io/v1${NAMESPACED}/endpointslices`,
    body: { addressType: 'IPv4', endpoints: [{ addresses: ['192.0.2.1'] }], ports: [{ port: 80 }] },
  },
  Namespace: { path: '/api/v1/namespaces', body: {} },
  Node: { path: '/api/v1/nodes', body: { metadata: { labels: { 'node-role.kubernetes.io/worker': '' } } } },
  PersistentVolume: {
    path: '/api/v1/persistentvolumes',
    body: { spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/data' } } },
  },
  ClusterRole: { path: `/apis/${RBAC}/v1/clusterroles`, body: { rules: [{ nonResourceURLs: ['/metrics'], verbs: ['get'] }] } },
  ClusterRoleBinding: { path: `/apis/${RBAC}/v1/clusterrolebindings`, body: { roleRef: { kind: 'ClusterRole', name: 'view' }, subjects: [{ kind: 'Group', name: 'audit' }] } },
  StorageClass: { path: '/apis/storage.k8s.io/v1/storageclasses', body: { provisioner: 'example.com/disk' } },
  CSIDriver: { path: '/apis/storage.k8s.io/v1/csidrivers', body: { spec: {} } },
  PriorityClass: { path: '/apis/scheduling.k8s.io/v1/priorityclasses', body: { value: 1000 } },
  RuntimeClass: { path: '/apis/node.k8s.io/v1/runtimeclasses', body: { handler: 'gvisor' } },
  IngressClass: { path: '/apis/networking.k8s.io/v1/ingressclasses', body: { spec: { controller: 'example.com/ingress' } } },
  ValidatingWebhookConfiguration: {
    path: '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations',
    body: {
      webhooks: [
        {
          name: 'check.example.com',
          admissionReviewVersions: ['v1'],
          sideEffects: 'None',
          namespaceSelector: { matchLabels: { conformance: '{{ns}}' } },
          clientConfig: { service: { name: 'hook', namespace: '{{ns}}' } },
          rules: [{ apiGroups: ['example.com'], apiVersions: ['v1'], resources: ['nothings'], operations: ['CREATE'] }],
        },
      ],
    },
  },
  ValidatingAdmissionPolicy: {
    path: '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies',
    body: {
      spec: {
        matchConstraints: { resourceRules: [{ apiGroups: ['example.com'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['nothings'] }] },
        validations: [{ expression: 'true' }],
      },
    },
  },
};

function singular(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9]+/g, '-').toLowerCase();
}

function stepsOf([name, { path, body, without = [] }]: readonly [string, Kind]): readonly Step[] {
  const object = `{{ns}}-${singular(name)}`;
  const given = body as { readonly metadata?: object };
  const made = { ...body, metadata: { ...given.metadata, name: object } };
  const steps: readonly Step[] = [
    { name: 'create', method: 'POST', path, body: made },
    { name: 'get', path: `${path}/${object}` },
    { name: 'row', path: `${path}?fieldSelector=metadata.name=${object}`, accept: TABLE },
    { name: 'replace with itself', method: 'PUT', path: `${path}/${object}`, body: made },
    { name: 'delete', method: 'DELETE', path: `${path}/${object}` },
  ];
  return steps.filter((step) => !without.includes(step.name));
}

export const KINDS: readonly Scenario[] = Object.entries(SMALLEST).map((entry) => ({ name: `smallest ${entry[0]}`, steps: stepsOf(entry) }));
