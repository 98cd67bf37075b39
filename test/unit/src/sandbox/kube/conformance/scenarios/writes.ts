import { JSON_PATCH, MERGE_PATCH, STRATEGIC_PATCH, type Scenario, type Step } from '../scenario.ts';

const MAPS = '/api/v1/namespaces/{{ns}}/configmaps';
const PODS = '/api/v1/namespaces/{{ns}}/pods';
const DEPLOYMENTS = '/apis/apps/v1/namespaces/{{ns}}/deployments';
const WEB = {
  metadata: { name: 'web', labels: { app: 'web', tier: 'front' }, annotations: { note: 'first' } },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: {
        volumes: [{ name: 'cache' }, { name: 'config', configMap: { name: 'web' } }],
        tolerations: [{ key: 'a', operator: 'Exists' }],
        containers: [
          {
            name: 'web',
            image: 'nginx:1.27',
            ports: [{ containerPort: 80 }, { containerPort: 443, name: 'https' }],
            env: [{ name: 'A', value: '1' }, { name: 'B', value: '2' }],
            args: ['-a', '-b'],
            resources: { requests: { cpu: '0.5', memory: '1024Mi' }, limits: { memory: '1.5Gi' } },
            securityContext: { privileged: false, capabilities: { drop: ['ALL'] } },
            livenessProbe: { httpGet: { port: 80 } },
            volumeMounts: [{ name: 'cache', mountPath: '/cache' }],
          },
          { name: 'side', image: 'registry.example.com/side@sha256:0000000000000000000000000000000000000000000000000000000000000000' },
        ],
      },
    },
  },
};

function patches(path: string, type: string, bodies: Readonly<Record<string, object | string>>): readonly Step[] {
  return Object.entries(bodies).map(([name, body]) => ({ name, method: 'PATCH', path, body, type }));
}

function containers(...list: readonly object[]): object {
  return { spec: { template: { spec: { containers: list } } } };
}

const MAKE_WEB: Step = { name: 'make', method: 'POST', path: DEPLOYMENTS, body: WEB };
const MAKE_MAP: Step = { name: 'make', method: 'POST', path: MAPS, body: { metadata: { name: 'a', labels: { x: 'y' } }, data: { a: '1', b: '2' } } };

