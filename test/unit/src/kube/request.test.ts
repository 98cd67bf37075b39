import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { configFor } from '#src/kube/contexts.ts';
import { createApiClient, SilentServer, type ApiClient } from '#src/kube/request.ts';
import { openCluster } from '#src/kube/source.ts';
import { ClusterUnreachable } from '#src/model/clusters.ts';
import { NotListed } from '#src/model/source.ts';
import { startHttpStandIn } from '#test/fakes/people/server.ts';
import { startKubeSandbox, type KubeSandbox } from '#src/sandbox/kube/sandbox.ts';

const SILENCE_MS = 60;

let kube: KubeSandbox;
let client: ApiClient;

beforeEach(async () => {
  kube = await startKubeSandbox();
  client = createApiClient(configFor({ text: kube.kubeconfig('admin') }), SILENCE_MS);
});

afterEach(async () => {
  client.close();
  kube.faults.clear();
  await kube.stop();
});

async function all<T>(pages: AsyncIterable<readonly T[]>): Promise<readonly T[]> {
  const items: T[] = [];
  for await (const page of pages) items.push(...page);
  return items;
}

const signal = () => new AbortController().signal;

describe('src/kube/request.ts', () => {
  test.each([[undefined, 'k8ssec'], ['k8ssec-self-test-1', 'k8ssec-self-test-1']])('the user agent of a request that wants %s is %s', async (wanted, expected) => {
    const server = await startHttpStandIn(() => ({ body: {} }));
    const own = createApiClient(configFor({ text: JSON.stringify({ 'current-context': 'c', contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }], clusters: [{ name: 'c', cluster: { server: server.url, 'insecure-skip-tls-verify': true } }], users: [{ name: 'u', user: {} }] }) }));
    await own.send({ path: '/version', ...(wanted !== undefined && { userAgent: wanted }) }, signal());
    own.close();
    await server.stop();

    expect(server.asked[0]?.headers['user-agent']).toBe(expected);
  });

  test('an answer that does not come is given up', async () => {
    kube.faults.add({ path: '/version' }, { kind: 'hang' });

    await expect(client.send({ path: '/version' }, signal())).rejects.toThrow(new SilentServer('no answer in 0 s'));
  });

  test('waiting ends at once when it is not wanted any more', async () => {
    kube.faults.add({ path: '/version' }, { kind: 'hang' });
    const stop = new AbortController();
    const answer = client.send({ path: '/version' }, stop.signal);

    stop.abort(new Error('canceled'));

    await expect(answer).rejects.toThrow(/abort/i);
  });

  test('an answer that is longer than it may be counts as none', async () => {
    await expect(client.send({ path: '/apis', maxBytes: 100 }, signal())).rejects.toThrow(new SilentServer('its answer is too long'));
    expect((await client.send({ path: '/apis', maxBytes: 1_000_000 }, signal())).status).toBe(200);
  });

  test('any answer is an answer, whatever its status', async () => {
    kube.faults.add({ path: '/version' }, { kind: 'refuse', code: 503 });

    expect((await client.send({ path: '/version' }, signal())).status).toBe(503);
  });

  test('an address where nobody listens is no silent server', async () => {
    await kube.stop();

    await expect(client.send({ path: '/version' }, signal())).rejects.toThrow('the API server refuses connections');
  });
});

describe('src/kube/source.ts', () => {
  test('a version that does not come makes the cluster unreachable', async () => {
    kube.faults.add({ path: '/version' }, { kind: 'hang' });

    await expect(openCluster(client, signal())).rejects.toThrow(new ClusterUnreachable('the API server did not answer: no answer in 0 s'));
  });

  test('a list that does not come is asked for four times and then not listed', async () => {
    const source = await openCluster(client, signal());
    const hanging = kube.faults.add({ resource: 'pods', verb: 'list' }, { kind: 'hang' });

    const pages = all(source.list('Pod', signal()));

    await expect(pages).rejects.toThrow(new NotListed('the API server did not list pods: no answer in 0 s'));
    expect(hanging.hits()).toBe(4);
  });

  test('without a list of groups nothing is taken for absent', async () => {
    kube.faults.add({ path: '/apis' }, { kind: 'refuse', code: 403 });

    const source = await openCluster(client, signal());

    expect((await all(source.list('ClusterRole', signal()))).length).toBeGreaterThan(0);
  });
});
