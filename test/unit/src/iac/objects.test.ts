import { describe, expect, test } from '@jest/globals';
import { isPlan, isState, objectsIn } from '#src/iac/objects.ts';
import { formatPath } from '#src/model/raw.ts';

const pod = (name: string) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name } });

describe('src/iac/objects.ts', () => {
  test.each([
    ['an object', pod('a'), { '': 'Pod' }],
    ['a list of objects', [pod('a'), 'text', pod('b')], { '[0]': 'Pod', '[2]': 'Pod' }],
    ['a List', { apiVersion: 'v1', kind: 'List', items: [pod('a'), null, pod('b')] }, { 'items[0]': 'Pod', 'items[2]': 'Pod' }],
    ['a List in a List', { apiVersion: 'v1', kind: 'List', items: [{ apiVersion: 'v1', kind: 'List', items: [pod('a')] }] }, { 'items[0].items[0]': 'Pod' }],
    ['a typed list whose entries name no kind', { apiVersion: 'apps/v1', kind: 'DeploymentList', items: [{ metadata: { name: 'a' } }] }, { 'items[0]': 'Deployment' }],
    ['a kind that only ends like a list', { apiVersion: 'example.com/v1', kind: 'AllowList', spec: {} }, { '': 'AllowList' }],
    ['what `aws eks describe-cluster` prints', { cluster: { name: 'shop', arn: 'arn:aws:eks:eu-west-3:1:cluster/shop' } }, { cluster: 'ClusterDescription' }],
    ['what `gcloud container clusters list` prints', [{ name: 'blog', selfLink: 'https://container.googleapis.com/v1/projects/p/zones/z/clusters/blog' }], { '[0]': 'ClusterDescription' }],
    ['what `az aks show` prints', { name: 'bank', type: 'Microsoft.ContainerService/ManagedClusters' }, { '': 'ClusterDescription' }],
    ['a description of something else', { cluster: { name: 'shop', arn: 'arn:aws:ecs:eu-west-3:1:cluster/shop' } }, {}],
    ['values of a chart', { replicas: 2, image: { kind: 'x' } }, {}],
    ['an object without a version', { kind: 'Pod' }, {}],
    ['an empty List', { apiVersion: 'v1', kind: 'List', items: null }, {}],
    ['text', 'text', {}],
  ])('finds the objects of %s', (_, value, expected) => {
    const found = [...objectsIn(value)].map(({ object, path }) => [formatPath(path), object.kind]);

    expect(Object.fromEntries(found)).toEqual(expected);
  });

  test('gives entries of a typed list the version of the list', () => {
    const [found] = objectsIn({ apiVersion: 'apps/v1', kind: 'DeploymentList', items: [{ metadata: { name: 'a' } }] });

    expect(found?.object).toEqual({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'a' } });
  });

  test('gives a described cluster the name and the fields that its provider says', () => {
    const [found] = objectsIn({ cluster: { name: 'shop', arn: 'arn:aws-cn:eks:cn-north-1:1:cluster/shop', encryptionConfig: [] } });

    expect(found?.object).toMatchObject({ apiVersion: 'eks.amazonaws.com/v1', metadata: { name: 'shop' }, encryptionConfig: [] });
  });

  test('stops at lists in lists without end', () => {
    let value: unknown = pod('a');
    for (let depth = 0; depth < 1000; depth += 1) value = [value];

    expect([...objectsIn(value)]).toEqual([]);
  });

  test.each([
    ['a plan', { format_version: '1.2', terraform_version: '1.9.0', planned_values: {} }, true, false],
    ['a state that is shown', { format_version: '1.0', terraform_version: '1.9.0', values: {} }, true, false],
    ['a state file', { version: 4, terraform_version: '1.9.0', resources: [] }, false, true],
    ['an object', pod('a'), false, false],
    ['a list', [], false, false],
  ])('tells whether %s is a plan or a state', (_, value, plan, state) => {
    expect([isPlan(value), isState(value)]).toEqual([plan, state]);
  });
});