export const WRITES: readonly Scenario[] = [
  {
    name: 'replacing',
    steps: [
      MAKE_MAP,
      { name: 'without a version', method: 'PUT', path: `${MAPS}/a`, body: { metadata: { name: 'a' }, data: { a: '2' } } },
      { name: 'with an old version', method: 'PUT', path: `${MAPS}/a`, body: { metadata: { name: 'a', resourceVersion: '{{make.metadata.resourceVersion}}' }, data: { a: '3' } } },
      { name: 'with the right version', method: 'PUT', path: `${MAPS}/a`, body: { metadata: { name: 'a', resourceVersion: '{{without a version.metadata.resourceVersion}}' }, data: { a: '3' } } },
      { name: 'with another name', method: 'PUT', path: `${MAPS}/a`, body: { metadata: { name: 'b' } } },
      { name: 'without a name', method: 'PUT', path: `${MAPS}/a`, body: { data: { a: '4' } } },
      { name: 'with another uid', method: 'PUT', path: `${MAPS}/a`, body: { metadata: { name: 'a', uid: '00000000-0000-0000-0000-000000000000' } } },
      { name: 'with a wrong version', method: 'PUT', path: `${MAPS}/a`, body: { metadata: { name: 'a', resourceVersion: 'abc' } }, onlyCode: true },
      { name: 'what is not there', method: 'PUT', path: `${MAPS}/b`, body: { metadata: { name: 'b' } } },
      { name: 'a role that is not there', method: 'PUT', path: '/apis/rbac.authorization.k8s.io/v1/namespaces/{{ns}}/roles/r', body: { metadata: { name: 'r' } } },
      { name: 'dry run', method: 'PUT', path: `${MAPS}/a?dryRun=All`, body: { metadata: { name: 'a' }, data: { dry: 'run' } } },
      { name: 'after the dry run', path: `${MAPS}/a` },
      { name: 'another manager', method: 'PUT', path: `${MAPS}/a?fieldManager=other`, body: { metadata: { name: 'a', labels: { x: 'z' } }, data: { a: '4', c: '5' } } },
    ],
  },
  {
    name: 'what cannot change',
    steps: [
      MAKE_WEB,
      { name: 'selector', method: 'PATCH', path: `${DEPLOYMENTS}/web`, body: { spec: { selector: { matchLabels: { app: 'other' } }, template: { metadata: { labels: { app: 'other' } } } } }, type: MERGE_PATCH },
      { name: 'secret', method: 'POST', path: '/api/v1/namespaces/{{ns}}/secrets', body: { metadata: { name: 's' }, immutable: true, data: { a: 'YQ==' } } },
      { name: 'data of an immutable secret', method: 'PATCH', path: '/api/v1/namespaces/{{ns}}/secrets/s', body: { data: { a: 'Yg==' } }, type: MERGE_PATCH },
      { name: 'type of a secret', method: 'PATCH', path: '/api/v1/namespaces/{{ns}}/secrets/s', body: { type: 'other' }, type: MERGE_PATCH },
      { name: 'binding', method: 'POST', path: '/apis/rbac.authorization.k8s.io/v1/namespaces/{{ns}}/rolebindings', body: { metadata: { name: 'b' }, roleRef: { kind: 'Role', name: 'x' } } },
      { name: 'role of a binding', method: 'PATCH', path: '/apis/rbac.authorization.k8s.io/v1/namespaces/{{ns}}/rolebindings/b', body: { roleRef: { name: 'y' } }, type: MERGE_PATCH },
      { name: 'uid', method: 'PATCH', path: `${DEPLOYMENTS}/web`, body: { metadata: { uid: '00000000-0000-0000-0000-000000000000' } }, type: MERGE_PATCH },
      { name: 'name', method: 'PATCH', path: `${DEPLOYMENTS}/web`, body: { metadata: { name: 'other' } }, type: MERGE_PATCH },
      { name: 'namespace', method: 'PATCH', path: `${DEPLOYMENTS}/web`, body: { metadata: { namespace: 'other' } }, type: MERGE_PATCH },
      { name: 'creation time', method: 'PATCH', path: `${DEPLOYMENTS}/web`, body: { metadata: { creationTimestamp: '2020-01-01T00:00:00Z' } }, type: MERGE_PATCH },
      { name: 'status on the object', method: 'PATCH', path: `${DEPLOYMENTS}/web`, body: { status: { replicas: 7 } }, type: MERGE_PATCH },
    ],
  },
  {
    name: 'a deployment',
    steps: [
      MAKE_WEB,
      { name: 'scale', path: `${DEPLOYMENTS}/web/scale` },
      { name: 'scale up', method: 'PATCH', path: `${DEPLOYMENTS}/web/scale`, body: { spec: { replicas: 5 } }, type: MERGE_PATCH, onlyCode: true },
      { name: 'status', method: 'PATCH', path: `${DEPLOYMENTS}/web/status`, body: { spec: { replicas: 9 }, status: { replicas: 2, readyReplicas: 1 } }, type: MERGE_PATCH },
      { name: 'generation', method: 'PATCH', path: `${DEPLOYMENTS}/web`, body: { spec: { replicas: 3 } }, type: MERGE_PATCH },
      { name: 'nothing new', method: 'PATCH', path: `${DEPLOYMENTS}/web`, body: { spec: { replicas: 3 } }, type: MERGE_PATCH },
    ],
  },
  {
    name: 'JSON patch',
    steps: [
      MAKE_MAP,
      ...patches(`${MAPS}/a`, JSON_PATCH, {
        replace: [{ op: 'replace', path: '/data/a', value: '5' }],
        'test and replace': [{ op: 'test', path: '/data/a', value: '5' }, { op: 'replace', path: '/data/a', value: '6' }],
        'failing test': [{ op: 'test', path: '/data/a', value: '5' }, { op: 'replace', path: '/data/a', value: '7' }],
        'add and remove': [{ op: 'add', path: '/data/c', value: '3' }, { op: 'remove', path: '/data/b' }],
        'remove nothing': [{ op: 'remove', path: '/data/none' }],
        'replace nothing': [{ op: 'replace', path: '/data/none', value: '' }],
        'copy and move': [{ op: 'copy', from: '/data/a', path: '/data/d' }, { op: 'move', from: '/data/c', path: '/data/e' }],
        'escaped path': [{ op: 'add', path: '/metadata/annotations', value: { 'a/b': 'c' } }, { op: 'replace', path: '/metadata/annotations/a~1b', value: 'd' }],
        'test of nothing': [{ op: 'test', path: '/data/none', value: null }],
        'unknown operation': [{ op: 'frobnicate', path: '/data/a' }],
        'wrong version': [{ op: 'replace', path: '/metadata/resourceVersion', value: '1' }],
        'no list': { op: 'replace' },
        'list element': [{ op: 'add', path: '/metadata/finalizers', value: ['example.com/a'] }, { op: 'add', path: '/metadata/finalizers/-', value: 'example.com/b' }],
        'list index': [{ op: 'remove', path: '/metadata/finalizers/0' }],
        'no finalizers': [{ op: 'remove', path: '/metadata/finalizers' }],
      }),
      { name: 'of what is not there', method: 'PATCH', path: `${MAPS}/none`, body: [], type: JSON_PATCH },
    ],
  },
  {
    name: 'merge patch',
    steps: [
      MAKE_WEB,
      ...patches(`${DEPLOYMENTS}/web`, MERGE_PATCH, {
        labels: { metadata: { labels: { tier: null, extra: 'yes' } } },
        'a whole list': containers({ name: 'only', image: 'busybox' }),
        'wrong version': { metadata: { resourceVersion: '1' }, spec: { replicas: 4 } },
        'right version': { metadata: { resourceVersion: '{{a whole list.metadata.resourceVersion}}' }, spec: { replicas: 4 } },
        'a list': [],
        'unknown field': { spec: { nothing: true } },
      }),
    ],
  },
  {
    name: 'strategic merge patch',
    steps: [
      MAKE_WEB,
      ...patches(`${DEPLOYMENTS}/web`, STRATEGIC_PATCH, {
        'one container': containers({ name: 'web', image: 'nginx:1.28' }),
        'a new container': containers({ name: 'third', image: 'busybox' }),
        'an environment variable': containers({ name: 'web', env: [{ name: 'B', value: '3' }, { name: 'C', value: '4' }] }),
        'delete a container': containers({ name: 'side', $patch: 'delete' }),
        'delete a variable': containers({ name: 'web', env: [{ name: 'A', $patch: 'delete' }] }),
        'an atomic list': containers({ name: 'web', args: ['-c'] }),
        'a map with null': { metadata: { labels: { tier: null } } },
        'order of containers': { spec: { template: { spec: { '$setElementOrder/containers': [{ name: 'third' }, { name: 'web' }] } } } },
        'order and content': {
          spec: { template: { spec: { '$setElementOrder/containers': [{ name: 'web' }, { name: 'fourth' }, { name: 'third' }], containers: [{ name: 'fourth', image: 'busybox' }] } } },
        },
        'retain keys': { spec: { template: { spec: { volumes: [{ name: 'cache', $retainKeys: ['name', 'hostPath'], hostPath: { path: '/x' } }] } } } },
        'replace a list': { spec: { template: { spec: { volumes: [{ $patch: 'replace' }, { name: 'cache' }] } } } },
        'replace a map': { metadata: { labels: { $patch: 'replace', app: 'web' } } },
        tolerations: { spec: { template: { spec: { tolerations: [{ key: 'b', operator: 'Exists' }] } } } },
        'without merge key': containers({ image: 'busybox' }),
        'wrong version': { metadata: { resourceVersion: '1' } },
        'nothing at all': {},
      }),
      ...patches(`${DEPLOYMENTS}/web`, STRATEGIC_PATCH, {
        finalizers: { metadata: { finalizers: ['example.com/a', 'example.com/b'] } },
        'one more finalizer': { metadata: { finalizers: ['example.com/c'] } },
        'no finalizer': { metadata: { '$deleteFromPrimitiveList/finalizers': ['example.com/a', 'example.com/b', 'example.com/c'] } },
      }),
    ],
  },
  {
    name: 'deleting',
    steps: [
      MAKE_MAP,
      { name: 'wrong uid', method: 'DELETE', path: `${MAPS}/a`, body: { preconditions: { uid: '00000000-0000-0000-0000-000000000000' } } },
      { name: 'wrong version', method: 'DELETE', path: `${MAPS}/a`, body: { preconditions: { resourceVersion: '1' } } },
      { name: 'dry run', method: 'DELETE', path: `${MAPS}/a?dryRun=All` },
      { name: 'still there', path: `${MAPS}/a` },
      { name: 'right uid', method: 'DELETE', path: `${MAPS}/a`, body: { kind: 'DeleteOptions', apiVersion: 'v1', preconditions: { uid: '{{make.metadata.uid}}' } } },
      { name: 'again', method: 'DELETE', path: `${MAPS}/a` },
      { name: 'held', method: 'POST', path: MAPS, body: { metadata: { name: 'held', finalizers: ['example.com/hold'] } } },
      { name: 'waits', method: 'DELETE', path: `${MAPS}/held` },
      { name: 'waits on', method: 'DELETE', path: `${MAPS}/held` },
      { name: 'no more finalizers', method: 'PATCH', path: `${MAPS}/held`, body: { metadata: { finalizers: ['example.com/hold', 'example.com/more'] } }, type: MERGE_PATCH },
      { name: 'let go', method: 'PATCH', path: `${MAPS}/held`, body: { metadata: { finalizers: null } }, type: MERGE_PATCH },
      { name: 'gone', path: `${MAPS}/held` },
      { name: 'first of many', method: 'POST', path: MAPS, body: { metadata: { name: 'm1', labels: { many: 'yes' } } } },
      { name: 'second of many', method: 'POST', path: MAPS, body: { metadata: { name: 'm2', labels: { many: 'yes' } } } },
      { name: 'all of many', method: 'DELETE', path: `${MAPS}?labelSelector=many%3Dyes` },
      { name: 'none of many', path: `${MAPS}?labelSelector=many%3Dyes` },
      { name: 'a system namespace', method: 'DELETE', path: '/api/v1/namespaces/kube-system' },
      { name: 'a pod', method: 'POST', path: PODS, body: { metadata: { name: 'p' }, spec: { containers: [{ name: 'c', image: 'nginx' }] } } },
      { name: 'evicted', method: 'POST', path: `${PODS}/p/eviction`, body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'p', namespace: '{{ns}}' } } },
    ],
  },
  {
    name: 'a pod with everything',
    steps: [
      {
        name: 'profiles of old',
        method: 'POST',
        path: PODS,
        body: {
          metadata: { name: 'old', annotations: { 'container.apparmor.security.beta.kubernetes.io/a': 'unconfined', 'container.apparmor.security.beta.kubernetes.io/b': 'localhost/strict' } },
          spec: { containers: ['a', 'b', 'c'].map((name) => ({ name, image: 'nginx' })), volumes: [{ name: 'v', iscsi: { targetPortal: '192.0.2.1', iqn: 'iqn.2026-01.com.example:a', lun: 0 } }] },
        },
      },
      {
        name: 'make',
        method: 'POST',
        path: PODS,
        body: {
          metadata: { name: 'full', labels: { app: 'full' } },
          spec: {
            hostNetwork: true,
            hostPID: false,
            automountServiceAccountToken: false,
            securityContext: { runAsNonRoot: true, fsGroup: 0 },
            nodeSelector: { disk: 'ssd' },
            affinity: { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, podAffinityTerm: { topologyKey: 'zone', labelSelector: {} } }] } },
            imagePullSecrets: [{ name: 'pull' }],
            initContainers: [{ name: 'init', image: 'busybox', command: ['true'], resources: { limits: { cpu: '100m', memory: '64Mi' } } }],
            containers: [
              {
                name: 'main',
                image: 'registry.example.com:5000/app',
                ports: [{ containerPort: 8080, protocol: 'UDP' }],
                env: [{ name: 'POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }, { name: 'KEY', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }],
                envFrom: [{ configMapRef: { name: 'c' } }],
                resources: { limits: { cpu: '1', memory: '128M' } },
                readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 5 },
                startupProbe: { grpc: { port: 9000 } },
                lifecycle: { preStop: { exec: { command: ['sleep', '1'] } } },
                securityContext: { runAsUser: 0, readOnlyRootFilesystem: true },
                volumeMounts: [{ name: 'host', mountPath: '/host', readOnly: true }, { name: 'projected', mountPath: '/p' }],
              },
            ],
            volumes: [
              { name: 'host', hostPath: { path: '/var/log' } },
              { name: 'secret', secret: { secretName: 's' } },
              { name: 'projected', projected: { sources: [{ serviceAccountToken: { path: 't' } }, { downwardAPI: { items: [{ path: 'n', fieldRef: { fieldPath: 'metadata.namespace' } }] } }] } },
            ],
          },
        },
      },
      { name: 'image', method: 'PATCH', path: `${PODS}/full`, body: { spec: { containers: [{ name: 'main', image: 'app:2' }] } }, type: STRATEGIC_PATCH },
      { name: 'status', method: 'PATCH', path: `${PODS}/full/status`, body: { status: { phase: 'Running', podIP: '192.0.2.9' } }, type: MERGE_PATCH },
      { name: 'bind', method: 'POST', path: `${PODS}/full/binding`, body: { apiVersion: 'v1', kind: 'Binding', metadata: { name: 'full' }, target: { kind: 'Node', name: 'node-1' } } },
    ],
  },
];
