import { describe, expect, test } from '@jest/globals';
import { isPlan, objectsIn } from '#src/iac/objects.ts';
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

  test('stops at lists in lists without end', () => {
    let value: unknown = pod('a');
    for (let depth = 0; depth < 1000; depth += 1) value = [value];

    expect([...objectsIn(value)]).toEqual([]);
  });

  test.each([
    ['a plan', { format_version: '1.2', terraform_version: '1.9.0', planned_values: {} }, true],
    ['a state', { version: 4, terraform_version: '1.9.0', resources: [] }, true],
    ['an object', pod('a'), false],
    ['a list', [], false],
  ])('tells whether %s is from Terraform', (_, value, expected) => {
    expect(isPlan(value)).toBe(expected);
  });
});
