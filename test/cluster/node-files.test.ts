import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse, parseAllDocuments, stringify } from 'yaml';
import { writeNodeReport } from '#src/app/publish-node-report.ts';
import { configFor } from '#src/kube/contexts.ts';
import { collectionPath, objectPath } from '#src/kube/object-path.ts';
import { createApiClient, type ApiClient } from '#src/kube/request.ts';
import { jsonBody } from '#src/kube/status.ts';
import { objectAccess } from '#src/kube/write.ts';
import { NODE_FILES_NAMESPACE, NODE_REPORT_KEY, type NodeReport } from '#src/model/node-files.ts';
import type { ObjectAddress } from '#src/model/plan.ts';
import { isObject, textAt, type RawObject } from '#src/model/raw.ts';

// Needs a kubeconfig as test/cluster/kube-conformance.test.ts does.
const kubeconfig = process.env.K8SSEC_TEST_KUBECONFIG;
const STARTING_MS = 60_000;
const ACCOUNT = 'k8ssec-node-files';
const REPORT: NodeReport = { version: 1, at: '2026-11-01T12:00:00.000Z', files: [] };
const POD = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'on-node-a', namespace: NODE_FILES_NAMESPACE }, spec: { nodeName: 'node-a', serviceAccountName: ACCOUNT, containers: [{ name: 'c', image: 'registry.example.com/k8ssec:0.1.0' }] } };
const signal = new AbortController().signal;

