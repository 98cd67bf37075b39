import { describe, expect, test } from '@jest/globals';
import { createClusterView } from '#src/app/events/cluster-view.ts';
import { ClusterUnreachable, readOnlyCluster, type OpenCluster } from '#src/model/clusters.ts';
import type { ObjectAddress } from '#src/model/plan.ts';
import type { RawObject } from '#src/model/raw.ts';
import { NotListed } from '#src/model/source.ts';
import { formatSet } from '#src/network/addresses.ts';
import { createMovedClock } from '#test/fakes/clock.ts';
import { createKeptLog } from '#test/fakes/log.ts';
import { sourceOf } from '#test/fakes/source.ts';

const NODE = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-1' }, spec: { podCIDR: '10.244.0.0/24' }, status: {} };
const SERVICE = { apiVersion: 'v1', kind: 'Service', metadata: { namespace: 'default', name: 'kubernetes' }, spec: { clusterIP: '10.96.0.1' } };
const SERVICE_RANGE = { apiVersion: 'networking.k8s.io/v1', kind: 'ServiceCIDR', metadata: { name: 'kubernetes' }, spec: { cidrs: ['10.96.0.0/16', 'fd00:10:96::/112'] } };
const REPLICA_SET = { controller: true, kind: 'ReplicaSet', name: 'web-7d9f8c6b5' };

function podOf(name: string, owner: object | undefined, labels: object = {}): RawObject {
  return { kind: 'Pod', metadata: { namespace: 'shop', name, labels, ownerReferences: owner === undefined ? [] : [owner] }, spec: { nodeName: 'node-1' }, status: { podIP: '10.244.0.7', podIPs: [{ ip: '10.244.0.7' }] } };
}

function podAt(ip: string, name = 'coredns', spec: object = {}): RawObject {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { namespace: 'shop', name }, spec: { nodeName: 'node-1', ...spec }, status: { podIPs: [{ ip }] } };
}

const OBJECTS: Readonly<Record<string, RawObject>> = {
  'Pod web-7d9f8c6b5-x2x4z': podOf('web-7d9f8c6b5-x2x4z', REPLICA_SET, { 'pod-template-hash': '7d9f8c6b5' }),
  'Pod backup-29384756-abcde': podOf('backup-29384756-abcde', { controller: true, kind: 'Job', name: 'backup-29384756' }),
  'Pod db-0': podOf('db-0', { controller: true, kind: 'StatefulSet', name: 'db' }),
  'Pod alone': podOf('alone', undefined),
  // Nobody lists it: it is met with its connections.
  'Pod astray': podAt('192.168.7.8', 'astray'),
  'DaemonSet agent': { kind: 'DaemonSet' },
};

function view(objects: readonly RawObject[] = [NODE, SERVICE], { minor = 37, refusal, podRefusal }: { readonly minor?: number; readonly refusal?: Error; readonly podRefusal?: Error } = {}) {
  const clock = createMovedClock();
  const log = createKeptLog();
  const world = { opened: 0, closed: 0, asked: new Array<string>(), isAway: false, wait: Promise.resolve() };
  const open = (): Promise<OpenCluster> => {
    if (world.isAway) return Promise.reject(new ClusterUnreachable('away'));
    world.opened += 1;
    const get = async ({ kind, name }: ObjectAddress) => {
      world.asked.push(`${kind} ${name}`);
      await world.wait;
      return OBJECTS[`${kind} ${name}`];
    };
    const source = sourceOf(objects, { version: { minor } });
    const list: OpenCluster['list'] = (kind, signal) => {
      if (kind === 'ServiceCIDR' && refusal !== undefined) throw refusal;
      if (kind === 'Pod' && podRefusal !== undefined) throw podRefusal;
      return source.list(kind, signal);
    };
    return Promise.resolve({ ...readOnlyCluster(source), list, get, close: () => (world.closed += 1) });
  };
  return { clock, log, world, view: createClusterView({ settings: { cluster: 'prod', clusterRanges: [] }, clusters: { open }, clock, log }) };
}

