import { describe, expect, test } from '@jest/globals';
import type { Redis } from 'ioredis';
import { connectionId, remoteKey, workloadKey } from '#src/model/connection-key.ts';
import { CONNECTION_STATES, UNASKED_STATES, type Connection, type ConnectionChange, type ConnectionKey, type ConnectionState } from '#src/model/connection.ts';
import { createConnectionStore } from '#src/store/connections.ts';
import { keys } from '#src/store/keys.ts';
import { CHECKOUT } from '#test/build/connections.ts';
import { FLOW_TIME } from '#test/build/flow.ts';
import { onEveryRedis } from '#test/build/redis.ts';
import { seededRandom, type Random } from '#test/build/rights-world.ts';
import { aSighting } from '#test/build/sighting.ts';

const AT = Date.parse(FLOW_TIME);
const DAY_MS = 24 * 3600_000;
const CLUSTER = CHECKOUT.cluster;
const SEEDS = [1, 2];
const STEPS = 120;
const MOST_OF_WORKLOAD = 8;
const REQUESTS = [...Array.from({ length: 6 }, (_, index) => `r${index}`), undefined];

/** A dozen keys of each of five workloads, in two namespaces. */
const KEYS: readonly ConnectionKey[] = ['shop/web', 'shop/cart', 'shop/db', 'ops/web', 'ops/cron'].flatMap((workload) => {
  const [namespace = '', name = ''] = workload.split('/');
  return Array.from({ length: 12 }, (_, index) => ({ ...CHECKOUT, workload: { namespace, kind: 'Deployment', name }, direction: index % 2 === 0 ? 'egress' : 'ingress', port: 1 + (index % 6) }) as const);
});

const FIRST_OF_WORKLOADS = KEYS.filter(({ port, direction }) => port === 1 && direction === 'egress');
const FAR = AT + 10_000 * DAY_MS;

/** What the store has to do with a connection, as plainly as it can be said. */
interface Known {
  readonly key: ConnectionKey;
  state: ConnectionState;
  version: number;
  readonly first: number;
  last: number;
  change: Omit<ConnectionChange, 'state'>;
}

type Model = Map<string, Known>;

function see(model: Model, key: ConnectionKey, at: number, state: 'learned' | 'new'): void {
  const id = connectionId(key);
  const known = model.get(id);
  if (known === undefined) {
    if ([...model.values()].filter((other) => workloadKey(other.key.workload) === workloadKey(key.workload)).length < MOST_OF_WORKLOAD) model.set(id, { key, state, version: 1, first: at, last: at, change: {} });
    return;
  }
  const { notBefore, decision } = known.change;
  const isOver = decision?.until !== undefined && at >= Date.parse(decision.until);
  const comes = known.state === 'retired' || (known.state === 'expired' && (notBefore === undefined || at >= Date.parse(notBefore))) || (known.state === 'approved' && (isOver || at - known.last > 90 * DAY_MS));
  known.last = Math.max(known.last, at);
  if (comes) Object.assign(known, { state: 'new', version: known.version + 1, change: {} });
}

function forget(model: Model, before: number): number {
  const gone = [...model].filter(([, { state, last }]) => last < before && !['new', 'pending', 'denied'].includes(state));
  for (const [id] of gone) model.delete(id);
  return gone.length;
}

function changeAt(random: Random, at: number): ConnectionChange {
  const [request, state] = [pick(random, REQUESTS), pick(random, [...CONNECTION_STATES, 'pending'] as const)];
  const iso = (ms: number) => new Date(ms).toISOString();
  return {
    state,
    ...(request !== undefined && { request }),
    ...(random(3) === 0 && { notBefore: iso(at + DAY_MS) }),
    ...(random(2) === 0 && { decision: { by: 'Ann', at: iso(at), ...(random(2) === 0 && { until: iso(at + DAY_MS) }) } }),
  };
}

function pick<T>(random: Random, from: readonly T[]): T {
  const index = random(from.length);
  const [found] = from.slice(index, index + 1);
  if (index >= from.length) throw new RangeError('nothing to pick');
  return found as T;
}

async function all<T>(parts: AsyncIterable<readonly T[]>): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const part of parts) found.push(...part);
  return found;
}

