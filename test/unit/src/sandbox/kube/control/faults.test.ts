import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Fault, FaultMatch } from '#src/sandbox/kube/control/faults.ts';
import { startKubeSandbox, type KubeSandbox } from '#src/sandbox/kube/sandbox.ts';
import { aConfigMap, askAs, type Ask } from '../api.ts';

const MAPS = '/api/v1/namespaces/default/configmaps';

describe('src/sandbox/kube/control/faults.ts', () => {
  let sandbox: KubeSandbox;
  let ask: Ask;

  beforeAll(async () => {
    sandbox = await startKubeSandbox({ users: [{ name: 'reader', groups: ['system:masters'] }], objects: ['a', 'b', 'c'].map((name) => aConfigMap(name)) });
    ask = askAs(sandbox);
  });

  afterEach(() => sandbox.faults.clear());

  afterAll(() => sandbox.stop());

  const REFUSALS: readonly (readonly [Fault & { kind: 'refuse' }, object])[] = [
    [{ kind: 'refuse', code: 401 }, { code: 401, reason: 'Unauthorized' }],
    [{ kind: 'refuse', code: 403 }, { code: 403, reason: 'Forbidden', message: 'configmaps is forbidden: User "admin" cannot list resource "configmaps" in API group "" in the namespace "default"' }],
    [{ kind: 'refuse', code: 429, retryAfterSeconds: 7 }, { code: 429, reason: 'TooManyRequests', details: { retryAfterSeconds: 7 } }],
    [{ kind: 'refuse', code: 500 }, { code: 500, reason: 'InternalError' }],
    [{ kind: 'refuse', code: 503 }, { code: 503, reason: 'ServiceUnavailable' }],
  ];

  test.each(REFUSALS)('refuses in the words of Kubernetes: %j', async (fault, status) => {
    sandbox.faults.add({ path: MAPS }, fault, 1);

    const first = await ask({ path: MAPS });
    const second = await ask({ path: MAPS });

    expect(first.body).toMatchObject({ kind: 'Status', status: 'Failure', ...status });
    expect(second.code).toBe(200);
  });

  test('says when to come back', async () => {
    sandbox.faults.add({}, { kind: 'refuse', code: 429, retryAfterSeconds: 3 });

    expect((await ask({ path: MAPS })).headers['retry-after']).toBe('3');
  });

  test('answers with something that is no JSON', async () => {
    sandbox.faults.add({ verb: 'list' }, { kind: 'garbage' });

    expect(await ask({ path: MAPS })).toMatchObject({ code: 200, body: expect.stringContaining('<html>') });
  });

  test('answers whatever it is told to', async () => {
    sandbox.faults.add({}, { kind: 'answer', code: 418, body: '{"teapot":true}', headers: { 'x-kind': 'short' } });

    expect(await ask({ path: MAPS })).toMatchObject({ code: 418, body: { teapot: true }, headers: { 'x-kind': 'short' } });
  });

  test.each(['truncate', 'reset'] as const)('breaks the connection: %s', async (kind) => {
    sandbox.faults.add({}, { kind });

    await expect(ask({ path: MAPS })).rejects.toThrow(/aborted|ECONNRESET|socket hang up/);
  });

  test('a truncated write has been done', async () => {
    sandbox.faults.add({ method: 'POST' }, { kind: 'truncate' });

    await expect(ask({ method: 'POST', path: MAPS, body: aConfigMap('written') })).rejects.toThrow();
    expect(sandbox.objects.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'written' })).toBeDefined();
  });

  test('hangs until the client gives up, and is then free again', async () => {
    sandbox.faults.add({ path: MAPS }, { kind: 'hang' }, 1);
    const hanging = ask({ path: MAPS });

    expect((await ask({ path: MAPS })).code).toBe(200);
    expect(sandbox.requests.inFlight().now).toBe(1);
    void hanging.catch(() => undefined);
  });

  test('works late', async () => {
    sandbox.faults.add({}, { kind: 'slow', ms: 30 }, 1);
    const start = performance.now();

    expect((await ask({ path: MAPS })).code).toBe(200);
    expect(performance.now() - start).toBeGreaterThanOrEqual(29);
  });

  test('makes a continue token too old, and gives one that goes on', async () => {
    const first = (await ask({ path: `${MAPS}?limit=1` })).body as { readonly metadata: { readonly continue: string } };
    sandbox.faults.add({ verb: 'list' }, { kind: 'expire' }, 1);

    const second = await ask({ path: `${MAPS}?limit=1&continue=${first.metadata.continue}` });
    const token = (second.body as { readonly metadata: { readonly continue: string } }).metadata.continue;
    const third = await ask({ path: `${MAPS}?limit=1&continue=${token}` });

    expect(second.body).toMatchObject({ code: 410, reason: 'Expired' });
    expect(third.body).toMatchObject({ items: [{ metadata: { name: 'b' } }] });
  });

  const MATCHES: readonly (readonly [FaultMatch, boolean])[] = [
    [{ path: MAPS }, true],
    [{ path: '/api/v1/namespaces/*/configmaps' }, true],
    [{ path: '/api/v1/*' }, false],
    [{ path: '/api/**' }, true],
    [{ path: /configmaps$/ }, true],
    [{ path: '/api/v1/namespaces/default/config.aps' }, false],
    [{ method: 'GET', verb: 'list', resource: 'configmaps', user: 'admin' }, true],
    [{ user: 'reader' }, false],
    [{ verb: 'get' }, false],
  ];

  test.each(MATCHES)('meets the requests it is for: %j → %p', async (match, meets) => {
    sandbox.faults.add(match, { kind: 'refuse', code: 503 });

    expect((await ask({ path: MAPS })).code).toBe(meets ? 503 : 200);
  });

  test('counts what it met and can be removed', async () => {
    const fault = sandbox.faults.add({ resource: 'configmaps' }, { kind: 'refuse', code: 500 });

    await ask({ path: MAPS });
    await ask({ path: MAPS });
    fault.remove();
    const { code } = await ask({ path: MAPS });

    expect([fault.hits(), code]).toEqual([2, 200]);
  });
});
