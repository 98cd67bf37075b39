import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { objectAt, type RawObject } from '#src/model/raw.ts';
import type { KubeObject } from '#src/sandbox/kube/object.ts';
import { startKubeSandbox, type KubeSandbox } from '#src/sandbox/kube/sandbox.ts';
import { aConfigMap, aNamespace, aPod, askAs, type Ask } from '../api.ts';

const RBAC = 'rbac.authorization.k8s.io/v1';
const MAPS = '/api/v1/namespaces/shop/configmaps';

describe('src/sandbox/kube/write/controllers.ts', () => {
  let sandbox: KubeSandbox;
  let ask: Ask;

  beforeEach(async () => {
    sandbox = await startKubeSandbox({ objects: [aNamespace('shop')] });
    ask = askAs(sandbox);
  });

  afterEach(() => sandbox.stop());

  function mapNames(): readonly string[] {
    return sandbox.objects.list('v1', 'ConfigMap', 'shop').map(({ metadata }) => metadata.name ?? '');
  }

  function rulesOf(role: string): readonly RawObject[] {
    return (sandbox.objects.get({ apiVersion: RBAC, kind: 'ClusterRole', name: role })?.rules ?? []) as readonly RawObject[];
  }

  test('the roles of a new cluster have the rules they gather', () => {
    expect(rulesOf('view').length).toBeGreaterThan(10);
    expect(rulesOf('edit').length).toBeGreaterThan(rulesOf('view').length);
    expect(rulesOf('admin').length).toBeGreaterThan(rulesOf('edit').length);
  });

  test('a role that is labelled for another gives it its rules, as long as it is there', async () => {
    const rule = { apiGroups: ['example.com'], resources: ['things'], verbs: ['get'] };
    const body = { metadata: { name: 'things', labels: { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' } }, rules: [rule] };

    await ask({ method: 'POST', path: `/apis/${RBAC}/clusterroles`, body });
    const withThings = rulesOf('admin');
    await ask({ method: 'DELETE', path: `/apis/${RBAC}/clusterroles/things` });

    expect(withThings).toContainEqual(rule);
    expect(rulesOf('admin')).not.toContainEqual(rule);
  });

  test('a new namespace has an account and the certificate of the cluster', async () => {
    await ask({ method: 'POST', path: '/api/v1/namespaces', body: { metadata: { name: 'new' } } });

    expect(sandbox.objects.get({ apiVersion: 'v1', kind: 'ServiceAccount', namespace: 'new', name: 'default' })).toBeDefined();
    expect(objectAt(sandbox.objects.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'new', name: 'kube-root-ca.crt' }), 'data')).toEqual({ 'ca.crt': sandbox.ca });
  });

  test('a namespace goes with everything in it', async () => {
    sandbox.objects.put(aConfigMap('a', 'shop'));
    sandbox.objects.put(aPod('p', 'shop', { spec: { nodeName: 'n' } }));

    const { body } = await ask({ method: 'DELETE', path: '/api/v1/namespaces/shop' });

    expect(body).toMatchObject({ kind: 'Namespace', status: { phase: 'Terminating' } });
    expect((await ask({ path: '/api/v1/namespaces/shop' })).code).toBe(404);
    expect([mapNames(), sandbox.objects.list('v1', 'Pod', 'shop')]).toEqual([[], []]);
  });

  test('a namespace waits for what is held in it, and takes nothing new', async () => {
    sandbox.objects.put(aConfigMap('held', 'shop', { finalizers: ['example.com/hold'] }));

    await ask({ method: 'DELETE', path: '/api/v1/namespaces/shop' });
    const waiting = await ask({ path: '/api/v1/namespaces/shop' });
    const refused = await ask({ method: 'POST', path: MAPS, body: { metadata: { name: 'late' } } });
    await ask({ method: 'PATCH', path: `${MAPS}/held`, body: { metadata: { finalizers: null } }, type: 'application/merge-patch+json' });

    expect(waiting.body).toMatchObject({ status: { phase: 'Terminating' } });
    expect(refused.body).toMatchObject({ code: 403, message: 'configmaps "late" is forbidden: unable to create new content in namespace shop because it is being terminated' });
    expect((await ask({ path: '/api/v1/namespaces/shop' })).code).toBe(404);
  });

  /** An owner with a child and a grandchild. */
  function family(): void {
    const owned = (owner: KubeObject): object => ({ ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: owner.metadata.name, uid: owner.metadata.uid }] });
    const owner = sandbox.objects.put(aConfigMap('owner', 'shop'));
    const child = sandbox.objects.put(aConfigMap('owner-child', 'shop', owned(owner)));
    sandbox.objects.put(aConfigMap('owner-grandchild', 'shop', owned(child)));
  }

  test.each([
    ['', ['kube-root-ca.crt']],
    ['?propagationPolicy=Background', ['kube-root-ca.crt']],
    ['?propagationPolicy=Foreground', ['kube-root-ca.crt']],
    ['?propagationPolicy=Orphan', ['kube-root-ca.crt', 'owner-child', 'owner-grandchild']],
  ])('what an owner leaves behind: %p', async (query, left) => {
    family();

    const { code } = await ask({ method: 'DELETE', path: `${MAPS}/owner${query}` });

    expect([code, mapNames()]).toEqual([200, left]);
  });

  test('an owner that is deleted in the foreground waits for what it owns', async () => {
    family();
    await ask({ method: 'PATCH', path: `${MAPS}/owner-child`, body: { metadata: { finalizers: ['example.com/hold'] } }, type: 'application/merge-patch+json' });

    await ask({ method: 'DELETE', path: `${MAPS}/owner?propagationPolicy=Foreground` });
    const waiting = mapNames();
    await ask({ method: 'PATCH', path: `${MAPS}/owner-child`, body: [{ op: 'remove', path: '/metadata/finalizers' }], type: 'application/json-patch+json' });

    expect(waiting).toContain('owner');
    expect(mapNames()).toEqual(['kube-root-ca.crt']);
  });

  test('what has another owner left stays', async () => {
    const owners = ['one', 'two'].map((name) => sandbox.objects.put(aConfigMap(name, 'shop')));
    const ownerReferences = owners.map(({ metadata }) => ({ apiVersion: 'v1', kind: 'ConfigMap', name: metadata.name, uid: metadata.uid }));
    sandbox.objects.put(aConfigMap('shared', 'shop', { ownerReferences }));

    await ask({ method: 'DELETE', path: `${MAPS}/one` });

    expect(sandbox.objects.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'shared' })?.metadata.ownerReferences).toEqual([ownerReferences[1]]);
  });

  test('the finalizer of a claim that nobody uses does not hold it', async () => {
    const claims = '/api/v1/namespaces/shop/persistentvolumeclaims';
    const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
    const made = await ask({ method: 'POST', path: claims, body: { metadata: { name: 'c' }, spec } });

    await ask({ method: 'DELETE', path: `${claims}/c` });

    expect(made.body).toMatchObject({ metadata: { finalizers: ['kubernetes.io/pvc-protection'] } });
    expect((await ask({ path: `${claims}/c` })).code).toBe(404);
  });
});
