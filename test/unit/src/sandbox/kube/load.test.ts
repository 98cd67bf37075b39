import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startKubeSandbox, type KubeSandbox, type KubeSandboxOptions } from '#src/sandbox/kube/sandbox.ts';
import { aConfigMap, aNamespace, aPod } from './api.ts';

describe('src/sandbox/kube/load.ts', () => {
  let folder: string;
  let sandbox: KubeSandbox | undefined;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'manifests-'));
  });

  afterEach(async () => {
    await sandbox?.stop();
    sandbox = undefined;
    rmSync(folder, { recursive: true });
  });

  async function start(options: KubeSandboxOptions): Promise<KubeSandbox> {
    sandbox = await startKubeSandbox(options);
    return sandbox;
  }

  test('manifests of a folder and below are there from the start, whatever their order', async () => {
    mkdirSync(join(folder, 'b'));
    writeFileSync(join(folder, 'a.yaml'), 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: shop}\n---\n# nothing\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n');
    writeFileSync(join(folder, 'b', 'list.json'), JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [aConfigMap('b', 'shop')] }));
    writeFileSync(join(folder, 'README'), 'no manifest');

    const { objects } = await start({ manifests: folder });

    expect(objects.list('v1', 'ConfigMap', 'shop').map(({ metadata }) => metadata.name)).toEqual(['a', 'b', 'kube-root-ca.crt']);
  });

  test('status, creation time and managed fields stay as they are given', async () => {
    const managedFields = [{ manager: 'kubelet', operation: 'Update', apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1: { 'f:status': {} } }];
    const pod = aPod('old', 'default', { metadata: { creationTimestamp: '2025-01-02T03:04:05Z', managedFields }, status: { phase: 'Running' } });

    const { objects } = await start({ objects: [pod] });

    expect(objects.get({ apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'old' })).toMatchObject({
      metadata: { creationTimestamp: '2025-01-02T03:04:05Z', managedFields, uid: expect.stringMatching(/^[0-9a-f-]{36}$/), resourceVersion: expect.any(String) },
      spec: { serviceAccountName: 'default', dnsPolicy: 'ClusterFirst' },
      status: { phase: 'Running' },
    });
  });

  test('owners are found by their names', async () => {
    const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'owner' };

    const { objects } = await start({ objects: [aConfigMap('owner'), aConfigMap('owned', 'default', { ownerReferences: [owner] })] });

    const uid = objects.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'owner' })?.metadata.uid;
    expect(objects.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'owned' })?.metadata.ownerReferences).toEqual([{ ...owner, uid }]);
  });

  test.each([
    ['a kind that is not served', { apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 'x' } }, 'does not serve example.com/v1 Thing (x)'],
    ['a namespace that is not there', aConfigMap('x', 'nowhere'), 'ConfigMap nowhere/x is refused: namespaces "nowhere" not found'],
    ['an unknown field', { ...aConfigMap('x'), dta: {} }, 'unknown field "dta"'],
    ['an object that is not valid', aPod('x', 'default', { spec: { containers: [] } }), 'spec.containers: Required value'],
    ['an owner that is not there', aConfigMap('x', 'default', { ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'y' }] }), 'x names an owner that is not there: Pod y'],
  ])('refuses %s', async (_what, object, message) => {
    await expect(startKubeSandbox({ objects: [object] })).rejects.toThrow(message);
  });

  test('a manifest that cannot be read is named', async () => {
    writeFileSync(join(folder, 'broken.yaml'), 'a: [');

    await expect(startKubeSandbox({ manifests: folder })).rejects.toThrow('broken.yaml: ');
  });

  test('what is put again keeps its identity', async () => {
    const { objects } = await start({ objects: [aNamespace('shop'), aConfigMap('a', 'shop')] });
    const before = objects.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'a' });

    const after = objects.put({ ...aConfigMap('a', 'shop'), data: { other: 'x' } });

    expect([after.metadata.uid, after.metadata.creationTimestamp]).toEqual([before?.metadata.uid, before?.metadata.creationTimestamp]);
    expect(after.data).toEqual({ other: 'x' });
  });

  test('what is not there cannot be deleted', async () => {
    const { objects } = await start({});

    expect(() => objects.delete({ apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'none' })).toThrow('there is no Pod default/none');
  });
});
