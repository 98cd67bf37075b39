import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startKubeSandbox, type KubeSandbox } from '#src/sandbox/kube/sandbox.ts';
import { askAs, type Ask } from '../api.ts';
import { APPLY_PATCH, MERGE_PATCH, STRATEGIC_PATCH, TABLE } from '../conformance/scenario.ts';

const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const THINGS = '/apis/example.com/v1/namespaces/default/things';
const DEFINITION = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'things.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'things', kind: 'Thing', shortNames: ['th'] },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        additionalPrinterColumns: [{ name: 'Size', type: 'integer', jsonPath: '.spec.size' }, { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' }],
        schema: {
          openAPIV3Schema: {
            type: 'object',
            properties: {
              spec: {
                type: 'object',
                properties: {
                  size: { type: 'integer', default: 3 },
                  free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
                  parts: { type: 'array', items: { type: 'object', properties: { name: { type: 'string' }, value: { type: 'string' } } }, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] },
                },
              },
              status: { type: 'object', properties: { phase: { type: 'string' } } },
            },
          },
        },
      },
    ],
  },
};

describe('src/sandbox/kube/write/custom.ts', () => {
  let sandbox: KubeSandbox;
  let ask: Ask;

  beforeEach(async () => {
    sandbox = await startKubeSandbox({ objects: [DEFINITION, { apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 'first' }, spec: {} }] });
    ask = askAs(sandbox);
  });

  afterEach(() => sandbox.stop());

  test('a definition is established', () => {
    const definition = sandbox.objects.get({ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', name: 'things.example.com' });

    expect(definition).toMatchObject({
      spec: { names: { singular: 'thing', listKind: 'ThingList' } },
      status: { acceptedNames: { kind: 'Thing' }, storedVersions: ['v1'], conditions: [{ type: 'NamesAccepted', status: 'True' }, { type: 'Established', status: 'True' }] },
    });
  });

  test('its resources are found by discovery', async () => {
    expect((await ask({ path: '/apis/example.com/v1' })).body).toMatchObject({ resources: [{ name: 'things', shortNames: ['th'], kind: 'Thing' }, { name: 'things/status' }] });
    expect((await ask({ path: '/apis' })).body).toMatchObject({ groups: expect.arrayContaining([expect.objectContaining({ name: 'example.com' })]) });
  });

  test('its objects get defaults and lose what the schema does not know', async () => {
    const { body, headers } = await ask({ method: 'POST', path: THINGS, body: { apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 'a' }, spec: { free: { any: [1] }, other: 1 } } });

    expect(body).toMatchObject({ metadata: { generation: 1 }, spec: { size: 3, free: { any: [1] } } });
    expect(body).not.toHaveProperty('spec.other');
    expect(headers.warning).toContain('unknown field');
  });

  test('lists of its objects say of each what it is, as only those do', async () => {
    expect((await ask({ path: THINGS })).body).toMatchObject({ kind: 'ThingList', items: [{ apiVersion: 'example.com/v1', kind: 'Thing', spec: { size: 3 } }] });
  });

  test('its columns are shown', async () => {
    expect((await ask({ path: THINGS, accept: TABLE })).body).toMatchObject({
      columnDefinitions: [{ name: 'Name' }, { name: 'Size', type: 'integer' }, { name: 'Age' }],
      rows: [{ cells: ['first', 3, expect.stringMatching(/^\d+s$/)] }],
    });
  });

  test('its objects are merged and applied by their schema, but not strategically', async () => {
    const strategic = await ask({ method: 'PATCH', path: `${THINGS}/first`, body: {}, type: STRATEGIC_PATCH });
    const merged = await ask({ method: 'PATCH', path: `${THINGS}/first`, body: { spec: { parts: [{ name: 'a', value: '1' }] } }, type: MERGE_PATCH });
    const applied = await ask({
      method: 'PATCH',
      path: `${THINGS}/first?fieldManager=me`,
      body: { apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 'first' }, spec: { parts: [{ name: 'b', value: '2' }] } },
      type: APPLY_PATCH,
    });

    expect([strategic.code, merged.code, applied.code]).toEqual([415, 200, 200]);
    expect(applied.body).toMatchObject({ spec: { parts: [{ name: 'a' }, { name: 'b' }] } });
  });

  test('its status is written by itself', async () => {
    const { body } = await ask({ method: 'PATCH', path: `${THINGS}/first/status`, body: { spec: { size: 9 }, status: { phase: 'Ready' } }, type: MERGE_PATCH });

    expect(body).toMatchObject({ spec: { size: 3 }, status: { phase: 'Ready' }, metadata: { generation: 1 } });
  });

  test('without the definition there are no such objects', async () => {
    await ask({ method: 'DELETE', path: `${DEFINITIONS}/things.example.com` });

    expect((await ask({ path: THINGS })).code).toBe(404);
    expect((await ask({ path: '/apis/example.com' })).code).toBe(404);
  });
});
