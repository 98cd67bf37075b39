import { request } from 'node:https';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { startKubeSandbox, type KubeSandbox } from '#src/sandbox/kube/sandbox.ts';
import { askAs } from '../api.ts';
import { send, targetOf, type Target } from '../conformance/run.ts';

const WHO_AM_I = { name: 'who', method: 'POST', path: '/apis/authentication.k8s.io/v1/selfsubjectreviews', body: {} };

async function whoIs(target: Target): Promise<unknown> {
  const { text } = await send(target, WHO_AM_I);
  return (JSON.parse(text) as { readonly status?: { readonly userInfo: unknown } }).status?.userInfo;
}

describe('src/sandbox/kube/access/users.ts', () => {
  let sandbox: KubeSandbox;

  beforeAll(async () => {
    sandbox = await startKubeSandbox({ users: [{ name: 'alice', groups: ['dev', 'ops'], uid: 'u-1' }, { name: 'bob', token: 'bobs-token' }] });
  });

  afterAll(() => sandbox.stop());

  test('a user signs in with a token', async () => {
    expect(await whoIs(targetOf(sandbox.kubeconfig('alice')))).toEqual({ username: 'alice', uid: 'u-1', groups: ['dev', 'ops', 'system:authenticated'] });
  });

  test('a user signs in with a client certificate, whose organisations are the groups', async () => {
    const target = targetOf(await sandbox.kubeconfigWithCertificate('alice'));

    expect(await whoIs(target)).toMatchObject({
      username: 'alice',
      groups: ['dev', 'ops', 'system:authenticated'],
      extra: { 'authentication.kubernetes.io/credential-id': [expect.stringMatching(/^X509SHA256=[0-9a-f]{64}$/)] },
    });
  });

  test('a service account signs in with a token of its own', async () => {
    expect(await whoIs(targetOf(sandbox.kubeconfig('system:serviceaccount:default:default')))).toMatchObject({
      username: 'system:serviceaccount:default:default',
      groups: ['system:serviceaccounts', 'system:serviceaccounts:default', 'system:authenticated'],
    });
  });

  test('a token that was asked for works until the account is gone', async () => {
    const ask = askAs(sandbox);
    await ask({ method: 'POST', path: '/api/v1/namespaces/default/serviceaccounts', body: { metadata: { name: 'robot' } } });
    const { body } = await ask({ method: 'POST', path: '/api/v1/namespaces/default/serviceaccounts/robot/token', body: { spec: { expirationSeconds: 600 } } });
    const { token } = (body as { readonly status: { readonly token: string } }).status;
    const target = { ...targetOf(sandbox.kubeconfig('admin')) };
    const asRobot = { ...target, options: { ...target.options, headers: { authorization: `Bearer ${token}` } } };

    const before = await send(asRobot, WHO_AM_I);
    await ask({ method: 'DELETE', path: '/api/v1/namespaces/default/serviceaccounts/robot' });
    const after = await send(asRobot, WHO_AM_I);

    expect([before.code, after.code]).toEqual([201, 401]);
  });

  test.each([
    ['a wrong token', { authorization: 'Bearer wrong' }, 401],
    ['another kind of credentials', { authorization: 'Basic YTpi' }, 401],
    ['no credentials, where anybody may look', {}, 200],
  ])('%s', async (_what, headers, code) => {
    const answered = await send({ url: sandbox.url, options: { ca: sandbox.ca, headers } }, { name: 'version', path: '/version' });

    expect(answered.code).toBe(code);
  });

  test('without credentials one is anonymous and may do little', async () => {
    const { code, text } = await send({ url: sandbox.url, options: { ca: sandbox.ca } }, { name: 'pods', path: '/api/v1/pods' });

    expect([code, (JSON.parse(text) as { readonly message: string }).message]).toEqual([
      403,
      'pods is forbidden: User "system:anonymous" cannot list resource "pods" in API group "" at the cluster scope',
    ]);
  });

  test('a certificate of another authority is refused', async () => {
    const other = await startKubeSandbox();
    const foreign = targetOf(await other.kubeconfigWithCertificate('admin'));
    await other.stop();

    const { code } = await send({ url: sandbox.url, options: { ...foreign.options, ca: sandbox.ca } }, { name: 'version', path: '/version' });

    expect(code).toBe(401);
  });

  test('nobody acts as somebody else without the right to', async () => {
    const { code, body } = await askAs(sandbox, 'bob')({ path: '/version', as: { user: 'admin' } });

    expect([code, (body as { readonly message: string }).message]).toEqual([
      403,
      'users "admin" is forbidden: User "bob" cannot impersonate resource "users" in API group "" at the cluster scope',
    ]);
  });

  test('clients have to trust its authority', async () => {
    const refused = new Promise((resolve, reject) => {
      request(new URL('/version', sandbox.url), { agent: false }, reject).on('error', resolve).end();
    });

    await expect(refused).resolves.toMatchObject({ code: expect.stringMatching(/SELF_SIGNED|UNABLE_TO/) });
  });

  test('a kubeconfig names the cluster, the user and its token', () => {
    expect(parse(sandbox.kubeconfig('bob'))).toMatchObject({ clusters: [{ cluster: { server: sandbox.url } }], users: [{ name: 'bob', user: { token: 'bobs-token' } }] });
  });

  test('there is no kubeconfig for somebody unknown', () => {
    expect(() => sandbox.kubeconfig('nobody')).toThrow('the cluster stand-in knows no user "nobody"');
    expect(() => sandbox.kubeconfig('system:serviceaccount:default:nobody')).toThrow('knows no user');
  });

  test('users can be added while it runs', async () => {
    sandbox.addUser({ name: 'late', groups: ['system:masters'] });

    expect((await askAs(sandbox, 'late')({ path: '/api/v1/nodes' })).code).toBe(200);
  });
});
