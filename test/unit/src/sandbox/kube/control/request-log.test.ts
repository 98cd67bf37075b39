import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startKubeSandbox, type KubeSandbox } from '#src/sandbox/kube/sandbox.ts';
import { askAs } from '../api.ts';

describe('src/sandbox/kube/control/request-log.ts', () => {
  let sandbox: KubeSandbox;

  beforeEach(async () => {
    sandbox = await startKubeSandbox({ users: [{ name: 'scanner' }] });
  });

  afterEach(() => sandbox.stop());

  test('tells who asked what and how it was answered', async () => {
    await askAs(sandbox)({ path: '/api/v1/namespaces/default/pods?limit=5' });
    await askAs(sandbox, 'scanner')({ method: 'DELETE', path: '/apis/apps/v1/namespaces/default/deployments/web' });

    expect(sandbox.requests.all()).toMatchObject([
      { number: 1, method: 'GET', path: '/api/v1/namespaces/default/pods', query: 'limit=5', user: 'admin', verb: 'list', group: '', resource: 'pods', namespace: 'default', status: 200 },
      { number: 2, method: 'DELETE', user: 'scanner', verb: 'delete', group: 'apps', resource: 'deployments', name: 'web', status: 403 },
    ]);
  });

  test('names the one somebody acts as', async () => {
    await askAs(sandbox)({ path: '/version', as: { user: 'alice' } });

    expect(sandbox.requests.all()).toMatchObject([{ user: 'alice' }]);
  });

  test('picks the requests that are asked for', async () => {
    await askAs(sandbox)({ path: '/version' });
    await askAs(sandbox)({ path: '/api/v1/pods' });

    expect(sandbox.requests.all(({ verb }) => verb === 'list').map(({ path }) => path)).toEqual(['/api/v1/pods']);
  });

  test('counts how many are answered at once', async () => {
    const ask = askAs(sandbox);
    sandbox.faults.add({}, { kind: 'slow', ms: 20 });

    await Promise.all([ask({ path: '/version' }), ask({ path: '/version' }), ask({ path: '/version' })]);

    expect(sandbox.requests.inFlight()).toEqual({ now: 0, most: 3 });
  });

  test('forgets when it is told to', async () => {
    await askAs(sandbox)({ path: '/version' });

    sandbox.requests.clear();

    expect([sandbox.requests.all(), sandbox.requests.inFlight()]).toEqual([[], { now: 0, most: 0 }]);
  });
});
