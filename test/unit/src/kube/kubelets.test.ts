import { describe, expect, test } from '@jest/globals';
import { check } from '#src/checks/node/kubelet-config/check.ts';
import { withKubelets } from '#src/kube/kubelets.ts';
import { SilentServer, type ApiClient, type ApiRequest, type ApiResponse } from '#src/kube/request.ts';
import { NO_SETTINGS } from '#src/model/settings.ts';
import { NotListed, type ObjectSource } from '#src/model/source.ts';
import { scan } from '#src/scan/scan.ts';

const NOW = new Date('2026-11-25T08:00:00.000Z');
const ANSWER_MS = 30;
const FORBIDDEN = { kind: 'Status', status: 'Failure', reason: 'Forbidden', code: 403 };
const REFUSED = 'the bot may not get nodes/proxy (ClusterRole k8ssec-kubelets), which readKubelets of the cluster needs';

/** What a kubelet of Kubernetes 1.34 answers, without what nobody looks at. */
function configz(changes: object = {}): object {
  return {
    kubeletconfig: {
      readOnlyPort: 0,
      serverTLSBootstrap: true,
      authentication: { x509: { clientCAFile: '/etc/kubernetes/pki/ca.crt' }, webhook: { enabled: true, cacheTTL: '2m0s' }, anonymous: { enabled: false } },
      authorization: { mode: 'Webhook', webhook: { cacheAuthorizedTTL: '5m0s', cacheUnauthorizedTTL: '30s' } },
      eventRecordQPS: 50,
      streamingConnectionIdleTimeout: '4h0m0s',
      protectKernelDefaults: true,
      makeIPTablesUtilChains: true,
      rotateCertificates: true,
      podPidsLimit: 4096,
      seccompDefault: true,
      tlsCipherSuites: ['TLS_AES_128_GCM_SHA256'],
      ...changes,
    },
  };
}

type Answer = Pick<ApiResponse, 'status'> & { readonly body: string | object };

interface World {
  readonly nodes: readonly string[];
  readonly answer: (request: ApiRequest, signal: AbortSignal) => Answer | Promise<Answer>;
  readonly others?: Readonly<Record<string, readonly object[]>>;
  readonly mayListNodes?: boolean;
}

function scene({ nodes, answer, others = {}, mayListNodes = true }: World) {
  const asked: string[] = [];
  const client: ApiClient = {
    async send(request, signal) {
      asked.push(request.path);
      const { status, body } = await answer(request, signal);
      return { status, headers: {}, body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)) };
    },
    certificates: () => undefined,
    close: () => undefined,
  };
  const plain: ObjectSource = {
    version: { minor: 37 },
    complete: true,
    async *list(kind) {
      if (kind === 'Node' && !mayListNodes) throw new NotListed('no permission to list nodes');
      if (kind === 'Node') for (const name of nodes) yield [{ object: { apiVersion: 'v1', kind: 'Node', metadata: { name } } }];
      else yield (others[kind] ?? []).map((object) => ({ object: object as Record<string, unknown> }));
    },
  };
  const source = withKubelets(plain, client, ANSWER_MS);
  const signal = new AbortController().signal;
  return { asked, source, judge: () => scan({ source, checks: [check], context: { version: source.version, settings: NO_SETTINGS, now: NOW }, signal }) };
}

