import type { RawObject } from '#src/model/raw.ts';
import { FILLED, type Workload } from './workloads.ts';

const REGISTRY = 'registry.corp.example';
const ENVIRONMENT = ['LOG_LEVEL', 'HTTP_PORT', 'METRICS_PORT', 'CACHE_URL', 'QUEUE_URL', 'FEATURE_FLAGS', 'REGION', 'TRACE_RATE', 'POOL_SIZE', 'TIMEOUT_MS', 'BASE_PATH', 'TENANT', 'LOCALE'];

/** The spec of a workload's pods as somebody wrote it, before the API server and the scheduler fill in their part. */
export function writtenSpec(workload: Workload): RawObject {
  const { posture } = workload;
  return {
    serviceAccountName: workload.name,
    terminationGracePeriodSeconds: 30,
    ...(posture === 'hardened' && { automountServiceAccountToken: false, securityContext: { runAsNonRoot: true, runAsUser: 10001, fsGroup: 10001, seccompProfile: { type: 'RuntimeDefault' } } }),
    ...(posture === 'privileged' && { hostNetwork: true, hostPID: true }),
    containers: [container(workload, 'app', 'app'), ...(workload.hasSidecar ? [container(workload, 'proxy', 'proxy')] : [])],
    volumes: [
      { name: 'config', configMap: { name: `${workload.name}-config`, defaultMode: 420 } },
      { name: 'tmp', emptyDir: {} },
      ...(posture === 'host-path' ? [{ name: 'host', hostPath: { path: '/var/lib/data', type: '' } }] : []),
    ],
  };
}

function container({ name, posture }: Workload, containerName: string, image: string): RawObject {
  const tag = posture === 'careless' ? ':latest' : '@sha256:4f1c1a1e0d6f6f0f3b6a5c9c6f0e1d2c3b4a5968778695a4b3c2d1e0f1a2b3c4';
  const probe = { httpGet: { path: '/healthz', port: 8080, scheme: 'HTTP' }, initialDelaySeconds: 5, timeoutSeconds: 2, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 };
  return {
    name: containerName,
    image: `${REGISTRY}/shop/${image}${tag}`,
    args: ['--config=/etc/app/config.yaml', `--service=${name}`, '--shutdown-timeout=25s'],
    ports: [
      { name: 'http', containerPort: 8080, protocol: 'TCP' },
      { name: 'metrics', containerPort: 9090, protocol: 'TCP' },
    ],
    env: [
      ...ENVIRONMENT.map((variable) => ({ name: variable, value: `${variable.toLowerCase().replaceAll('_', '-')}.${name}` })),
      ...(posture === 'careless' ? [{ name: 'DB_PASSWORD', value: 'hunter2-not-a-real-one' }] : []),
      { name: 'POD_NAME', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } } },
    ],
    ...(posture !== 'careless' && { resources: { limits: { cpu: '500m', memory: '512Mi' }, requests: { cpu: '100m', memory: '256Mi' } } }),
    livenessProbe: probe,
    readinessProbe: probe,
    volumeMounts: [
      { name: 'config', mountPath: '/etc/app', readOnly: true },
      { name: 'tmp', mountPath: '/tmp' },
      ...(posture === 'host-path' ? [{ name: 'host', mountPath: '/data' }] : []),
    ],
    imagePullPolicy: 'IfNotPresent',
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    ...securityOf(posture),
  };
}

function securityOf(posture: Workload['posture']): RawObject {
  if (posture === 'hardened') return { securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } } };
  return posture === 'privileged' ? { securityContext: { privileged: true } } : {};
}

