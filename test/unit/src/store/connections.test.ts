import { describe, expect, test } from '@jest/globals';
import { connectionId } from '#src/model/connection-key.ts';
import type { ConnectionStart } from '#src/model/connection.ts';
import { createConnectionWatch } from '#src/store/connection-watch.ts';
import { createConnectionStore } from '#src/store/connections.ts';
import { CHECKOUT } from '#test/build/connections.ts';
import { FLOW_TIME } from '#test/build/flow.ts';
import { onEveryRedis, onRealRedis } from '#test/build/redis.ts';
import { aSighting } from '#test/build/sighting.ts';

const AT = Date.parse(FLOW_TIME);
const DAY_MS = 24 * 3600_000;
const CLUSTER = CHECKOUT.cluster;
const ID = connectionId(CHECKOUT);
const asNew = (): ConnectionStart => ({ state: 'new' });
const isoAt = (ms: number): string => new Date(AT + ms).toISOString();

describe('src/store/connections.ts', () => {
  onEveryRedis(({ redis }) => {
    test('a key that was never seen is a record at once, and is new once', async () => {
      const store = createConnectionStore(redis());

      const first = await store.see(CLUSTER, [aSighting({ bytes: 10 }), aSighting({ atMs: AT + 1000, outcome: 'attempted', address: '203.0.113.8', source: 'falco', count: 2 })], asNew);
      const again = await store.see(CLUSTER, [aSighting({ atMs: AT + 5000, bytes: 5 })], asNew);

      expect(first).toEqual({
        news: [{ id: ID, key: CHECKOUT, state: 'new', version: 1, firstSeen: FLOW_TIME, lastSeen: isoAt(1000), count: 3, bytes: 10, outcome: 'connected', isPrivate: false, addresses: ['203.0.113.8', '203.0.113.7'], names: [], sources: ['hubble', 'falco'] }],
        crowded: [],
      });
      expect(again.news).toEqual([]);
      expect(await store.get(CLUSTER, [ID, 'missing'])).toMatchObject([{ count: 4, bytes: 15, lastSeen: isoAt(5000), version: 1 }]);
    });

    test('keeps the furthest outcome, the latest three addresses, and the times in whatever order they come', async () => {
      const store = createConnectionStore(redis());
      await store.see(CLUSTER, [aSighting({ outcome: 'attempted', address: '203.0.113.1' })], asNew);
      await store.see(CLUSTER, [aSighting({ outcome: 'dropped', address: '203.0.113.2', atMs: AT - 500 })], asNew);
      for (const last of [3, 4, 2]) await store.see(CLUSTER, [aSighting({ outcome: 'attempted', address: `203.0.113.${last}`, names: ['a.example', 'b.example'] })], asNew);

      expect(await store.get(CLUSTER, [ID])).toMatchObject([{ outcome: 'dropped', addresses: ['203.0.113.2', '203.0.113.4', '203.0.113.3'], names: ['a.example', 'b.example'], lastSeen: FLOW_TIME, count: 5 }]);
    });

    test('forgets what was not seen since, but nothing that was denied or waits for people', async () => {
      const store = createConnectionStore(redis());
      const states = ['learned', 'approved', 'expired', 'retired', 'new', 'pending', 'denied'] as const;
      const sightings = [...states, 'late' as const].map((name, index) => aSighting({ atMs: name === 'late' ? AT + DAY_MS : AT, key: { remote: { kind: 'name', name: `${name}.example` }, port: 1000 + index } }));
      const { news } = await store.see(CLUSTER, sightings, asNew);
      for (const state of states) {
        const found = news.find(({ key }) => key.remote.kind === 'name' && key.remote.name === `${state}.example`);
        if (found !== undefined && state !== 'new') await store.change(found, { state });
      }
      const late = news.find(({ key }) => key.remote.kind === 'name' && key.remote.name === 'late.example');
      if (late !== undefined) await store.change(late, { state: 'learned' });

      expect(await store.forget(CLUSTER, new Date(AT + 1))).toBe(4);
      expect(await store.counts(CLUSTER)).toEqual({ learned: 1, new: 1, pending: 1, approved: 0, denied: 1, expired: 0, retired: 0 });
      expect(await store.ofWorkload(CLUSTER, CHECKOUT.workload)).toHaveLength(4);
      expect(await store.forget(CLUSTER, new Date(AT + 1))).toBe(0);
    });

    test('forgets with the last connection of a workload since when it was watched', async () => {
      const [store, watch] = [createConnectionStore(redis()), createConnectionWatch(redis())];
      const [gone, kept] = ['gone', 'kept'].map((name) => ({ ...CHECKOUT.workload, name }));
      if (gone === undefined || kept === undefined) throw new Error('no workloads');
      await watch.seenUntil(CLUSTER, AT, DAY_MS);
      await watch.begin(CLUSTER, [gone, kept]);
      await watch.seenUntil(CLUSTER, AT + 1000, DAY_MS);
      await store.see(CLUSTER, [aSighting({ key: { workload: gone, port: 1 } }), aSighting({ key: { workload: gone, port: 2 } }), aSighting({ key: { workload: kept, port: 1 } }), aSighting({ key: { workload: kept, port: 2 }, atMs: AT + 1 })], () => ({ state: 'learned' }));

      expect(await store.forget(CLUSTER, new Date(AT + 1))).toBe(3);
      expect([await watch.watchedMs(CLUSTER, [gone, kept]), await watch.all(CLUSTER)]).toEqual([[undefined, 1000], [1000]]);
    });

    test('forgets as many as there are, and keeps what was seen again', async () => {
      const store = createConnectionStore(redis());
      await store.see(CLUSTER, Array.from({ length: 250 }, (_, index) => aSighting({ key: { port: 1 + index }, atMs: AT + index })), () => ({ state: 'learned' }));
      await store.see(CLUSTER, [aSighting({ key: { port: 7 }, atMs: AT + DAY_MS })], asNew);

      expect(await store.forget(CLUSTER, new Date(AT + 240))).toBe(239);
      expect((await store.latest(CLUSTER, 'learned', 20)).map(({ key }) => key.port)).toEqual([7, 250, 249, 248, 247, 246, 245, 244, 243, 242, 241]);
    });

    test('what the allowlist covers begins approved, with the decision', async () => {
      const decision = { by: 'Ann', at: FLOW_TIME, reason: 'payments', until: isoAt(DAY_MS) };
      const store = createConnectionStore(redis());

      expect((await store.see(CLUSTER, [aSighting()], () => ({ state: 'approved', decision }))).news).toMatchObject([{ state: 'approved', decision }]);
      expect((await store.see(CLUSTER, [aSighting({ atMs: AT + DAY_MS - 1 })], asNew)).news).toEqual([]);
      expect((await store.see(CLUSTER, [aSighting({ atMs: AT + DAY_MS })], asNew)).news).toMatchObject([{ state: 'new', version: 2 }]);
    });

    test.each<readonly [what: string, change: Parameters<ReturnType<typeof createConnectionStore>['change']>[1], laterMs: number, comesBack: boolean]>([
      ['expired, before it may be asked about again', { state: 'expired', notBefore: isoAt(7 * DAY_MS) }, 7 * DAY_MS - 1, false],
      ['expired, after it may be', { state: 'expired', notBefore: isoAt(7 * DAY_MS) }, 7 * DAY_MS, true],
      ['retired', { state: 'retired' }, 1, true],
      ['approved and seen within 90 days', { state: 'approved' }, 90 * DAY_MS, false],
      ['approved and not seen for 90 days', { state: 'approved' }, 90 * DAY_MS + 1, true],
      ['denied', { state: 'denied' }, 200 * DAY_MS, false],
      ['pending', { state: 'pending', request: 'r1' }, 200 * DAY_MS, false],
    ])('what is %s', async (_, change, laterMs, comesBack) => {
      const store = createConnectionStore(redis());
      await store.see(CLUSTER, [aSighting()], asNew);
      await store.change({ id: ID, key: CHECKOUT, version: 1 }, change);

      const { news } = await store.see(CLUSTER, [aSighting({ atMs: AT + laterMs })], asNew);

      expect(news.map(({ state, version }) => ({ state, version }))).toEqual(comesBack ? [{ state: 'new', version: 3 }] : []);
      expect((await store.inState(CLUSTER, 'new')).length).toBe(comesBack ? 1 : 0);
      expect(await store.counts(CLUSTER)).toMatchObject({ [comesBack ? 'new' : change.state]: 1 });
    });

    test('what comes back is not of the request that decided about it before', async () => {
      const store = createConnectionStore(redis());
      await store.see(CLUSTER, [aSighting()], asNew);
      await store.change({ id: ID, key: CHECKOUT, version: 1 }, { state: 'expired', request: 'r1' });
      expect(await store.get(CLUSTER, [ID])).toMatchObject([{ request: 'r1' }]);

      const { news } = await store.see(CLUSTER, [aSighting({ atMs: AT + 1 })], asNew);

      expect(news).toMatchObject([{ state: 'new' }]);
      expect(news[0]?.request).toBeUndefined();
    });

    test('a source that counts nonsense does not keep its connections from being recorded', async () => {
      const store = createConnectionStore(redis());
      const most = Number.MAX_SAFE_INTEGER;
      const nonsense = Array.from({ length: 2000 }, () => aSighting({ count: most, bytes: most }));
      for (let times = 0; times < 2; times += 1) await store.see(CLUSTER, nonsense, asNew);

      expect(await store.get(CLUSTER, [ID])).toMatchObject([{ count: most, bytes: most }]);
    });

    test('of two who change the same version one wins, and counts change no version', async () => {
      const store = createConnectionStore(redis());
      await store.see(CLUSTER, [aSighting()], asNew);
      await store.see(CLUSTER, [aSighting()], asNew);
      const decision = { by: 'Ann', at: FLOW_TIME };

      const won = await Promise.all([store.change({ id: ID, key: CHECKOUT, version: 1 }, { state: 'approved', request: 'r1', decision }), store.change({ id: ID, key: CHECKOUT, version: 1 }, { state: 'denied', request: 'r2', decision })]);

      expect(won.filter((connection) => connection !== undefined)).toMatchObject([{ state: won[0] === undefined ? 'denied' : 'approved', version: 2, decision, count: 2 }]);
      expect(await store.change({ id: 'missing', key: CHECKOUT, version: 1 }, { state: 'approved' })).toBeUndefined();
    });

    test('finds connections by state, workload and remote, in one cluster alone', async () => {
      const store = createConnectionStore(redis());
      const cart = { namespace: 'shop', kind: 'Deployment', name: 'cart' };
      await store.see(CLUSTER, [aSighting(), aSighting({ key: { workload: cart } }), aSighting({ key: { port: 8443 } })], ({ key }) => ({ state: key.port === 443 ? 'new' : 'learned' }));
      await store.see('dev', [aSighting({ key: { cluster: 'dev' } })], asNew);

      expect((await store.ofWorkload(CLUSTER, cart)).map(({ key }) => key.workload.name)).toEqual(['cart']);
      expect((await store.ofRemote(CLUSTER, CHECKOUT.remote)).length).toBe(3);
      expect((await store.inState(CLUSTER, 'learned')).map(({ key }) => key.port)).toEqual([8443]);
      expect(await store.counts(CLUSTER)).toEqual({ learned: 1, new: 2, pending: 0, approved: 0, denied: 0, expired: 0, retired: 0 });
    });

    test('what was seen last comes first, of a namespace alone where one is named, and no more than wanted', async () => {
      const store = createConnectionStore(redis());
      const workload = { namespace: 'ops', kind: 'Deployment', name: 'backup' };
      await store.see(CLUSTER, [1, 2, 3].map((port) => aSighting({ key: { port }, atMs: AT + port })), asNew);
      await store.see(CLUSTER, [4, 5].map((port) => aSighting({ key: { port, workload }, atMs: AT + port })), asNew);
      await store.see(CLUSTER, [aSighting({ key: { port: 2 }, atMs: AT + 10 })], asNew);
      const ports = async (...given: Parameters<typeof store.latest>) => (await store.latest(...given)).map(({ key }) => key.port);

      expect(await ports(CLUSTER, 'new', 3)).toEqual([2, 5, 4]);
      expect(await ports(CLUSTER, 'new', 2, 'shop')).toEqual([2, 3]);
      expect(await ports(CLUSTER, 'new', 0)).toEqual([]);
      expect(await ports(CLUSTER, 'learned', 3)).toEqual([]);
      expect(await store.counts(CLUSTER, 'ops')).toMatchObject({ new: 2, learned: 0 });
    });

    test('who asks about workloads while reading them misses none and meets none twice', async () => {
      const store = createConnectionStore(redis());
      const names = Array.from({ length: 250 }, (_, index) => `app-${index}`);
      const { news } = await store.see(CLUSTER, names.map((name, index) => aSighting({ key: { workload: { namespace: 'shop', kind: 'Deployment', name } }, atMs: AT + index })), asNew);
      const met: string[] = [];
      for await (const workloads of store.workloadsToAsk(CLUSTER, 'new', new Date(AT + 1000))) {
        for (const { name } of workloads) {
          met.push(name);
          const connection = news.find(({ key }) => key.workload.name === name);
          if (connection !== undefined && met.length % 3 > 0) await store.change(connection, { state: 'pending', request: 'r1' });
        }
      }

      expect(met).toEqual(names);
      expect(await store.counts(CLUSTER)).toMatchObject({ new: 83, pending: 167 });
      expect(await store.waiting(CLUSTER)).toBe(1);
    });

    test('what an earlier version of the bot has written is found, and can be changed and forgotten', async () => {
      const store = createConnectionStore(redis());
      const fields = { key: JSON.stringify(CHECKOUT), state: 'pending', place: 2, version: 7, first: AT, last: AT + 5000, count: 3, outcome: 2, private: 0, addresses: '203.0.113.7', names: '', sources: 'hubble', request: 'r1' };
      await redis().hset(`{k8ssec}:connection:${CLUSTER}:${ID}`, fields);
      for (const set of [`connections-in-state:${CLUSTER}:pending`, `connections-of-workload:${CLUSTER}:shop/Deployment/checkout`, `connections-of-remote:${CLUSTER}:name api.stripe.com`]) await redis().sadd(`{k8ssec}:${set}`, ID);

      await store.adopt(CLUSTER);

      const [found] = await store.latest(CLUSTER, 'pending', 5, 'shop');
      expect(found).toMatchObject({ id: ID, version: 7, request: 'r1', lastSeen: isoAt(5000) });
      expect([await store.waiting(CLUSTER), (await store.counts(CLUSTER)).pending]).toEqual([1, 1]);
      if (found !== undefined) await store.change(found, { state: 'learned' });
      expect(await store.waiting(CLUSTER)).toBe(0);
      expect(await store.forget(CLUSTER, new Date(AT + 5001))).toBe(1);
      expect(await redis().keys('*')).toEqual([]);
    });

    test('a workload that tries too many places has no room for more, and its known ones go on counting', async () => {
      const store = createConnectionStore(redis(), 2);
      const { news, crowded } = await store.see(CLUSTER, [1, 2, 3].map((port) => aSighting({ key: { port } })), asNew);
      await store.see(CLUSTER, [aSighting({ key: { port: 1 } })], asNew);

      expect([news.length, crowded.map(({ key }) => key.port)]).toEqual([2, [3]]);
      expect(await store.get(CLUSTER, [connectionId({ ...CHECKOUT, port: 1 })])).toMatchObject([{ count: 2 }]);
    });
  });

  onRealRedis(({ redis }) => {
    test('one page and the counts cost the same, however many there are', async () => {
      const store = createConnectionStore(redis());
      await store.see(CLUSTER, Array.from({ length: 3000 }, (_, index) => aSighting({ key: { port: 1 + index } })), asNew);
      await redis().config('RESETSTAT');

      await store.counts(CLUSTER, 'shop');
      await store.latest(CLUSTER, 'new', 15, 'shop');

      const calls = [...(await redis().info('commandstats')).matchAll(/cmdstat_(hgetall|zcard|zrevrange|zrange|smembers):calls=(\d+)/g)].map(([, command, count]) => `${command} ${count}`);
      expect(calls.toSorted()).toEqual(['hgetall 15', 'zcard 7', 'zrevrange 1']);
    });

    test('5,000 sightings of 1,000 keys take ten commands', async () => {
      const store = createConnectionStore(redis());
      const sightings = Array.from({ length: 5000 }, (_, index) => aSighting({ key: { port: 1 + (index % 1000) } }));
      await store.see(CLUSTER, sightings, asNew);
      await redis().config('RESETSTAT');

      await store.see(CLUSTER, sightings, asNew);

      expect(/cmdstat_evalsha:calls=(\d+)/.exec(await redis().info('commandstats'))?.[1]).toBe('10');
    });
  });
});
