import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startKubeSandbox, type KubeSandbox } from '#src/sandbox/kube/sandbox.ts';
import { aConfigMap, aNamespace, aPod, askAs, watchAs, type Ask } from '../api.ts';

const MAPS = '/api/v1/namespaces/shop/configmaps';

interface List {
  readonly metadata: { readonly resourceVersion: string; readonly continue: string };
  readonly items: readonly { readonly metadata: { readonly name: string } }[];
}

describe('src/sandbox/kube/store/store.ts', () => {
  let sandbox: KubeSandbox;
  let ask: Ask;
  let nowMs: number;

  beforeEach(async () => {
    nowMs = Date.UTC(2026, 0, 1);
    sandbox = await startKubeSandbox({
      clock: { now: () => new Date(nowMs) },
      objects: [aNamespace('shop'), ...['a', 'b', 'c', 'd'].map((name) => aConfigMap(name, 'shop'))],
    });
    ask = askAs(sandbox);
  });

  afterEach(() => sandbox.stop());

  async function list(query: string): Promise<List> {
    return (await ask({ path: `${MAPS}?${query}` })).body as List;
  }

  function names({ items }: List): readonly string[] {
    return items.map(({ metadata }) => metadata.name);
  }

  test('pages show the list as it was when the first was read', async () => {
    const first = await list('limit=2');
    sandbox.objects.delete({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'shop', name: 'c' });
    sandbox.objects.put(aConfigMap('bb', 'shop'));

    const second = await list(`limit=2&continue=${first.metadata.continue}`);

    expect([names(first), names(second)]).toEqual([['a', 'b'], ['c', 'd']]);
    expect(names(await list(''))).toEqual(['a', 'b', 'bb', 'd', 'kube-root-ca.crt']);
  });

  test('a list of any version has no pages', async () => {
    expect(names(await list('limit=2&resourceVersion=0'))).toEqual(['a', 'b', 'c', 'd', 'kube-root-ca.crt']);
  });

  test.each([
    ['after four minutes', 4, 200],
    ['after eleven minutes', 11, 410],
  ])('a continue token %s', async (_when, minutes, code) => {
    const first = await list('limit=2');
    sandbox.objects.put(aConfigMap('e', 'shop'));
    nowMs += minutes * 60_000;
    sandbox.objects.put(aConfigMap('f', 'shop'));

    expect((await ask({ path: `${MAPS}?limit=2&continue=${first.metadata.continue}` })).code).toBe(code);
  });

  test('after the history is forgotten the rest of a list comes from the present', async () => {
    const first = await list('limit=2');
    sandbox.objects.put(aConfigMap('bb', 'shop'));
    sandbox.faults.expireHistory();

    const refused = (await ask({ path: `${MAPS}?limit=2&continue=${first.metadata.continue}` })).body as List;
    const rest = await list(`continue=${refused.metadata.continue}`);

    expect(names(rest)).toEqual(['bb', 'c', 'd', 'kube-root-ca.crt']);
  });

  test('a version that is forgotten cannot be listed', async () => {
    const { metadata } = await list('limit=1');
    sandbox.objects.put(aConfigMap('e', 'shop'));
    sandbox.faults.expireHistory();

    const { body } = await ask({ path: `${MAPS}?resourceVersion=${metadata.resourceVersion}&resourceVersionMatch=Exact` });

    expect(body).toMatchObject({ code: 410, reason: 'Expired', message: 'The resourceVersion for the provided list is too old.' });
  });

  test('a watch tells of changes as they happen', async () => {
    const { metadata } = await list('');
    const watch = watchAs(sandbox, `${MAPS}?watch=true&resourceVersion=${metadata.resourceVersion}`);

    sandbox.objects.put(aConfigMap('new', 'shop'));
    const added = await watch.next();
    await ask({ method: 'PATCH', path: `${MAPS}/new`, body: { data: { more: 'x' } }, type: 'application/merge-patch+json' });
    const modified = await watch.next();
    await ask({ method: 'DELETE', path: `${MAPS}/new` });
    const deleted = await watch.next();
    watch.stop();

    expect([added, modified, deleted]).toMatchObject([
      { type: 'ADDED', object: { kind: 'ConfigMap', metadata: { name: 'new' } } },
      { type: 'MODIFIED', object: { data: { name: 'new', more: 'x' } } },
      { type: 'DELETED', object: { metadata: { name: 'new' } } },
    ]);
  });

  test('a watch from a version that is forgotten ends with 410', async () => {
    sandbox.faults.expireHistory();
    const watch = watchAs(sandbox, `${MAPS}?watch=true&resourceVersion=2`);

    expect(await watch.next()).toMatchObject({ type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired', message: expect.stringContaining('too old resource version: 2 (') } });
    expect(await watch.next()).toBeUndefined();
  });

  test('watches that are open can be ended with 410', async () => {
    const watch = watchAs(sandbox, `${MAPS}?watch=true`);
    await watch.next();

    sandbox.faults.expireWatches();
    const events: unknown[] = [];
    for (let event = await watch.next(); event !== undefined; event = await watch.next()) events.push(event);

    expect(events.at(-1)).toMatchObject({ type: 'ERROR', object: { code: 410 } });
  });

  test('a watch begins with what is there, and says where that ends', async () => {
    const watch = watchAs(sandbox, `${MAPS}?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true`);

    const events = [];
    for (let count = 0; count < 6; count += 1) events.push(await watch.next());
    watch.stop();

    expect(events.map((event) => event?.type)).toEqual(['ADDED', 'ADDED', 'ADDED', 'ADDED', 'ADDED', 'BOOKMARK']);
    expect(events.at(-1)).toMatchObject({ object: { metadata: { annotations: { 'k8s.io/initial-events-end': 'true' } } } });
  });

  test('a watch ends at its timeout, with a bookmark if the client takes them', async () => {
    const watch = watchAs(sandbox, `${MAPS}?watch=true&resourceVersion=${(await list('')).metadata.resourceVersion}&allowWatchBookmarks=true&timeoutSeconds=1`);

    expect(await watch.next()).toMatchObject({ type: 'BOOKMARK', object: { kind: 'ConfigMap', metadata: { resourceVersion: expect.any(String) } } });
    expect(await watch.next()).toBeUndefined();
  });

  test('a pod on a node is seen to end before it is gone', async () => {
    sandbox.objects.put(aPod('running', 'shop', { spec: { nodeName: 'node-1' }, status: { phase: 'Running' } }));
    const watch = watchAs(sandbox, '/api/v1/namespaces/shop/pods?watch=true&resourceVersion=0');
    await watch.next();

    const { body } = await ask({ method: 'DELETE', path: '/api/v1/namespaces/shop/pods/running' });
    const events = [await watch.next(), await watch.next()];
    watch.stop();

    expect(body).toMatchObject({ metadata: { deletionGracePeriodSeconds: 30, deletionTimestamp: '2026-01-01T00:00:30Z' } });
    expect(events).toMatchObject([{ type: 'MODIFIED', object: { metadata: { deletionGracePeriodSeconds: 30 } } }, { type: 'DELETED' }]);
  });
});