/** A running pod of a workload; what differs from pod to pod stands as `FILLED` words. */
export function runningPod(workload: Workload): RawObject {
  const metadata = {
    name: FILLED.name,
    ...(workload.controller !== undefined && { generateName: workload.podPrefix }),
    namespace: workload.namespace,
    uid: FILLED.uid,
    resourceVersion: '48151623',
    creationTimestamp: '2026-11-02T03:04:05Z',
    labels: { ...labelsOf(workload), 'pod-template-hash': workload.hash },
    annotations: { 'prometheus.io/scrape': 'true', 'prometheus.io/port': '9090', 'checksum/config': '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08' },
    ...(workload.controller !== undefined && { ownerReferences: [{ ...workload.controller, uid: '5d9c1a7e-4b7e-4a51-9d8c-3c1b2a4d5e6f', controller: true, blockOwnerDeletion: true }] }),
  };
  const pod = { metadata, spec: runningSpec(workload), status: statusOf(workload) };
  const { name: _name, namespace: _namespace, uid: _uid, resourceVersion: _version, creationTimestamp: _created, ...managed } = metadata;
  return {
    ...pod,
    metadata: {
      ...metadata,
      managedFields: [
        { manager: 'kube-controller-manager', operation: 'Update', apiVersion: 'v1', time: '2026-11-02T03:04:05Z', fieldsType: 'FieldsV1', fieldsV1: fieldSet({ metadata: managed, spec: writtenSpec(workload) }) },
        { manager: 'kubelet', operation: 'Update', apiVersion: 'v1', time: '2026-11-02T03:04:39Z', fieldsType: 'FieldsV1', fieldsV1: fieldSet({ status: pod.status }), subresource: 'status' },
      ],
    },
  };
}

export function labelsOf({ name }: Workload): RawObject {
  return { 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': 'shop', 'app.kubernetes.io/managed-by': 'Helm' };
}

function runningSpec(workload: Workload): RawObject {
  const written = writtenSpec(workload);
  const token = `kube-api-access-${FILLED.suffix}`;
  const mount = { name: token, readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' };
  const sources = [
    { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
    { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
    { downwardAPI: { items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }] } },
  ];
  const containers = (written.containers as readonly RawObject[]).map((each) => ({ ...each, volumeMounts: [...(each.volumeMounts as readonly RawObject[]), mount] }));
  return {
    ...written,
    volumes: [...(written.volumes as readonly RawObject[]), { name: token, projected: { sources, defaultMode: 420 } }],
    containers,
    restartPolicy: 'Always',
    dnsPolicy: 'ClusterFirst',
    serviceAccount: workload.name,
    nodeName: FILLED.node,
    schedulerName: 'default-scheduler',
    tolerations: ['not-ready', 'unreachable'].map((taint) => ({ key: `node.kubernetes.io/${taint}`, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 })),
    priority: 0,
    enableServiceLinks: true,
    preemptionPolicy: 'PreemptLowerPriority',
  };
}

function statusOf(workload: Workload): RawObject {
  const conditions = ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled'];
  return {
    phase: 'Running',
    conditions: conditions.map((type) => ({ type, status: 'True', lastProbeTime: null, lastTransitionTime: '2026-11-02T03:04:39Z' })),
    hostIP: '10.0.0.1',
    hostIPs: [{ ip: '10.0.0.1' }],
    podIP: FILLED.address,
    podIPs: [{ ip: FILLED.address }],
    startTime: '2026-11-02T03:04:05Z',
    qosClass: 'Burstable',
    containerStatuses: (writtenSpec(workload).containers as readonly RawObject[]).map(({ name, image }) => ({
      name,
      image,
      state: { running: { startedAt: '2026-11-02T03:04:37Z' } },
      lastState: {},
      ready: true,
      restartCount: 0,
      imageID: `${REGISTRY}/shop/image@sha256:4f1c1a1e0d6f6f0f3b6a5c9c6f0e1d2c3b4a5968778695a4b3c2d1e0f1a2b3c4`,
      containerID: 'containerd://8f14e45fceea167a5a36dedd4bea2543f6b1e5c9c6f0e1d2c3b4a59687786950',
      started: true,
    })),
  };
}

/** What the API server writes down about who set which field: a tree of their names. */
function fieldSet(value: unknown): RawObject {
  if (Array.isArray(value)) return Object.fromEntries(value.map((entry: unknown) => [entryKey(entry), fieldSet(entry)]));
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).map(([field, inner]) => [`f:${field}`, fieldSet(inner)]));
}

/** Lists of objects are keyed by a field of their own; any other entry is its own name. */
function entryKey(entry: unknown): string {
  if (typeof entry !== 'object' || entry === null) return `v:${JSON.stringify(entry)}`;
  const keys = ['containerPort', 'mountPath', 'name', 'type', 'ip', 'uid'].filter((key) => key in entry).slice(0, 1);
  return `k:${JSON.stringify(Object.fromEntries(keys.map((key) => [key, (entry as RawObject)[key]])))}`;
}