(kubeconfig === undefined ? describe.skip : describe)('deploy/kubernetes/k8ssec-node-files.yaml against a real API server', () => {
  const text = kubeconfig === undefined ? '' : readFileSync(kubeconfig, 'utf8');
  const manifests = parseAllDocuments(readFileSync('deploy/kubernetes/k8ssec-node-files.yaml', 'utf8')).map((document) => document.toJSON() as unknown).filter(isObject);
  const objects = [...manifests, { apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-a' } }, POD];
  let admin: ApiClient;
  let pod: ApiClient;
  let unbound: ApiClient;

  beforeAll(async () => {
    admin = createApiClient(configFor({ text }));
    for (const object of objects) {
      const { status, body } = await admin.send({ method: 'POST', path: collectionPath(addressOf(object)), query: { fieldValidation: 'Strict' }, body: object }, signal);
      // A namespace of an earlier run goes only where a controller removes it.
      if (status !== 201 && status !== 409) throw new Error(body.toString());
    }
    pod = createApiClient(configFor({ text: withToken(text, await tokenFor({ kind: 'Pod', apiVersion: 'v1', name: POD.metadata.name })) }));
    unbound = createApiClient(configFor({ text: withToken(text, await tokenFor()) }));
    await untilEnforced();
  }, STARTING_MS);

  afterAll(async () => {
    const left = [...objects.filter(({ kind }) => kind !== 'Namespace'), { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'node-a', namespace: NODE_FILES_NAMESPACE } }];
    for (const object of left) await admin.send({ method: 'DELETE', path: objectPath(addressOf(object)), body: { gracePeriodSeconds: 0 } }, signal);
    for (const client of [admin, pod, unbound]) client.close();
  });

  test('a pod writes the report of its node, and writes it again', async () => {
    await writeNodeReport(objectAccess(pod), 'node-a', REPORT, signal);
    await writeNodeReport(objectAccess(pod), 'node-a', { ...REPORT, at: '2026-11-02T12:00:00.000Z' }, signal);

    const { body } = await admin.send({ path: objectPath(reportOf('node-a')) }, signal);
    expect(textAt(JSON.parse(body.toString()), 'data', NODE_REPORT_KEY)).toContain('2026-11-02');
  });

  test.each<[string, () => ApiClient, string, RawObject, string]>([
    ['another node', () => pod, 'node-b', { [NODE_REPORT_KEY]: '{}' }, 'a node reports in the ConfigMap of its own name alone'],
    ['what Kubernetes keeps there', () => pod, 'kube-root-ca.crt', { [NODE_REPORT_KEY]: '{}' }, 'a node reports in the ConfigMap of its own name alone'],
    ['its node without a claim of a node in its token', () => unbound, 'node-c', { [NODE_REPORT_KEY]: '{}' }, 'a node reports in the ConfigMap of its own name alone'],
    ['its node with more than a report', () => pod, 'node-a', { [NODE_REPORT_KEY]: '{}', more: '' }, 'a report is the key report.json and nothing else'],
  ])('a pod does not write for %s', async (_, client, name, data, message) => {
    const address = reportOf(name);
    const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data };

    const answer = await client().send({ method: 'POST', path: collectionPath(address), query: { dryRun: 'All' }, body }, signal);

    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(textAt(jsonBody(answer), 'message')).toContain(message);
  });

  test('nor does it change the report of another node that is there', async () => {
    const path = objectPath(reportOf('node-b'));
    await admin.send({ method: 'POST', path: collectionPath(reportOf('node-b')), body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'node-b' }, data: { [NODE_REPORT_KEY]: 'as it was' } } }, signal);

    const answer = await pod.send({ method: 'PATCH', path, body: { data: { [NODE_REPORT_KEY]: '{}' } }, contentType: 'application/merge-patch+json' }, signal);

    const { body } = await admin.send({ path }, signal);
    await admin.send({ method: 'DELETE', path }, signal);
    expect(answer.status).toBe(403);
    expect(textAt(JSON.parse(body.toString()), 'data', NODE_REPORT_KEY)).toBe('as it was');
  });

  test.each<[string, 'GET' | 'DELETE', string]>([
    ['list reports', 'GET', collectionPath(reportOf('node-a'))],
    ['delete a report', 'DELETE', objectPath(reportOf('node-a'))],
    ['read Secrets', 'GET', collectionPath({ ...reportOf('node-a'), resource: 'secrets' })],
    ['list nodes', 'GET', '/api/v1/nodes'],
    ['read ConfigMaps elsewhere', 'GET', '/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication'],
  ])('a pod may not %s', async (_, method, path) => {
    expect((await pod.send({ method, path }, signal)).status).toBe(403);
  });

  async function tokenFor(boundObjectRef?: object): Promise<string> {
    const path = `/api/v1/namespaces/${NODE_FILES_NAMESPACE}/serviceaccounts/${ACCOUNT}/token`;
    const answer = await admin.send({ method: 'POST', path, body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { ...(boundObjectRef && { boundObjectRef }) } } }, signal);
    return textAt(jsonBody(answer), 'status', 'token') ?? '';
  }

  /** The API server takes a while until a new policy holds. */
  async function untilEnforced(): Promise<void> {
    for (;;) {
      const { status } = await pod.send({ method: 'POST', path: collectionPath(reportOf('node-b')), query: { dryRun: 'All' }, body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'node-b' } } }, signal);
      if (status === 403) return;
      await wait(500);
    }
  }
});

function reportOf(name: string): ObjectAddress {
  return { cluster: 'real', apiVersion: 'v1', kind: 'ConfigMap', resource: 'configmaps', namespace: NODE_FILES_NAMESPACE, name };
}

function addressOf(object: RawObject): ObjectAddress {
  const kind = textAt(object, 'kind') ?? '';
  const namespace = textAt(object, 'metadata', 'namespace');
  const resource = kind.toLowerCase().replace(/y$/, 'ie');
  return { cluster: 'real', apiVersion: textAt(object, 'apiVersion') ?? '', kind, resource: `${resource}s`, name: textAt(object, 'metadata', 'name') ?? '', ...(namespace !== undefined && { namespace }) };
}

/** The kubeconfig with a token in the place of all other credentials. */
function withToken(text: string, token: string): string {
  const config = parse(text) as { users: { name: string; user: object }[] };
  return stringify({ ...config, users: config.users.map(({ name }) => ({ name, user: { token } })) });
}
