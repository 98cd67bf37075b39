import { describe, expect, test } from '@jest/globals';
import { clusterRanges } from '#src/connections/classify.ts';
import { createConnectionObserver, CROWDED } from '#src/connections/observe.ts';
import { parseKubescape } from '#src/events/sources/kubescape/parse.ts';
import { connectionId, remoteKey } from '#src/model/connection-key.ts';
import type { ConnectionSettings, ConnectionStore } from '#src/model/connection.ts';
import type { Flow } from '#src/model/flow.ts';
import { createConnectionWatch } from '#src/store/connection-watch.ts';
import { createConnectionStore } from '#src/store/connections.ts';
import { connectionSettings } from '#test/build/connections.ts';
import { aFlow, anEnd, FLOW_TIME, outsideEnd, podEnd } from '#test/build/flow.ts';
import { onEveryRedis } from '#test/build/redis.ts';
import { aSighting } from '#test/build/sighting.ts';
import { createMovedClock } from '#test/fakes/clock.ts';
import type { Redis } from 'ioredis';

const CLUSTER = 'prod-eu';
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const RANGES = clusterRanges({ nodes: [], services: [], serviceRanges: [], configured: ['10.244.0.0/16'], pods: [] });
const KEY = { cluster: CLUSTER, direction: 'egress', workload: { namespace: 'shop', kind: 'Deployment', name: 'web' }, remote: { kind: 'address', address: '203.0.113.9' }, port: 443, protocol: 'tcp' } as const;

function begin(redis: Redis, given: Partial<ConnectionSettings> = {}, over: { readonly mostOfWorkload?: number } = {}) {
  const clock = createMovedClock(FLOW_TIME);
  const store = createConnectionStore(redis, over.mostOfWorkload);
  const watch = createConnectionWatch(redis);
  /** Of the pods of each workload, and how often they were asked for. */
  const pods: { labels: Readonly<Record<string, string>> | undefined; asked: number } = { labels: undefined, asked: 0 };
  const calls = { see: 0, entries: 0, onNew: 0, fail: false, failNew: false, failChange: false };
  const reads: string[] = [];
  const counted: ConnectionStore = {
    ...store,
    get(cluster, ids) {
      reads.push(...ids);
      return store.get(cluster, ids);
    },
    allowEntries() {
      calls.entries += 1;
      return store.allowEntries();
    },
    change(...args) {
      return calls.failChange ? Promise.reject(new Error('away')) : store.change(...args);
    },
    see(...args) {
      calls.see += 1;
      if (calls.fail) return Promise.reject(new Error('away'));
      return store.see(...args);
    },
  };
  const settings = connectionSettings({ cluster: CLUSTER, learnMs: 0, ...given });
  const start = () =>
    createConnectionObserver({
      settings,
      store: counted,
      watch,
      labelsOf() {
        pods.asked += 1;
        return Promise.resolve(pods.labels && new Map(Object.entries(pods.labels)));
      },
      ranges: () => Promise.resolve(RANGES),
      owners: { find: () => Promise.resolve(), ownerOf: () => undefined },
      onNew() {
        if (calls.failNew) return Promise.reject(new Error('no queue'));
        calls.onNew += 1;
        return Promise.resolve();
      },
      clock,
    });
  const now = (flow: Partial<Flow> = {}) => aFlow({ timeMs: clock.now().getTime(), ...flow });
  return { clock, store, watch, calls, reads, pods, settings, start, now };
}