const idsOf = (found: readonly Pick<Connection, 'id'>[]): readonly string[] => found.map(({ id }) => id).toSorted();
const byFirst = (found: readonly (readonly [string, Known])[]) => found.toSorted(([, a], [, b]) => a.first - b.first);

/** Every way to find connections finds what a walk over all of them does. */
async function expectSame(redis: Redis, model: Model): Promise<void> {
  const store = createConnectionStore(redis);
  const entries = [...model];
  const inState = (state: ConnectionState, namespace?: string) => entries.filter(([, known]) => known.state === state && (namespace ?? known.key.workload.namespace) === known.key.workload.namespace);
  const records = await store.get(CLUSTER, entries.map(([id]) => id));
  expect(records.map(({ id, state, version, firstSeen, lastSeen, request }) => [id, state, version, Date.parse(firstSeen), Date.parse(lastSeen), request])).toEqual(entries.map(([id, { state, version, first, last, change }]) => [id, state, version, first, last, change.request]));
  for (const namespace of [undefined, 'shop', 'ops']) {
    expect(await store.counts(CLUSTER, namespace)).toEqual(Object.fromEntries(CONNECTION_STATES.map((state) => [state, inState(state, namespace).length])));
    for (const state of CONNECTION_STATES) {
      const latest = await store.latest(CLUSTER, state, 5, namespace);
      expect(latest.map(({ lastSeen }) => Date.parse(lastSeen))).toEqual(inState(state, namespace).map(([, { last }]) => last).toSorted((a, b) => b - a).slice(0, 5));
      expect(latest.filter((one) => one.state !== state || (namespace ?? one.key.workload.namespace) !== one.key.workload.namespace)).toEqual([]);
    }
  }
  const middle = entries.map(([, { last }]) => last).toSorted()[Math.floor(entries.length / 2)] ?? AT;
  for (const state of CONNECTION_STATES) {
    expect((await store.idsInState(CLUSTER, state)).toSorted()).toEqual(inState(state).map(([id]) => id).toSorted());
    expect(idsOf(await all(store.idle(CLUSTER, state, new Date(middle))))).toEqual(inState(state).filter(([, { last }]) => last < middle).map(([id]) => id).toSorted());
  }
  const firsts = entries.map(([, { first }]) => first).toSorted();
  for (const state of UNASKED_STATES) {
    for (const until of [firsts[Math.floor(firsts.length / 2)] ?? AT, FAR]) {
      const groups = Map.groupBy(byFirst(inState(state)).filter(([, { first }]) => first <= until), ([, { key }]) => workloadKey(key.workload));
      const workloads = await all(store.workloadsToAsk(CLUSTER, state, new Date(until)));
      expect(workloads.map(workloadKey).toSorted()).toEqual([...groups.keys()].toSorted());
      expect(workloads.map((workload) => groups.get(workloadKey(workload))?.[0]?.[1].first)).toEqual([...groups.values()].map(([oldest]) => oldest?.[1].first));
      for (const { workload } of FIRST_OF_WORKLOADS) expect(idsOf(await all(store.toAsk(CLUSTER, state, workload, new Date(until))))).toEqual((groups.get(workloadKey(workload)) ?? []).map(([id]) => id).toSorted());
    }
  }
  expect(await store.waiting(CLUSTER)).toBe(new Set(inState('pending').map(([, { change }]) => change.request)).size);
  for (const key of FIRST_OF_WORKLOADS) {
    expect(idsOf(await store.ofWorkload(CLUSTER, key.workload))).toEqual(entries.filter(([, known]) => workloadKey(known.key.workload) === workloadKey(key.workload)).map(([id]) => id).toSorted());
    expect(idsOf(await store.ofRemote(CLUSTER, key.remote))).toEqual(entries.filter(([, known]) => remoteKey(known.key.remote) === remoteKey(key.remote)).map(([id]) => id).toSorted());
  }
}

