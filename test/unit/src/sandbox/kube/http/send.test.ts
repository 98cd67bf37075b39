import { gunzipSync } from 'node:zlib';
import { request } from 'node:https';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { startKubeSandbox, type KubeSandbox } from '#src/sandbox/kube/sandbox.ts';
import { aConfigMap } from '../api.ts';

interface Received {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Buffer;
}

describe('src/sandbox/kube/http/send.ts', () => {
  let sandbox: KubeSandbox;

  beforeAll(async () => {
    sandbox = await startKubeSandbox({ objects: [{ ...aConfigMap('large'), data: { text: 'x'.repeat(200_000) } }] });
  });

  afterAll(() => sandbox.stop());

  function get(path: string, headers: Readonly<Record<string, string>>, method = 'GET'): Promise<Received> {
    return new Promise((resolve, reject) => {
      const all = { authorization: `Bearer ${sandbox.tokenOf('admin')}`, ...headers };
      const sent = request(new URL(path, sandbox.url), { agent: false, ca: sandbox.ca, headers: all, method }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => resolve({ headers: response.headers, body: Buffer.concat(chunks) }));
      });
      sent.on('error', reject).end();
    });
  }

  test('large answers are compressed for those who take it', async () => {
    const { headers, body } = await get('/api/v1/namespaces/default/configmaps', { 'accept-encoding': 'gzip' });

    expect(headers['content-encoding']).toBe('gzip');
    expect(JSON.parse(gunzipSync(body).toString('utf8'))).toMatchObject({ kind: 'ConfigMapList' });
  });

  test('small answers are not', async () => {
    expect((await get('/version', { 'accept-encoding': 'gzip' })).headers['content-encoding']).toBeUndefined();
  });

  test('YAML for those who ask for it', async () => {
    const { headers, body } = await get('/api/v1/namespaces/default', { accept: 'application/yaml' });

    expect(headers['content-type']).toBe('application/yaml');
    expect(parse(body.toString('utf8'))).toMatchObject({ kind: 'Namespace', metadata: { name: 'default' } });
  });

  test.each([
    ['curl', { 'user-agent': 'curl/8.0' }, '/api/v1/namespaces/default'],
    ['a client that asks for it', {}, '/api/v1/namespaces/default?pretty=true'],
  ])('people read indented JSON: %s', async (_who, headers, path) => {
    expect((await get(path, headers)).body.toString('utf8')).toMatch(/^\{\n {2}"kind": "Namespace",\n/);
  });

  test('programs read it without', async () => {
    expect((await get('/api/v1/namespaces/default', { 'user-agent': 'kubectl/v1.37' })).body.toString('utf8')).toMatch(/^\{"kind":"Namespace","apiVersion":"v1",/);
  });

  test('a page begins with its continue token', async () => {
    expect((await get('/api/v1/configmaps?limit=1', {})).body.toString('utf8')).toMatch(/^\{"kind":"ConfigMapList","apiVersion":"v1","metadata":\{"resourceVersion":"\d+","continue":"[\w-]+","remainingItemCount":\d+\},"items":\[/);
  });

  test('every answer can be found again in an audit log, and none is kept', async () => {
    expect((await get('/version', {})).headers).toMatchObject({ 'audit-id': expect.stringMatching(/^[0-9a-f-]{36}$/), 'cache-control': 'no-cache, private' });
  });

  test('HEAD has no body', async () => {
    expect((await get('/version', {}, 'HEAD')).body.length).toBe(0);
  });
});