describe('src/app/events/cluster-view.ts', () => {
  test('the ranges of a cluster are read, and read anew after five minutes', async () => {
    const { clock, world, view: seen } = view();
    const first = await seen.ranges();
    expect(first).toMatchObject({ arePodsKnown: true, addresses: [{}, {}] });
    expect(await seen.ranges()).toBe(first);

    clock.advance(5 * 60_000);
    await seen.ranges();
    await seen.stop();

    expect(world).toMatchObject({ opened: 2, closed: 2 });
  });

  test.each<readonly [string, Parameters<typeof view>[1], readonly string[], number]>([
    ['tells the ranges of its services', {}, ['10.96.0.0/16', '10.244.0.0/24', 'fd00:10:96::/112'], 0],
    ['is older than them', { minor: 32, refusal: new NotListed('no permission to list servicecidrs') }, ['10.96.0.1/32', '10.244.0.0/24'], 0],
    ['does not serve them', { refusal: new NotListed('the API server does not serve servicecidrs', true) }, ['10.96.0.1/32', '10.244.0.0/24'], 0],
    ['does not let the bot read them', { refusal: new NotListed('no permission to list servicecidrs') }, ['10.96.0.1/32', '10.244.0.0/24'], 1],
  ])('a cluster that %s', async (_, given, addresses, warnings) => {
    const { clock, log, world, view: seen } = view([NODE, SERVICE, SERVICE_RANGE], given);
    const ranges = await seen.ranges();
    expect(formatSet(ranges.addresses)).toEqual(addresses);

    // What is missing is said once, not with every look.
    clock.advance(5 * 60_000);
    await seen.ranges();
    await seen.stop();

    expect(world.opened).toBe(2);
    expect(log.texts('warn')).toHaveLength(warnings);
  });

  test.each<readonly [string, RawObject, boolean]>([
    ['a range of its node', podAt('10.244.0.9'), true],
    ['no range', podAt('192.168.7.7'), false],
    ['no range, in the network of its node', podAt('192.168.7.7', 'proxy', { hostNetwork: true }), true],
    ['no range, on a node that is gone', podAt('192.168.7.7', 'late', { nodeName: 'node-9' }), true],
  ])('a pod has an address in %s', async (_, pod, arePodsKnown) => {
    const { clock, log, view: seen } = view([NODE, SERVICE, pod]);
    expect(await seen.ranges()).toMatchObject({ arePodsKnown });

    // What is to be done is said once, not with every look.
    clock.advance(5 * 60_000);
    await seen.ranges();
    await seen.stop();

    expect(log.texts('warn')).toEqual(arePodsKnown ? [] : [expect.stringContaining('until clusterRanges names the ranges of pods')]);
  });

  test('a pod that is looked up for a connection tells that the ranges do not hold, before the connection is judged, and for good', async () => {
    const { clock, log, world, view: seen } = view([NODE, SERVICE]);
    expect(await seen.ranges()).toMatchObject({ arePodsKnown: true });
    await seen.find([{ namespace: 'shop', name: 'db-0' }]);
    expect(await seen.ranges()).toMatchObject({ arePodsKnown: true });

    await seen.find([{ namespace: 'shop', name: 'astray' }]);
    expect(await seen.ranges()).toMatchObject({ arePodsKnown: false });
    await new Promise(setImmediate);
    expect(world.opened).toBe(2);
    for (let looks = 0; looks < 2; looks += 1) {
      clock.advance(5 * 60_000);
      await seen.ranges();
      await new Promise(setImmediate);
      expect(await seen.ranges()).toMatchObject({ arePodsKnown: false });
    }
    await seen.stop();

    expect(log.texts('warn')).toHaveLength(1);
  });

  test('a pod on a node that is new makes the ranges unknown until the node is known', async () => {
    const objects: RawObject[] = [{ ...NODE, metadata: { name: 'node-0' }, spec: { podCIDR: '10.244.9.0/24' } }];
    const { log, view: seen } = view(objects);
    expect(await seen.ranges()).toMatchObject({ arePodsKnown: true });
    objects.push({ ...NODE, spec: { podCIDR: '192.168.7.0/24' } });

    await seen.find([{ namespace: 'shop', name: 'astray' }]);
    expect(await seen.ranges()).toMatchObject({ arePodsKnown: false });
    await new Promise(setImmediate);
    expect(await seen.ranges()).toMatchObject({ arePodsKnown: true });
    await seen.stop();

    expect(log.texts('warn')).toEqual([]);
  });

  test('a cluster that does not let the bot list pods is watched all the same, which is said once', async () => {
    const { log, view: seen } = view([NODE, SERVICE, podAt('192.168.7.7')], { podRefusal: new NotListed('no permission to list pods') });
    expect(await seen.ranges()).toMatchObject({ arePodsKnown: true });
    await seen.stop();

    expect(log.texts('warn')).toEqual([expect.stringContaining('could not be listed')]);
  });

  test('a cluster that does not answer leaves the ranges unknown, and is asked again', async () => {
    const { clock, world, log, view: seen } = view();
    world.isAway = true;
    expect(await seen.ranges()).toEqual({ addresses: [], arePodsKnown: false });
    expect(log.texts('warn')).toHaveLength(1);

    world.isAway = false;
    clock.advance(5 * 60_000);
    await seen.ranges();
    await new Promise(setImmediate);

    expect(await seen.ranges()).toMatchObject({ arePodsKnown: true });
    await seen.stop();
  });

  test.each([
    ['web-7d9f8c6b5-x2x4z', { kind: 'Deployment', name: 'web' }],
    ['backup-29384756-abcde', { kind: 'CronJob', name: 'backup' }],
    ['db-0', { kind: 'StatefulSet', name: 'db' }],
    ['alone', { kind: 'Pod', name: 'alone' }],
    ['web-7d9f8c6b5-*', { kind: 'Deployment', name: 'web' }],
    ['agent-*', { kind: 'DaemonSet', name: 'agent' }],
    ['gone', undefined],
    ['gone-*', undefined],
  ])('the pod %s', async (name, owner) => {
    const { view: seen } = view();
    await seen.ranges();
    await seen.find([{ namespace: 'shop', name }]);

    expect(seen.ownerOf({ namespace: 'shop', name })).toEqual(owner === undefined ? undefined : { namespace: 'shop', ...owner });
    await seen.stop();
  });

  test('a pod is looked up once, and one that is gone again after a minute', async () => {
    const { clock, world, view: seen } = view();
    await seen.ranges();
    const pods = ['db-0', 'gone', 'db-0'].map((name) => ({ namespace: 'shop', name }));
    for (let times = 0; times < 3; times += 1) await seen.find(pods);
    expect(world.asked).toEqual(['Pod db-0', 'Pod gone']);

    clock.advance(60_001);
    await seen.find(pods);

    expect(world.asked).toEqual(['Pod db-0', 'Pod gone', 'Pod gone']);
    await seen.stop();
  });

  test('the pods of the first batch are looked up as well, before anybody has asked for the ranges', async () => {
    const { world, view: seen } = view();
    await seen.find([{ namespace: 'shop', name: 'db-0' }]);

    expect(seen.ownerOf({ namespace: 'shop', name: 'db-0' })).toEqual({ namespace: 'shop', kind: 'StatefulSet', name: 'db' });
    await seen.stop();
    expect(world).toMatchObject({ opened: 1, closed: 1 });
  });

  test('pods stay unknown while the cluster does not answer, and it is not tried for each batch', async () => {
    const { clock, world, log, view: seen } = view();
    world.isAway = true;
    for (let batches = 0; batches < 3; batches += 1) await seen.find([{ namespace: 'shop', name: 'db-0' }]);
    expect(log.texts('warn')).toHaveLength(1);

    world.isAway = false;
    clock.advance(5 * 60_000);
    await seen.find([{ namespace: 'shop', name: 'db-0' }]);
    await new Promise(setImmediate);
    await seen.find([{ namespace: 'shop', name: 'db-0' }]);

    expect(seen.ownerOf({ namespace: 'shop', name: 'db-0' })).toMatchObject({ kind: 'StatefulSet' });
    await seen.stop();
  });

  test('all pods of a batch are looked up, however many there are', async () => {
    const { view: seen } = view();
    await seen.ranges();
    const pods = [...Array.from({ length: 120 }, (_, index) => `gone-${index}`), 'db-0'].map((name) => ({ namespace: 'shop', name }));
    await seen.find(pods);

    expect(seen.ownerOf({ namespace: 'shop', name: 'db-0' })).toEqual({ namespace: 'shop', kind: 'StatefulSet', name: 'db' });
    await seen.stop();
  });

  test('a cluster that is opened anew stays open for the pods that are looked up meanwhile', async () => {
    const { clock, world, view: seen } = view();
    await seen.ranges();
    const { promise, resolve } = Promise.withResolvers<void>();
    world.wait = promise;
    const found = seen.find([{ namespace: 'shop', name: 'db-0' }]);
    clock.advance(5 * 60_000);
    await seen.ranges();
    await new Promise(setImmediate);
    expect(world).toMatchObject({ opened: 2, closed: 0 });

    resolve();
    await found;
    await seen.stop();

    expect(world).toMatchObject({ opened: 2, closed: 2 });
  });
});
