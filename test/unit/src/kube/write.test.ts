import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { configFor } from '#src/kube/contexts.ts';
import { createApiClient, type ApiClient, type ApiRequest } from '#src/kube/request.ts';
import { objectAccess, type ObjectAccess } from '#src/kube/write.ts';
import { ChangeFailed } from '#src/model/clusters.ts';
import type { ObjectAddress } from '#src/model/plan.ts';
import { textAt } from '#src/model/raw.ts';
import type { Fault } from '#src/sandbox/kube/control/faults.ts';
import { startKubeSandbox, type KubeSandbox } from '#src/sandbox/kube/sandbox.ts';
import { askAs } from '#test/unit/src/sandbox/kube/api.ts';

const RBAC = 'rbac.authorization.k8s.io';
const CONFIG: ObjectAddress = { cluster: 'prod', apiVersion: 'v1', kind: 'ConfigMap', resource: 'configmaps', namespace: 'default', name: 'aws-auth' };
const SECRET: ObjectAddress = { ...CONFIG, kind: 'Secret', resource: 'secrets', name: 'token' };
const BODY = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'aws-auth', namespace: 'default' }, data: { mapUsers: 'bob' } };
const REAL = {};
const DRY = { dryRun: true };
const signal = new AbortController().signal;

let kube: KubeSandbox;
let client: ApiClient;
let access: ObjectAccess;
let pausesMs: number[];
let sent: ApiRequest[];

beforeAll(async () => {
  kube = await startKubeSandbox();
});

afterAll(() => kube.stop());

beforeEach(() => {
  client = createApiClient(configFor({ text: kube.kubeconfig('admin') }), 1000);
  pausesMs = [];
  sent = [];
  const noting: ApiClient = {
    ...client,
    send(request, sendSignal) {
      sent.push(request);
      return client.send(request, sendSignal);
    },
  };
  access = objectAccess(noting, (ms) => {
    pausesMs.push(ms);
    return Promise.resolve();
  });
});

afterEach(() => {
  client.close();
  kube.faults.clear();
  if (kube.objects.get(CONFIG) !== undefined) kube.objects.delete(CONFIG);
});

async function failureOf(promise: Promise<unknown>): Promise<readonly [string, string]> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof ChangeFailed) return [error.fault, error.message];
    throw error;
  }
  throw new Error('it did not fail');
}

function fail(method: string, fault: Fault, times?: number) {
  return kube.faults.add({ method, resource: 'configmaps' }, fault, times);
}

function answer(code: number, message: string, reason: string, details: object = { name: 'aws-auth' }): Fault {
  return { kind: 'answer', code, contentType: 'application/json', body: JSON.stringify({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, details, code }) };
}