describe('src/kube/kubelets.ts', () => {
  test('every kubelet is asked through the API server, and judged by what it says under the name of its node', async () => {
    const { judge, asked } = scene({ nodes: ['worker-1', 'worker-2'], answer: ({ path }) => ({ status: 200, body: configz(path.includes('worker-2') ? { readOnlyPort: 10255, authentication: { anonymous: { enabled: true } } } : {}) }) });
    const { findings, notEvaluated, undecided } = await judge();

    expect(asked).toEqual(['/api/v1/nodes/worker-1/proxy/configz', '/api/v1/nodes/worker-2/proxy/configz']);
    expect(findings.map(({ object: { kind, name }, item, path }) => `${kind}/${name} ${item ?? ''} ${path ?? ''}`).sort()).toEqual([
      'KubeletConfiguration/worker-2 anonymous-auth authentication.anonymous.enabled',
      'KubeletConfiguration/worker-2 client-ca-file ',
      'KubeletConfiguration/worker-2 read-only-port readOnlyPort',
    ]);
    expect([notEvaluated, undecided]).toEqual([[], []]);
  });

  test.each<[string, World['answer'], string]>([
    ['is not ready', () => ({ status: 503, body: { kind: 'Status', message: 'error trying to reach service: dial tcp 10.0.0.1:10250' } }), 'a kubelet could not be asked for its settings (503)'],
    ['refuses the API server', () => ({ status: 403, body: 'Forbidden (user=kube-apiserver, verb=get, resource=nodes, subresource=proxy)' }), 'a kubelet could not be asked for its settings (403)'],
    ['is something else', () => ({ status: 200, body: '<html>' }), 'a kubelet did not answer with its settings'],
    ['says nothing', () => Promise.reject(new SilentServer('its answer is too long')), 'a kubelet could not be asked for its settings: its answer is too long'],
    ['never ends', (_, signal) => new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))), 'a kubelet did not answer in time'],
  ])('a kubelet that %s is undecided and the others are judged', async (_, answer, reason) => {
    const { judge } = scene({ nodes: ['worker-1', 'worker-2'], answer: (request, signal) => (request.path.includes('worker-1') ? answer(request, signal) : { status: 200, body: configz({ readOnlyPort: 10255 }) }) });
    const { findings, notEvaluated, undecided } = await judge();

    expect(findings.map(({ object, item }) => `${object.name} ${item ?? ''}`)).toContain('worker-2 read-only-port');
    expect(findings.map(({ object }) => object.name)).not.toContain('worker-1');
    expect(undecided).toEqual([expect.objectContaining({ check: 'node/kubelet-config', reason, count: 1 })]);
    expect(notEvaluated).toEqual([]);
  });

  test('without the right nobody is asked again, and the check says which right is missing', async () => {
    const nodes = Array.from({ length: 20 }, (_, index) => `worker-${index}`);
    const { judge, asked } = scene({ nodes, answer: () => ({ status: 403, body: FORBIDDEN }) });
    const { findings, notEvaluated } = await judge();

    expect([findings, asked]).toEqual([[], ['/api/v1/nodes/worker-0/proxy/configz']]);
    expect(notEvaluated).toEqual([expect.objectContaining({ check: 'node/kubelet-config', reason: REFUSED, partial: false })]);
  });

  test('without the right what kubeadm keeps is judged, and every kubelet counts as undecided', async () => {
    const kubeadm = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'kubelet-config', namespace: 'kube-system' }, data: { kubelet: 'readOnlyPort: 10255' } };
    const { judge } = scene({ nodes: ['worker-1', 'worker-2'], answer: () => ({ status: 403, body: FORBIDDEN }), others: { ConfigMap: [kubeadm] } });
    const { findings, undecided } = await judge();

    expect(findings.map(({ object, item }) => `${object.name} ${item ?? ''}`)).toContain('kubelet-config read-only-port');
    expect(undecided).toEqual([expect.objectContaining({ reason: REFUSED, count: 2 })]);
  });

  test('without knowing the nodes nothing is evaluated', async () => {
    const { judge } = scene({ nodes: [], answer: () => ({ status: 200, body: configz() }), mayListNodes: false });

    expect((await judge()).notEvaluated).toEqual([expect.objectContaining({ check: 'node/kubelet-config', reason: 'no permission to list nodes' })]);
  });

  test('a scan that ends asks nobody any more', async () => {
    const { source } = scene({ nodes: ['worker-1'], answer: (_, signal) => (signal.throwIfAborted(), { status: 200, body: configz() }) });

    await expect(source.list('KubeletConfiguration', AbortSignal.abort(new Error('canceled')))[Symbol.asyncIterator]().next()).rejects.toThrow('canceled');
  });
});
