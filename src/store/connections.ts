import type { Redis } from 'ioredis';
import { connectionId, remoteKey, workloadKey, workloadOf } from '#src/model/connection-key.ts';
import { CONNECTION_STATES, MOST_OF_WORKLOAD, type Connection, type ConnectionCounts, type ConnectionState, type ConnectionStore, type Sighting } from '#src/model/connection.ts';
import { createAllowEntries } from './allow-entries.ts';
import { chunksOf } from './chunks.ts';
import { askSet, hashOf, placesOf, remoteSet, stateSet, workloadSet, workloadsSet } from './connection-places.ts';
import { connectionOf, seenOf } from './connection-record.ts';
import { ADOPT, CHANGE, FORGET, SEE } from './connection-scripts.ts';
import { keys } from './keys.ts';

/** Most connections, or workloads, of one command. */
const AT_ONCE = 100;

/** What nobody has to decide about, and nobody has denied. */
const FORGETTABLE = ['learned', 'approved', 'expired', 'retired'] as const;

/** What is known of connections, in Redis. Of a key that was never seen the record is there when `see` answers. */
export function createConnectionStore(redis: Redis, mostOfWorkload: number = MOST_OF_WORKLOAD): ConnectionStore {
  const get = (cluster: string, ids: readonly string[]): Promise<readonly Connection[]> => read(redis, cluster, ids);
  async function* idle(cluster: string, state: ConnectionState, before: Date): AsyncGenerator<readonly Connection[]> {
    for await (const ids of partsOf(redis, stateSet(cluster, state), `(${before.getTime()}`)) yield await get(cluster, ids);
  }
  return {
    async see(cluster, sightings, firstState) {
      const all = [...Map.groupBy(sightings, ({ key }) => connectionId(key))];
      const [news, crowded]: [string[], Sighting[]] = [[], []];
      for (const part of chunksOf(all, AT_ONCE)) {
        const some = part.map(([id, seen]) => seenOf(id, seen, firstState));
        const places = placesOf(cluster, some);
        const args = some.flatMap((one, index) => [...(places.args[index] ?? []), ...one.args]);
        const answers = (await SEE(redis, places.keys, [places.namespaces, mostOfWorkload, ...args])) as readonly number[];
        for (const [at, { id, first }] of some.entries()) {
          if (answers[at] === 1) news.push(id);
          if (answers[at] === 2) crowded.push(first);
        }
      }
      return { news: await get(cluster, news), crowded };
    },
    get,
    inState: async (cluster, state) => get(cluster, (await redis.zrange(stateSet(cluster, state), '0', '-1')).toSorted()),
    idsInState: (cluster, state) => redis.zrange(stateSet(cluster, state), '0', '-1'),
    ofWorkload: async (cluster, workload) => get(cluster, (await redis.smembers(workloadSet(cluster, workloadKey(workload)))).toSorted()),
    ofRemote: async (cluster, remote) => get(cluster, (await redis.smembers(remoteSet(cluster, remoteKey(remote)))).toSorted()),
    async counts(cluster, namespace) {
      const counts = await Promise.all(CONNECTION_STATES.map((state) => redis.zcard(stateSet(cluster, state, namespace))));
      return Object.fromEntries(CONNECTION_STATES.map((state, index) => [state, counts[index] ?? 0])) as ConnectionCounts;
    },
    latest: async (cluster, state, most, namespace) => (most < 1 ? [] : get(cluster, await redis.zrevrange(stateSet(cluster, state, namespace), 0, most - 1))),
    idle,
    async *workloadsToAsk(cluster, state, until) {
      for await (const some of partsOf(redis, workloadsSet(cluster, state), String(until.getTime()))) yield some.map(workloadOf);
    },
    async *toAsk(cluster, state, workload, until) {
      const ids = await redis.zrangebyscore(askSet(cluster, state, workloadKey(workload)), '-inf', until.getTime());
      for (const some of chunksOf(ids, AT_ONCE)) yield (await get(cluster, some)).filter((connection) => connection.state === state);
    },
    waiting: (cluster) => redis.hlen(keys.requestsOfConnections(cluster)),
    async change({ id, key, version }, { state, request, decision, notBefore }) {
      const until = decision?.until === undefined ? '' : Date.parse(decision.until);
      const fields = [
        ...(request === undefined ? [] : ['request', request]),
        ...(decision === undefined ? [] : ['decision', JSON.stringify(decision), 'until', until]),
        ...(notBefore === undefined ? [] : ['notBefore', Date.parse(notBefore)]),
      ];
      const places = placesOf(key.cluster, [{ id, key }]);
      const changed = await CHANGE(redis, places.keys, [places.namespaces, ...places.args.flat(), version, state, CONNECTION_STATES.indexOf(state), ...fields]);
      return changed === 1 ? (await get(key.cluster, [id]))[0] : undefined;
    },
    async forget(cluster, before) {
      let forgotten = 0;
      for (const state of FORGETTABLE) {
        for await (const some of idle(cluster, state, before)) {
          const places = placesOf(cluster, some);
          forgotten += Number(await FORGET(redis, [...places.keys, keys.learnedSince(cluster)], [places.namespaces, before.getTime(), ...places.args.flat()]));
        }
      }
      return forgotten;
    },
    adopt: (cluster) => adopt(redis, cluster),
    ...createAllowEntries(redis),
  };
}

async function read(redis: Redis, cluster: string, ids: readonly string[]): Promise<readonly Connection[]> {
  const found: Connection[] = [];
  for (const some of chunksOf(ids, AT_ONCE)) {
    const fields = await Promise.all(some.map((id) => redis.hgetall(hashOf(cluster, id))));
    found.push(...fields.flatMap((one, index) => connectionOf(some[index] ?? '', one) ?? []));
  }
  return found;
}

/**
 * Members of a sorted set with scores up to `max`, in their order. What the reader of a part takes out meanwhile does not keep it from what
 * follows; what somebody else takes out may, until the next time.
 */
async function* partsOf(redis: Redis, set: string, max: string): AsyncGenerator<readonly string[]> {
  for (let from = 0; ; ) {
    const found = await redis.zrangebyscore(set, '-inf', max, 'WITHSCORES', 'LIMIT', from, AT_ONCE);
    if (found.length === 0) return;
    const some = found.filter((_, index) => index % 2 === 0);
    yield some;
    const scores = await redis.zmscore(set, ...some);
    from += scores.filter((score) => score !== null && Number(score) <= Number(found.at(-1))).length;
  }
}

/** What was kept in sets, one for each state, is moved into the sorted sets. What is in both is moved twice, which changes nothing. */
async function adopt(redis: Redis, cluster: string): Promise<void> {
  for (const state of CONNECTION_STATES) {
    const set = keys.connectionsInState(`${cluster}:${state}`);
    for await (const found of redis.sscanStream(set, { count: AT_ONCE }) as AsyncIterable<readonly string[]>) {
      for (const ids of chunksOf(found, AT_ONCE)) {
        const places = placesOf(cluster, await read(redis, cluster, ids));
        if (places.args.length > 0) await ADOPT(redis, places.keys, [places.namespaces, ...places.args.flat()]);
        await redis.srem(set, ...ids);
      }
    }
  }
}