describe('src/kube/write.ts', () => {
  test('names of all sorts lead to their object and to no other', async () => {
    const address: ObjectAddress = { cluster: 'prod', apiVersion: `${RBAC}/v1`, kind: 'ClusterRoleBinding', resource: 'clusterrolebindings', name: 'acme:a b?c#d' };
    const body = { apiVersion: address.apiVersion, kind: address.kind, metadata: { name: address.name }, roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: 'view' } };

    await access.create(address, body, REAL, signal);

    expect(textAt(await access.get(address, signal), 'metadata', 'name')).toBe('acme:a b?c#d');
    expect(sent.at(-1)?.path).toBe(`/apis/${RBAC}/v1/clusterrolebindings/acme%3Aa%20b%3Fc%23d`);
  });

  test.each(['', '.', '..', '../../secrets', 'a/status'])('a name that would lead elsewhere is refused: %j', async (name) => {
    expect((await failureOf(access.delete({ ...CONFIG, name }, { uid: 'x' }, REAL, signal)))[0]).toBe('refused');
    expect(sent).toEqual([]);
  });

  test('all objects with given labels are listed from every namespace, page by page, and Secrets are not', async () => {
    const [one, two] = ['default', 'kube-system'].map((namespace) => ({ ...CONFIG, namespace, name: 'labelled' }));
    if (one === undefined || two === undefined) throw new Error('two are needed');
    for (const address of [one, two]) await access.create(address, { ...BODY, metadata: { name: 'labelled', namespace: address.namespace, labels: { a: 'b', c: 'd' } } }, REAL, signal);
    await access.create(CONFIG, BODY, REAL, signal);
    let pages = 0;
    const small = objectAccess({ ...client, send: (request, sendSignal) => client.send({ ...request, ...(request.query?.limit !== undefined && (pages += 1) > 0 && { query: { ...request.query, limit: '1' } }) }, sendSignal) });

    const found = await small.labelled(CONFIG, { a: 'b', c: 'd' }, signal);
    for (const address of [one, two]) kube.objects.delete(address);

    expect(found.map((object) => [object.apiVersion, object.kind, textAt(object, 'metadata', 'namespace')])).toEqual([['v1', 'ConfigMap', 'default'], ['v1', 'ConfigMap', 'kube-system']]);
    expect(pages).toBe(2);
    expect(await access.labelled(CONFIG, { a: 'x' }, signal)).toEqual([]);
    expect(await failureOf(access.labelled(SECRET, {}, signal))).toEqual(['refused', 'the content of a Secret is never read']);
    expect(await failureOf(access.labelled({ ...CONFIG, apiVersion: 'cilium.io/v2', resource: 'ciliumnetworkpolicies' }, {}, signal))).toEqual(['refused', 'the API server does not serve this kind (404)']);
  });

  test.each([
    ['a kind of the core', { apiVersion: 'v1', resource: 'configmaps' }, true],
    ['a kind that it serves', { apiVersion: 'rbac.authorization.k8s.io/v1', resource: 'roles' }, true],
    ['a kind that its group does not have', { apiVersion: 'rbac.authorization.k8s.io/v1', resource: 'staged' }, false],
    ['a group that it does not have', { apiVersion: 'nowhere.example.com/v1', resource: 'roles' }, false],
  ])('says whether the API server serves %s', async (_, kind, isServed) => {
    expect(await access.serves(kind, signal)).toBe(isServed);
  });

  test('what is written says by whom, and takes no unknown field', async () => {
    const made = await access.create(CONFIG, BODY, REAL, signal);

    expect(made).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { managedFields: [{ manager: 'k8ssec' }] } });
    const [fault, message] = await failureOf(access.patch(CONFIG, [{ op: 'add', path: '/nonsense', value: 1 }], REAL, signal));
    expect([fault, message]).toEqual(['refused', expect.stringContaining('unknown field "nonsense"')]);
  });

  test('a Secret is never asked for whole, nor is its content handed on when a server sends it all the same', async () => {
    kube.objects.put({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'token', namespace: 'default' }, stringData: { token: 'CANARY' } });
    const steps = [{ op: 'add', path: '/metadata/labels', value: { a: 'b' } }] as const;

    const answers = [await access.get(SECRET, signal), await access.patch(SECRET, steps, DRY, signal), await access.patch(SECRET, steps, REAL, signal)];
    kube.faults.add({ resource: 'secrets' }, { kind: 'answer', code: 200, contentType: 'application/json', body: JSON.stringify({ kind: 'Secret', metadata: { name: 'token' }, data: { token: 'CANARY' } }) });
    answers.push(await access.get(SECRET, signal));

    expect(sent.map(({ accept }) => accept)).toEqual(Array(4).fill('application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1'));
    for (const object of answers) expect(Object.keys(object ?? {}).sort()).toEqual(['apiVersion', 'kind', 'metadata']);
    expect(JSON.stringify(answers)).not.toMatch(/CANARY|Q0FOQVJZ/);
  });

  test('a dry run of a deletion stands in the body, where a real server looks for it', async () => {
    const made = await access.create(CONFIG, BODY, REAL, signal);
    const only = { uid: textAt(made, 'metadata', 'uid') ?? '', resourceVersion: textAt(made, 'metadata', 'resourceVersion') ?? '' };

    await access.delete(CONFIG, only, DRY, signal);

    expect(sent.at(-1)?.body).toEqual({ apiVersion: 'v1', kind: 'DeleteOptions', preconditions: only, propagationPolicy: 'Background', dryRun: ['All'] });
    expect(await access.get(CONFIG, signal)).toBeDefined();
    await access.delete(CONFIG, only, REAL, signal);
    expect(await access.get(CONFIG, signal)).toBeUndefined();
  });

  test('nothing is found only where an API server says so', async () => {
    expect(await access.get(CONFIG, signal)).toBeUndefined();
    fail('GET', { kind: 'answer', code: 404, body: '<html>not here</html>' }, 1);
    expect((await failureOf(access.get(CONFIG, signal)))[0]).toBe('refused');
    fail('GET', { kind: 'answer', code: 302, body: '' }, 1);
    expect((await failureOf(access.get(CONFIG, signal)))[0]).toBe('busy');
    fail('GET', { kind: 'garbage' }, 1);
    expect((await failureOf(access.get(CONFIG, signal)))[0]).toBe('busy');
  });

  test.each<[string, Fault, string, string]>([
    ['401', { kind: 'refuse', code: 401 }, 'forbidden', 'the API server refuses the credentials of the bot'],
    ['403', { kind: 'refuse', code: 403 }, 'forbidden', 'configmaps'],
    ['403 of a webhook', answer(403, 'admission webhook "guard.example.com" denied the request: no changes on Fridays', 'Forbidden'), 'refused', 'no changes on Fridays'],
    ['403 of a namespace that ends', answer(403, 'unable to create new content in namespace shop because it is being terminated', 'Forbidden'), 'refused', 'terminated'],
    ['409', answer(409, 'Operation cannot be fulfilled', 'Conflict'), 'conflict', 'Operation cannot be fulfilled'],
    ['409 of a name', answer(409, 'configmaps "aws-auth" already exists', 'AlreadyExists'), 'exists', 'already exists'],
    ['410', answer(410, 'too old', 'Gone'), 'gone', 'too old'],
    ['422 of a field', answer(422, 'ConfigMap "aws-auth" is invalid: data: Forbidden: field is immutable when `immutable` is set', 'Invalid'), 'refused', 'immutable'],
    ['422 of a test', answer(422, 'the server rejected our request due to an error in our request', 'Invalid', {}), 'conflict', 'rejected'],
    ['500', { kind: 'refuse', code: 500 }, 'unknown', 'the API server failed (500): Internal error occurred: etcdserver: request timed out'],
    ['503', { kind: 'refuse', code: 503 }, 'unknown', 'the API server failed (503): apiserver not ready'],
    ['garbage', { kind: 'garbage' }, 'unknown', 'not that of an API server'],
    ['half an answer', { kind: 'truncate' }, 'unknown', 'nobody knows whether the change was made: its answer ended early'],
    ['a broken connection', { kind: 'reset' }, 'unknown', 'the connection broke'],
    ['no answer', { kind: 'hang' }, 'unknown', 'no answer in 1 s'],
  ])('a change that fails with %s is sent once and says what happened', async (_name, fault, expected, text) => {
    const met = fail('POST', fault);

    expect(await failureOf(access.create(CONFIG, BODY, REAL, signal))).toEqual([expected, expect.stringContaining(text)]);
    expect(met.hits()).toBe(1);
  });

  test.each<[string, Fault]>([
    ['500', { kind: 'refuse', code: 500 }],
    ['half an answer', { kind: 'truncate' }],
    ['a broken connection', { kind: 'reset' }],
  ])('what changes nothing is asked again after %s, up to three times', async (_name, fault) => {
    fail('POST', fault, 3);
    await access.create(CONFIG, BODY, DRY, signal);

    expect(pausesMs).toEqual([500, 1000, 2000]);
    const met = fail('POST', fault);
    expect((await failureOf(access.create(CONFIG, BODY, DRY, signal)))[0]).toBe('busy');
    expect(met.hits()).toBe(4);
  });

  test('a busy server is given the time it asks for, up to a bound', async () => {
    fail('POST', { kind: 'refuse', code: 429, retryAfterSeconds: 3 }, 2);
    await access.create(CONFIG, BODY, REAL, signal);
    expect(pausesMs).toEqual([3000, 3000]);

    const met = fail('PATCH', { kind: 'refuse', code: 429, retryAfterSeconds: 600 });
    expect(await failureOf(access.patch(CONFIG, [], REAL, signal))).toEqual(['busy', 'the API server is too busy (429)']);
    expect(met.hits()).toBe(1);
  });

  test('a server that cannot be reached has changed nothing', async () => {
    const nobody = createApiClient(configFor({ text: kube.kubeconfig('admin').replace(kube.url, 'https://127.0.0.1:1') }));

    expect(await failureOf(objectAccess(nobody).create(CONFIG, BODY, REAL, signal))).toEqual(['busy', 'the API server refuses connections']);
  });

  test('what is not wanted any more ends at once', async () => {
    fail('POST', { kind: 'hang' });
    const stop = new AbortController();
    const creating = access.create(CONFIG, BODY, REAL, stop.signal);

    stop.abort(new Error('canceled'));

    await expect(creating).rejects.toThrow(/abort/i);
  });

  test('what the server says is one line without addresses', async () => {
    const long = 'x'.repeat(500);
    fail('POST', answer(400, `failed calling webhook "a": Post "https://guard.svc:443/v?timeout=1s": dial tcp 10.1.2.3:443: refused\u0007 ${long}\nsecond`, 'BadRequest'));

    const [, message] = await failureOf(access.create(CONFIG, BODY, REAL, signal));

    expect(message).toMatch(/^failed calling webhook "a": Post "\[address\]": dial tcp \[address\]: refused x+…$/);
    expect(message.length).toBe(300);
  });

  test('a question about rights names the binding that allows it', async () => {
    await askAs(kube)({ method: 'POST', path: `/apis/${RBAC}/v1/clusterrolebindings`, body: { metadata: { name: 'ops' }, roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: 'cluster-admin' }, subjects: [{ kind: 'User', apiGroup: RBAC, name: 'bob' }] } });
    const question = { cluster: 'prod', user: 'bob', groups: [], verb: 'get', group: '', resource: 'pods', subresource: 'log', namespace: 'shop', name: 'web' };

    expect(await access.may(question, signal)).toEqual({ allowed: true, reason: 'RBAC: allowed by ClusterRoleBinding "ops" of ClusterRole "cluster-admin" to User "bob"' });
    expect(await access.may({ ...question, user: 'eve' }, signal)).toEqual({ allowed: false, reason: '' });
  });

  test('an authorizer that failed has not said no', async () => {
    const body = JSON.stringify({ kind: 'SubjectAccessReview', status: { allowed: false, evaluationError: 'webhook down' } });
    kube.faults.add({ resource: 'subjectaccessreviews' }, { kind: 'answer', code: 201, contentType: 'application/json', body }, 1);
    const question = { cluster: 'prod', user: 'bob', groups: [], verb: 'get', group: '', resource: 'pods' };

    expect(await failureOf(access.may(question, signal))).toEqual(['busy', 'the API server could not decide: one of its authorizers failed']);
    kube.faults.add({ resource: 'subjectaccessreviews' }, { kind: 'garbage' }, 1);
    expect((await failureOf(access.may(question, signal)))[0]).toBe('busy');
  });
});
