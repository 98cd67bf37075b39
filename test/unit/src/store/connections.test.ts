import { describe, expect, test } from '@jest/globals';
import { connectionId } from '#src/model/connection-key.ts';
import type { ConnectionStart } from '#src/model/connection.ts';
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
        if (found !== undefined && state !== 'new') await store.change({ cluster: CLUSTER, id: found.id, version: found.version }, { state });
      }
      const late = news.find(({ key }) => key.remote.kind === 'name' && key.remote.name === 'late.example');
      if (late !== undefined) await store.change({ cluster: CLUSTER, id: late.id, version: late.version }, { state: 'learned' });

      expect(await store.forget(CLUSTER, new Date(AT + 1))).toBe(4);
      expect(await store.counts(CLUSTER)).toEqual({ learned: 1, new: 1, pending: 1, approved: 0, denied: 1, expired: 0, retired: 0 });
      expect(await store.ofWorkload(CLUSTER, CHECKOUT.workload)).toHaveLength(4);
      expect(await store.forget(CLUSTER, new Date(AT + 1))).toBe(0);
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
      await store.change({ cluster: CLUSTER, id: ID, version: 1 }, change);

      const { news } = await store.see(CLUSTER, [aSighting({ atMs: AT + laterMs })], asNew);

      expect(news.map(({ state, version }) => ({ state, version }))).toEqual(comesBack ? [{ state: 'new', version: 3 }] : []);
      expect((await store.inState(CLUSTER, 'new')).length).toBe(comesBack ? 1 : 0);
      expect(await store.counts(CLUSTER)).toMatchObject({ [comesBack ? 'new' : change.state]: 1 });
    });

    test('what comes back is not of the request that decided about it before', async () => {
      const store = createConnectionStore(redis());
      await store.see(CLUSTER, [aSighting()], asNew);
      await store.change({ cluster: CLUSTER, id: ID, version: 1 }, { state: 'expired', request: 'r1' });
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

      const won = await Promise.all([store.change({ cluster: CLUSTER, id: ID, version: 1 }, { state: 'approved', request: 'r1', decision }), store.change({ cluster: CLUSTER, id: ID, version: 1 }, { state: 'denied', request: 'r2', decision })]);

      expect(won.filter((connection) => connection !== undefined)).toMatchObject([{ state: won[0] === undefined ? 'denied' : 'approved', version: 2, decision, count: 2 }]);
      expect(await store.change({ cluster: CLUSTER, id: 'missing', version: 1 }, { state: 'approved' })).toBeUndefined();
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

    test('a workload that tries too many places has no room for more, and its known ones go on counting', async () => {
      const store = createConnectionStore(redis(), 2);
      const { news, crowded } = await store.see(CLUSTER, [1, 2, 3].map((port) => aSighting({ key: { port } })), asNew);
      await store.see(CLUSTER, [aSighting({ key: { port: 1 } })], asNew);

      expect([news.length, crowded.map(({ key }) => key.port)]).toEqual([2, [3]]);
      expect(await store.get(CLUSTER, [connectionId({ ...CHECKOUT, port: 1 })])).toMatchObject([{ count: 2 }]);
    });

    test('entries of the allowlist come and go', async () => {
      const store = createConnectionStore(redis());
      const entry = { id: 'e1', direction: 'egress', remote: '*.example.com', owner: 'Ann', reason: 'x' } as const;
      await store.addAllowEntry(entry);

      expect(await store.allowEntries()).toEqual([entry]);
      expect([await store.endAllowEntry('e1'), await store.endAllowEntry('e1')]).toEqual([true, false]);
      expect(await store.allowEntries()).toEqual([]);
    });
  });

  onRealRedis(({ redis }) => {
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