describe('src/connections/observe.ts', () => {
  onEveryRedis(({ redis }) => {
    test('what is new is recorded when it answers, and is told of once', async () => {
      const { store, calls, start, now } = begin(redis());
      const observer = start();

      await observer.observe([now(), now(), now({ reply: true, source: outsideEnd(), destination: podEnd() })]);

      expect(await store.inState(CLUSTER, 'new')).toMatchObject([{ id: connectionId(KEY), key: KEY, count: 2, sources: ['hubble'] }]);
      expect(calls).toMatchObject({ see: 1, onNew: 1 });
    });

    test('what is known is counted later and in one go', async () => {
      const { clock, store, calls, start, now } = begin(redis());
      const observer = start();
      for (let batch = 0; batch < 10; batch += 1) await observer.observe([now(), now({ seenBy: 'falco', attempt: true, verdict: 'other' })]);
      expect(calls.see).toBe(1);

      clock.advance(1000);
      await observer.observe([now({ bytes: 7 })]);

      expect(calls.see).toBe(2);
      expect(await store.inState(CLUSTER, 'new')).toMatchObject([{ count: 21, bytes: 7, sources: ['hubble', 'falco'], outcome: 'connected' }]);
    });

    test('counts that wait are recorded when there is time', async () => {
      const { store, start, now } = begin(redis());
      const observer = start();
      await observer.observe([now()]);
      await observer.observe([now()]);

      await observer.rest();
      await observer.rest();

      expect(await store.inState(CLUSTER, 'new')).toMatchObject([{ count: 2 }]);
    });

    test('after a restart nothing is new that was seen before', async () => {
      const { store, calls, start, now } = begin(redis());
      await start().observe([now()]);
      const before = calls.onNew;

      await start().observe([now()]);

      expect(await store.inState(CLUSTER, 'new')).toMatchObject([{ version: 1, count: 2 }]);
      expect(calls.onNew).toBe(before + 1);
    });

    test('a batch that could not be recorded is recorded with the next try', async () => {
      const { store, calls, start, now } = begin(redis());
      const observer = start();
      calls.fail = true;
      await expect(observer.observe([now()])).rejects.toThrow('away');
      calls.fail = false;

      await observer.observe([now()]);

      expect(await store.inState(CLUSTER, 'new')).toMatchObject([{ count: 1 }]);
    });

    test('what is new is told of with the next try where it could not be queued', async () => {
      const { calls, start, now } = begin(redis());
      const observer = start();
      await observer.observe([now({ destination: outsideEnd({ port: 80 }) })]);
      const before = calls.onNew;
      calls.failNew = true;
      await expect(observer.observe([now()])).rejects.toThrow('no queue');
      calls.failNew = false;

      await observer.observe([now()]);
      await observer.observe([now()]);

      expect(calls.onNew).toBe(before + 1);
    });

    test('what a failed try has recorded is told of with the next one', async () => {
      const { store, calls, start, now } = begin(redis());
      const observer = start();
      await observer.observe([now({ destination: outsideEnd({ port: 80 }) })]);
      const before = calls.onNew;
      calls.fail = true;
      await expect(observer.observe([now()])).rejects.toThrow('away');
      calls.fail = false;
      await store.see(CLUSTER, [aSighting({ key: KEY })], () => ({ state: 'new' }));

      await observer.observe([now()]);

      expect(calls.onNew).toBe(before + 1);
    });

    test('what came to be allowed after it was asked about is asked about again when its entry is gone', async () => {
      const { clock, store, start, now } = begin(redis());
      const observer = start();
      await observer.observe([now()]);
      const place = { id: connectionId(KEY), key: KEY };
      await store.change({ ...place, version: 1 }, { state: 'new', request: 'r1' });
      await store.addAllowEntry({ id: 'e1', direction: 'egress', remote: '203.0.113.0/24', owner: 'Ann', reason: 'bank' });
      await store.change({ ...place, version: 2 }, { state: 'approved', decision: { by: 'Ann', at: FLOW_TIME } });
      clock.advance(MINUTE_MS);
      await observer.observe([now()]);
      await store.endAllowEntry('e1');
      clock.advance(MINUTE_MS);

      await observer.observe([now()]);
      await observer.rest();

      expect((await store.inState(CLUSTER, 'new')).map(({ id }) => id)).toEqual([connectionId(KEY)]);
    });

    test('what was denied is answered once for a batch, with the furthest that it came', async () => {
      const { clock, store, start, now } = begin(redis());
      const observer = start();
      await observer.observe([now()]);
      await store.change({ id: connectionId(KEY), key: KEY, version: 1 }, { state: 'denied', request: 'r1' });
      clock.advance(5000);

      const { denied } = await observer.observe([now({ verdict: 'dropped' }), ...Array.from({ length: 1000 }, () => now()), now({ verdict: 'dropped' })]);

      expect(denied).toMatchObject([{ key: KEY, outcome: 'connected', count: 1002 }]);
    });

    test('what is denied is read once, and what is not any more is no alarm', async () => {
      const { clock, store, reads, start, now } = begin(redis());
      const observer = start();
      await observer.observe([now()]);
      await store.change({ id: connectionId(KEY), key: KEY, version: 1 }, { state: 'denied', request: 'r1' });
      for (let times = 0; times < 3; times += 1) {
        clock.advance(5000);
        expect(await observer.observe([now()])).toMatchObject({ denied: [{ key: KEY }] });
      }
      expect(reads).toEqual([connectionId(KEY)]);

      await store.change({ id: connectionId(KEY), key: KEY, version: 2 }, { state: 'approved', request: 'r1' });
      clock.advance(5000);

      expect(await observer.observe([now()])).toEqual({ denied: [], crowded: [] });
    });

    test('what the allowlist covers is approved, and asked about again when its entry is gone', async () => {
      const { clock, store, start, now } = begin(redis());
      await store.addAllowEntry({ id: 'e1', direction: 'egress', remote: '203.0.113.0/24', owner: 'Ann', reason: 'bank' });
      const observer = start();
      await observer.observe([now()]);
      expect(await store.inState(CLUSTER, 'approved')).toMatchObject([{ decision: { by: 'Ann', reason: 'bank' } }]);

      await store.endAllowEntry('e1');
      clock.advance(MINUTE_MS);
      await observer.observe([now()]);
      await observer.rest();

      expect((await store.inState(CLUSTER, 'new')).map(({ id }) => id)).toEqual([connectionId(KEY)]);
    });

    test('an entry that comes and goes between two looks leaves nothing approved', async () => {
      const { clock, store, start, now } = begin(redis());
      const observer = start();
      await observer.observe([now()]);
      await store.addAllowEntry({ id: 'e1', direction: 'egress', remote: '203.0.113.0/24', owner: 'Ann', reason: 'bank' });
      // Somebody else sees the entry while it is there.
      await store.change({ id: connectionId(KEY), key: KEY, version: 1 }, { state: 'approved', decision: { by: 'Ann', at: FLOW_TIME } });
      await store.endAllowEntry('e1');
      clock.advance(5000);

      await observer.observe([now()]);

      expect(await store.inState(CLUSTER, 'new')).toMatchObject([{ version: 4 }]);
    });

    test('what an entry covers that comes later is approved, learned or new, and what it does not cover stays', async () => {
      const { clock, store, start, now } = begin(redis());
      const keysOf = ['203.0.113.9', '203.0.113.10', '198.51.100.7'].map((address) => ({ ...KEY, remote: { kind: 'address', address } }) as const);
      await store.see(CLUSTER, keysOf.map((key) => aSighting({ key })), ({ key }) => ({ state: key === keysOf[1] ? 'learned' : 'new' }));
      const observer = start();
      await observer.observe([now({ verdict: 'dropped' })]);
      await store.addAllowEntry({ id: 'e1', direction: 'egress', remote: '203.0.113.0/24', owner: 'Ann', reason: 'bank' });
      clock.advance(5000);

      await observer.observe([now()]);

      expect(await store.counts(CLUSTER)).toMatchObject({ approved: 2, new: 1, learned: 0 });
      expect(await store.inState(CLUSTER, 'approved')).toMatchObject([{ decision: { by: 'Ann', reason: 'bank' } }, { decision: { by: 'Ann', reason: 'bank' } }]);
    });

    describe('an allowlist that changes while many connections are recorded', () => {
      const many = async (redis: Redis) => {
        const world = begin(redis);
        const keysOf = Array.from({ length: 1100 }, (_, index) => ({ ...KEY, port: 1000 + index }));
        await world.store.see(CLUSTER, keysOf.map((key) => aSighting({ key })), ({ key }) => ({ state: key.port % 2 === 0 ? 'learned' : 'new' }));
        await world.store.addAllowEntry({ id: 'e1', direction: 'egress', remote: '203.0.113.0/24', owner: 'Ann', reason: 'bank' });
        const observer = world.start();
        /** How many connections a batch was held up by, and how many are approved after it. */
        const batch = async (by = observer) => {
          const before = world.reads.length;
          await by.observe([world.now({ destination: outsideEnd({ address: '198.51.100.7' }) })]);
          return [world.reads.length - before, (await world.store.counts(CLUSTER)).approved];
        };
        return { ...world, observer, batch };
      };

      test('holds up each batch by some of them, until it is through', async () => {
        const { batch, reads } = await many(redis());

        // One of all 1,101 is not covered.
        expect([await batch(), await batch(), await batch()]).toEqual([[500, 500], [500, 999], [500, 1100]]);
        expect([await batch(), await batch(), await batch()]).toEqual([[500, 1100], [201, 1100], [0, 1100]]);
        expect(new Set(reads).size).toBe(1101);
      });

      test('is followed while no events come as well, and nobody is asked before that', async () => {
        const { batch, observer, calls, store } = await many(redis());
        await batch();
        expect(calls.onNew).toBe(0);

        for (let times = 0; times < 4; times += 1) await observer.rest();
        expect((await store.counts(CLUSTER)).approved).toBe(1100);
        expect(calls.onNew).toBe(1);
      });

      test('is followed in whole by the process that comes next', async () => {
        const { batch, start } = await many(redis());
        await batch();

        const next = start();
        expect([await batch(next), await batch(next)]).toEqual([[500, 999], [500, 1100]]);
      });

      test('is followed from the start when it changes again meanwhile', async () => {
        const { batch, clock, store } = await many(redis());
        await batch();
        await store.endAllowEntry('e1');
        clock.advance(5000);

        for (let times = 0; times < 5; times += 1) await batch();
        expect(await store.counts(CLUSTER)).toMatchObject({ approved: 0, expired: 500, learned: 50, new: 551 });
      });

      test('goes on where it was after a failure', async () => {
        const { batch, calls, store } = await many(redis());
        await batch();
        calls.failChange = true;
        await expect(batch()).rejects.toThrow('away');
        calls.failChange = false;

        await batch();
        await batch();
        expect((await store.counts(CLUSTER)).approved).toBe(1100);
      });
    });

    describe('an entry for labels', () => {
      const ENTRY = { id: 'e1', direction: 'egress', remote: '203.0.113.0/24', labels: { app: 'web' }, owner: 'Ann', reason: 'bank' } as const;
      const to = (port: number) => ({ destination: outsideEnd({ port }) });
      const standing = async ({ store }: ReturnType<typeof begin>) => Object.fromEntries((await store.ofWorkload(CLUSTER, KEY.workload)).map(({ key: { port }, state }) => [port, state]));

      test.each<readonly [string, Readonly<Record<string, string>> | undefined, string]>([
        ['that the pods bear', { app: 'web', tier: 'front' }, 'approved'],
        ['that they do not bear', { app: 'api' }, 'new'],
        ['that nobody can tell', undefined, 'new'],
      ])('%s', async (_, labels, state) => {
        const world = begin(redis(), { allow: [ENTRY] });
        world.pods.labels = labels;

        await world.start().observe([world.now(to(443)), world.now({ destination: outsideEnd({ address: '198.51.100.7', port: 80 }) })]);

        expect(await standing(world)).toEqual({ 443: state, 80: 'new' });
        expect(world.pods.asked).toBe(1);
      });

      test('holds for what it approved when the labels change, and for nothing that comes later; when it ends, all is asked about', async () => {
        const world = begin(redis());
        const observer = world.start();
        await world.store.addAllowEntry(ENTRY);
        world.pods.labels = { app: 'web' };
        await observer.observe([world.now(to(443))]);

        world.pods.labels = { app: 'admin' };
        await world.store.addAllowEntry({ ...ENTRY, id: 'e2', remote: 'other.example' });
        world.clock.advance(5000);
        await observer.observe([world.now(to(443)), world.now(to(444))]);
        expect(await standing(world)).toEqual({ 443: 'approved', 444: 'new' });

        await world.store.endAllowEntry('e1');
        world.clock.advance(5000);
        await observer.observe([world.now(to(445))]);
        expect(await standing(world)).toEqual({ 443: 'expired', 444: 'new', 445: 'new' });
      });

      test('that comes later covers what nobody was asked about', async () => {
        const world = begin(redis());
        const observer = world.start();
        world.pods.labels = { app: 'web' };
        await observer.observe([world.now(to(443))]);
        expect([await standing(world), world.pods.asked]).toEqual([{ 443: 'new' }, 0]);

        await world.store.addAllowEntry(ENTRY);
        world.clock.advance(5000);
        await observer.observe([world.now(to(443))]);

        expect(await standing(world)).toEqual({ 443: 'approved' });
      });

      test('is no reason to look at labels for what is known already', async () => {
        const world = begin(redis(), { allow: [ENTRY] });
        world.pods.labels = { app: 'web' };
        const observer = world.start();
        for (let times = 0; times < 5; times += 1) {
          await observer.observe([world.now(to(443))]);
          world.clock.advance(1000);
        }

        expect(world.pods.asked).toBe(1);
      });
    });

    test('ranges of a group that change are those of the next batch, and what an entry for them covers is brought to that', async () => {
      let groups: ConnectionSettings['groups'] = new Map([['bank', ['198.51.100.0/24']]]);
      const { clock, store, settings, start, now } = begin(redis());
      Object.defineProperty(settings, 'groups', { get: () => groups });
      await store.addAllowEntry({ id: 'r1', direction: 'egress', remote: 'bank', owner: 'Ann', reason: 'our bank' });
      const observer = start();
      const states = async () => (await store.ofWorkload(CLUSTER, KEY.workload)).map(({ key: { remote }, state }) => `${remoteKey(remote)} ${state}`).toSorted();
      await observer.observe([now()]);
      expect(await states()).toEqual(['address 203.0.113.9 new']);

      groups = new Map([['bank', ['198.51.100.0/24', '203.0.113.0/24']]]);
      clock.advance(5000);
      await observer.observe([now()]);
      expect(await states()).toEqual(['address 203.0.113.9 approved', 'group bank approved']);

      groups = new Map([['bank', ['198.51.100.0/24']]]);
      clock.advance(5000);
      await observer.observe([now({ destination: outsideEnd({ address: '203.0.113.10' }) })]);
      expect(await states()).toEqual(['address 203.0.113.10 new', 'address 203.0.113.9 expired', 'group bank approved']);
    });

    test('entries are read again only when they have changed', async () => {
      const { clock, calls, start, now } = begin(redis());
      const observer = start();
      for (let times = 0; times < 3; times += 1) {
        await observer.observe([now()]);
        clock.advance(MINUTE_MS);
      }

      expect(calls.entries).toBe(1);
    });

    test('what people approved stays so, whatever becomes of the allowlist', async () => {
      const { clock, store, start, now } = begin(redis());
      const observer = start();
      await observer.observe([now()]);
      await store.change({ id: connectionId(KEY), key: KEY, version: 1 }, { state: 'approved', request: 'r1', decision: { by: 'Eve', at: FLOW_TIME } });
      await store.addAllowEntry({ id: 'e1', direction: 'egress', remote: 'other.example', owner: 'Ann', reason: 'x' });

      clock.advance(MINUTE_MS);
      await observer.observe([now()]);

      expect((await store.inState(CLUSTER, 'approved')).length).toBe(1);
    });

    test('a sighting of what was denied is answered, from five seconds after the decision at the latest', async () => {
      const { clock, store, start, now } = begin(redis());
      const observer = start();
      expect(await observer.observe([now()])).toEqual({ denied: [], crowded: [] });
      await store.change({ id: connectionId(KEY), key: KEY, version: 1 }, { state: 'denied', request: 'r1' });

      clock.advance(5000);
      const { denied } = await observer.observe([now({ verdict: 'dropped' }), now({ destination: outsideEnd({ port: 80 }) })]);

      expect(denied).toMatchObject([{ key: KEY, outcome: 'dropped' }]);
      expect(await start().observe([now()])).toMatchObject({ denied: [{ key: KEY, outcome: 'connected' }] });
    });

    test('what nobody can tell is counted by its reason', async () => {
      const { watch, start, now } = begin(redis(), {}, { mostOfWorkload: 1 });
      const observer = start();

      await observer.observe([now({ source: podEnd({ workload: undefined }) }), now({ seenBy: 'calico', destination: anEnd({ port: 443, network: 'pvt' }) }), now(), now({ destination: outsideEnd({ port: 80 }) })]);
      await observer.rest();

      expect(await watch.untold(CLUSTER, FLOW_TIME.slice(0, 10))).toEqual({ 'no workload': 1, 'no address': 1, [CROWDED]: 1 });
    });

    test('a workload without room for more is answered once for a batch, and again with the next', async () => {
      const { start, now } = begin(redis(), {}, { mostOfWorkload: 1 });
      const observer = start();
      const cart = podEnd({ workload: { namespace: 'shop', kind: 'Deployment', name: 'cart' } });
      const scan = [80, 81, 82].map((port) => now({ destination: outsideEnd({ port }) }));

      const first = await observer.observe([now(), ...scan, now({ source: cart })]);

      expect(first.crowded).toMatchObject([{ key: { workload: KEY.workload, port: 82 } }]);
      expect((await observer.observe([now(), now({ source: cart })])).crowded).toEqual([]);
      expect((await observer.observe(scan)).crowded).toMatchObject([{ key: { workload: KEY.workload } }]);
    });

    test('a workload without room is answered after a batch that failed in the middle', async () => {
      const { calls, start, now } = begin(redis(), {}, { mostOfWorkload: 1 });
      const observer = start();
      calls.failNew = true;
      const batch = [now(), now({ destination: outsideEnd({ port: 80 }) })];
      await expect(observer.observe(batch)).rejects.toThrow('no queue');
      calls.failNew = false;

      expect((await observer.observe(batch)).crowded).toMatchObject([{ key: { workload: KEY.workload, port: 80 } }]);
    });

    test('what the allowlist covers is not answered, though there is no room for it', async () => {
      const { store, watch, start, now } = begin(redis(), {}, { mostOfWorkload: 1 });
      await store.addAllowEntry({ id: 'e1', direction: 'egress', remote: '203.0.113.0/24', port: 80, owner: 'Ann', reason: 'crawler' });
      const observer = start();

      const { crowded } = await observer.observe([now(), now({ destination: outsideEnd({ port: 80 }) })]);
      await observer.rest();

      expect(crowded).toEqual([]);
      expect(await watch.untold(CLUSTER, FLOW_TIME.slice(0, 10))).toEqual({ [CROWDED]: 1 });
    });

    describe('learning', () => {
      /** Flows of one workload each minute, for so long. */
      async function watchFor({ clock, now }: ReturnType<typeof begin>, observer: ReturnType<ReturnType<typeof begin>['start']>, minutes: number): Promise<void> {
        for (let minute = 0; minute < minutes; minute += 5) {
          clock.advance(5 * MINUTE_MS);
          await observer.observe([now()]);
        }
      }

      test('what a workload does in its first time is learned, and what comes after is new', async () => {
        const world = begin(redis(), { learnMs: HOUR_MS });
        const observer = world.start();
        for (let port = 1; port <= 40; port += 1) await observer.observe([world.now({ destination: outsideEnd({ port }) })]);
        await watchFor(world, observer, 60);

        await observer.observe([world.now({ destination: outsideEnd({ port: 9999 }) })]);

        expect((await world.store.inState(CLUSTER, 'learned')).length).toBe(41);
        expect((await world.store.inState(CLUSTER, 'new')).map(({ key }) => key.port)).toEqual([9999]);
      });

      test('a workload that comes later has a time of its own', async () => {
        const world = begin(redis(), { learnMs: HOUR_MS });
        const observer = world.start();
        await observer.observe([world.now()]);
        await watchFor(world, observer, 60);

        await observer.observe([world.now({ source: podEnd({ workload: { namespace: 'shop', kind: 'Deployment', name: 'cart' } }) })]);

        expect((await world.store.inState(CLUSTER, 'new')).length).toBe(0);
        expect((await world.store.inState(CLUSTER, 'learned')).map(({ key }) => key.workload.name).toSorted()).toEqual(['cart', 'web']);
      });

      test('a gap in the source does not count', async () => {
        const world = begin(redis(), { learnMs: HOUR_MS });
        const observer = world.start();
        await observer.observe([world.now()]);
        await watchFor(world, observer, 30);
        world.clock.advance(24 * HOUR_MS);
        await observer.observe([world.now({ destination: outsideEnd({ port: 80 }) })]);
        expect((await world.store.inState(CLUSTER, 'learned')).length).toBe(2);

        await watchFor(world, observer, 30);
        await observer.observe([world.now({ destination: outsideEnd({ port: 81 }) })]);

        expect((await world.store.inState(CLUSTER, 'new')).map(({ key }) => key.port)).toEqual([81]);
      });

      test('goes on after a restart', async () => {
        const world = begin(redis(), { learnMs: HOUR_MS });
        const first = world.start();
        await first.observe([world.now()]);
        await watchFor(world, first, 55);
        const second = world.start();
        await watchFor(world, second, 5);

        await second.observe([world.now({ destination: outsideEnd({ port: 80 }) })]);

        expect((await world.store.inState(CLUSTER, 'new')).map(({ key }) => key.port)).toEqual([80]);
      });

      test('ends with a look at what there is to ask about', async () => {
        const world = begin(redis(), { learnMs: HOUR_MS });
        const observer = world.start();
        await observer.observe([world.now()]);
        await watchFor(world, observer, 55);
        const before = world.calls.onNew;

        await watchFor(world, observer, 5);

        expect(world.calls.onNew).toBe(before + 1);
      });

      test('begins anew when the store has forgotten everything', async () => {
        const world = begin(redis(), { learnMs: HOUR_MS });
        const observer = world.start();
        await observer.observe([world.now()]);
        await watchFor(world, observer, 60);
        await redis().flushall();
        world.clock.advance(5 * MINUTE_MS);

        await observer.observe([world.now()]);
        await observer.rest();

        expect(await world.watch.all(CLUSTER)).toEqual([0]);
        expect((await world.store.inState(CLUSTER, 'learned')).length).toBe(1);
      });

      test('what sums up once in an hour counts as it comes', async () => {
        const world = begin(redis(), { learnMs: HOUR_MS });
        const observer = world.start();
        const summary = () => observer.observe([world.now({ seenBy: 'kubescape', timeMs: undefined })]);
        await summary();
        world.clock.advance(HOUR_MS);
        await summary();

        expect(await world.watch.all(CLUSTER)).toEqual([HOUR_MS]);
      });

      describe('and profiles of Kubescape', () => {
        const edge = (profile: 'complete' | 'partial', port = 443): Flow => aFlow({ seenBy: 'kubescape', timeMs: undefined, verdict: 'other', reply: false, profile, source: podEnd({ pod: undefined, address: undefined }), destination: outsideEnd({ port }) });
        const portsIn = async ({ store }: ReturnType<typeof begin>, state: 'learned' | 'new') => (await store.inState(CLUSTER, state)).map(({ key }) => key.port).toSorted((a, b) => a - b);

        test('a complete one is learned at once, and what comes after it is new', async () => {
          const world = begin(redis(), { learnMs: HOUR_MS });
          const observer = world.start();
          await observer.observe([edge('complete'), edge('complete', 80)]);
          expect(await portsIn(world, 'learned')).toEqual([80, 443]);
          expect(await world.watch.watchedMs(CLUSTER, [KEY.workload])).toEqual([Infinity]);

          await observer.observe([world.now(), world.now({ destination: outsideEnd({ port: 9999 }) })]);
          expect(await portsIn(world, 'new')).toEqual([9999]);
          await world.start().observe([world.now({ destination: outsideEnd({ port: 9998 }) })]);

          expect(await portsIn(world, 'new')).toEqual([9998, 9999]);
          expect(await portsIn(world, 'learned')).toEqual([80, 443]);
        });

        test('as Kubescape writes it, a complete one is learned with the workload that owns the pods', async () => {
          const world = begin(redis(), { learnMs: HOUR_MS });
          const annotations = { 'kubescape.io/status': 'completed', 'kubescape.io/completion': 'complete' };
          const labels = { 'kubescape.io/workload-kind': 'ReplicaSet', 'kubescape.io/workload-name': 'web-7d9f8c6b5', 'kubescape.io/workload-namespace': 'shop' };
          const egress = [{ identifier: 'e-1', type: 'external', ipAddress: '203.0.113.9', ports: [{ protocol: 'TCP', port: 443 }] }];
          const profile = { kind: 'NetworkNeighborhood', metadata: { namespace: 'shop', name: 'replicaset-web', annotations, labels }, spec: { containers: [{ name: 'web', egress }] } };
          await world.start().observe(parseKubescape(profile).flatMap((reading) => ('event' in reading ? [reading.event] : [])));

          expect(await world.store.inState(CLUSTER, 'learned')).toMatchObject([{ key: KEY, sources: ['kubescape'] }]);
          expect(await world.watch.watchedMs(CLUSTER, [KEY.workload])).toEqual([Infinity]);
        });

        test('a complete one ends what a workload is still learned for, and that is asked about', async () => {
          const world = begin(redis(), { learnMs: HOUR_MS });
          const observer = world.start();
          await observer.observe([world.now({ destination: outsideEnd({ port: 22 }) })]);
          const before = world.calls.onNew;
          await observer.observe([edge('complete')]);
          expect(world.calls.onNew).toBe(before + 1);

          await observer.observe([world.now({ destination: outsideEnd({ port: 9999 }) })]);

          expect(await portsIn(world, 'learned')).toEqual([22, 443]);
          expect(await portsIn(world, 'new')).toEqual([9999]);
        });

        test('a complete one that could not be recorded is learned with the next try', async () => {
          const world = begin(redis(), { learnMs: HOUR_MS });
          const observer = world.start();
          world.calls.fail = true;
          await expect(observer.observe([edge('complete')])).rejects.toThrow('away');
          world.calls.fail = false;

          await observer.observe([edge('complete')]);

          expect(await portsIn(world, 'learned')).toEqual([443]);
        });

        test('a complete one of a workload that talks to nobody ends its learning as well', async () => {
          const world = begin(redis(), { learnMs: HOUR_MS });
          const observer = world.start();
          await observer.observe([{ ...edge('complete'), protocol: undefined, destination: anEnd(), connections: 0 }]);

          await observer.observe([world.now()]);

          expect(await portsIn(world, 'new')).toEqual([443]);
        });

        test('a partial one ends nothing, and is new after the learning', async () => {
          const world = begin(redis(), { learnMs: HOUR_MS });
          const observer = world.start();
          await observer.observe([edge('partial')]);
          await observer.observe([world.now({ destination: outsideEnd({ port: 22 }) })]);
          expect(await portsIn(world, 'learned')).toEqual([22, 443]);
          await watchFor(world, observer, 65);

          await observer.observe([edge('partial', 8443)]);

          expect(await portsIn(world, 'new')).toEqual([8443]);
        });

        test('after the learning a complete one teaches nothing', async () => {
          const world = begin(redis(), { learnMs: HOUR_MS });
          const observer = world.start();
          await observer.observe([world.now()]);
          await watchFor(world, observer, 60);

          await observer.observe([edge('complete', 8443)]);

          expect(await portsIn(world, 'new')).toEqual([8443]);
        });

        test('where nothing is learned, all of a complete one is new', async () => {
          const world = begin(redis(), { learnMs: 0 });
          await world.start().observe([edge('complete')]);

          expect(await portsIn(world, 'new')).toEqual([443]);
        });

        test.each(['pending', 'approved', 'denied'] as const)('what is %s stays so, and is no contact', async (state) => {
          const world = begin(redis(), { learnMs: HOUR_MS });
          await world.store.see(CLUSTER, [aSighting({ key: KEY })], () => ({ state: 'new' }));
          await world.store.change({ id: connectionId(KEY), key: KEY, version: 1 }, { state, request: 'r1' });

          expect(await world.start().observe([edge('complete'), edge('complete', 80)])).toEqual({ denied: [], crowded: [] });

          expect((await world.store.inState(CLUSTER, state)).map(({ id }) => id)).toEqual([connectionId(KEY)]);
          expect(await portsIn(world, 'learned')).toEqual([80]);
        });
      });

      test('a time in the future, as a source with a wrong clock tells it, is not believed', async () => {
        const world = begin(redis(), { learnMs: HOUR_MS });
        const observer = world.start();
        await observer.observe([world.now()]);
        await observer.observe([world.now({ timeMs: world.clock.now().getTime() + 9 * MINUTE_MS })]);

        expect(await world.watch.all(CLUSTER)).toEqual([0]);
      });
    });
  });
});
