import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startKubeSandbox, type KubeSandbox } from '#src/sandbox/kube/sandbox.ts';
import { askAs, type Ask } from '../api.ts';

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, object>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

describe('src/sandbox/kube/http/openapi.ts', () => {
  let sandbox: KubeSandbox;
  let ask: Ask;

  beforeAll(async () => {
    sandbox = await startKubeSandbox();
    ask = askAs(sandbox);
  });

  afterAll(() => sandbox.stop());

  test('every group version has a document in which every type that is named is there', async () => {
    const { body } = await ask({ path: '/openapi/v3' });
    const addresses = Object.values((body as { readonly paths: Readonly<Record<string, { readonly serverRelativeURL: string }>> }).paths);

    for (const { serverRelativeURL } of addresses) {
      const document = (await ask({ path: serverRelativeURL })).body as Document;
      const named = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name);
      expect(named.filter((name) => name === undefined || document.components.schemas[name] === undefined)).toEqual([]);
    }
    expect(addresses.length).toBeGreaterThan(20);
  });

  test('writing a kind takes the parameters that kubectl looks for', async () => {
    const { paths, components } = (await ask({ path: '/openapi/v3/apis/apps/v1' })).body as Document;

    expect(paths['/apis/apps/v1/namespaces/{namespace}/deployments/{name}']?.patch).toMatchObject({
      'x-kubernetes-group-version-kind': { group: 'apps', version: 'v1', kind: 'Deployment' },
      parameters: expect.arrayContaining([expect.objectContaining({ name: 'fieldValidation' }), expect.objectContaining({ name: 'dryRun' })]),
    });
    expect(components.schemas['io.k8s.api.core.v1.PodSpec']).toMatchObject({
      properties: { containers: { 'x-kubernetes-patch-merge-key': 'name', 'x-kubernetes-list-map-keys': ['name'] } },
    });
  });

  test('what is not served has no document', async () => {
    expect((await ask({ path: '/openapi/v3/apis/example.com/v1' })).code).toBe(404);
  });
});