/** One step of the store and of the model, of which both have to say the same. */
async function step(redis: Redis, model: Model, random: Random, at: number, mayForget: boolean): Promise<void> {
  const store = createConnectionStore(redis, MOST_OF_WORKLOAD);
  const kind = random(mayForget ? 20 : 19);
  if (kind < 10) {
    const state = pick(random, UNASKED_STATES);
    // Some come late, and several of one batch may be of one moment.
    const seen = Array.from({ length: 1 + random(6) }, () => ({ key: pick(random, KEYS), at: at - random(3) * random(30) * DAY_MS }));
    const once = [...Map.groupBy(seen, ({ key }) => connectionId(key)).values()].flatMap((some) => some.slice(0, 1));
    for (const one of once) see(model, one.key, one.at, state);
    await store.see(CLUSTER, once.map((one) => aSighting({ key: one.key, atMs: one.at })), () => ({ state }));
  } else if (kind < 19) {
    const id = connectionId(pick(random, KEYS));
    const [known, change] = [model.get(id), changeAt(random, at)];
    if (known === undefined) return;
    const isStale = random(5) === 0;
    const { state, ...rest } = change;
    const changed = await store.change({ id, key: known.key, version: known.version - (isStale ? 1 : 0) }, change);
    expect(changed === undefined).toBe(isStale);
    if (!isStale) Object.assign(known, { state, version: known.version + 1, change: rest });
  } else {
    const before = at - random(60) * DAY_MS;
    expect(await store.forget(CLUSTER, new Date(before))).toBe(forget(model, before));
  }
}

/** As an earlier version of the bot kept what finds connections: sets of ids by state, and nothing else besides those of workloads and remotes. */
async function turnBack(redis: Redis, model: Model): Promise<void> {
  for (const kind of ['connections-by-time', 'connections-of-namespace', 'connections-to-ask', 'workloads-to-ask', 'requests-of-connections']) {
    const found = await redis.keys(`*:${kind}:*`);
    if (found.length > 0) await redis.del(...found);
  }
  for (const [id, { state }] of model) await redis.sadd(keys.connectionsInState(`${CLUSTER}:${state}`), id);
}

describe('src/store/connections.ts', () => {
  onEveryRedis(({ redis }) => {
    test.each(SEEDS)('whatever is seen, changed and forgotten, each way to find connections finds what a walk over all of them does (seed %i)', async (seed) => {
      const [random, model] = [seededRandom(seed), new Map<string, Known>()];
      let at = AT;
      for (let count = 1; count <= STEPS; count += 1) {
        at += random(4) === 0 ? random(40) * DAY_MS : random(60_000);
        await step(redis(), model, random, at, true);
        if (count % 10 === 0) await expectSame(redis(), model);
      }
      expect(model.size).toBeGreaterThan(10);
    });

    test.each(SEEDS)('what an earlier version has recorded is found like the rest, whatever happens to it before (seed %i)', async (seed) => {
      const [random, model] = [seededRandom(seed), new Map<string, Known>()];
      for (let count = 0; count < 60; count += 1) await step(redis(), model, random, AT + count * DAY_MS, true);
      await turnBack(redis(), model);
      for (let count = 60; count < 80; count += 1) await step(redis(), model, random, AT + count * DAY_MS, false);

      // Two processes that begin at the same time.
      await Promise.all([createConnectionStore(redis()).adopt(CLUSTER), createConnectionStore(redis()).adopt(CLUSTER)]);

      await expectSame(redis(), model);
      expect(await redis().keys('*connections-in-state*')).toEqual([]);
      for (let count = 80; count < 140; count += 1) await step(redis(), model, random, AT + count * DAY_MS, true);
      await expectSame(redis(), model);
    });

    test('a process that dies while it moves them leaves them to the next one', async () => {
      const [random, model] = [seededRandom(4), new Map<string, Known>()];
      for (let count = 0; count < 60; count += 1) await step(redis(), model, random, AT + count * DAY_MS, true);
      await turnBack(redis(), model);
      const dying = new Proxy(redis(), { get: (target, name: keyof Redis) => (name === 'srem' ? () => Promise.reject(new Error('died')) : Reflect.get(target, name, target)) });

      await expect(createConnectionStore(dying).adopt(CLUSTER)).rejects.toThrow('died');
      await createConnectionStore(redis()).adopt(CLUSTER);

      for (let count = 60; count < 120; count += 1) await step(redis(), model, random, AT + count * DAY_MS, true);
      await expectSame(redis(), model);
    });
  });
});
