import type { Redis } from 'ioredis';
import { connectionId, remoteKey, workloadKey } from '#src/model/connection-key.ts';
import { CONNECTION_STATES, MOST_OF_WORKLOAD, type AllowEntry, type Connection, type ConnectionDecision, type ConnectionKey, type ConnectionStart, type ConnectionStore, type Sighting } from '#src/model/connection.ts';
import { CHANGE, FORGET, OUTCOMES, SEE } from './connection-scripts.ts';
import { keys } from './keys.ts';

/** Most connections of one command. */
const AT_ONCE = 100;

/** What nobody has to decide about, and nobody has denied. */
const FORGETTABLE = ['learned', 'approved', 'expired', 'retired'] as const;

/** What is known of connections, in Redis. Of a key that was never seen the record is there when `see` answers. */
export function createConnectionStore(redis: Redis, mostOfWorkload: number = MOST_OF_WORKLOAD): ConnectionStore {
  const get = async (cluster: string, ids: readonly string[]): Promise<readonly Connection[]> => {
    const found = await Promise.all(ids.map((id) => redis.hgetall(keys.connection(`${cluster}:${id}`))));
    return found.flatMap((fields, index) => connectionOf(ids[index] ?? '', fields) ?? []);
  };
  const among = async (cluster: string, set: string): Promise<readonly Connection[]> => get(cluster, (await redis.smembers(set)).toSorted());
  const states = (cluster: string) => CONNECTION_STATES.map((state) => keys.connectionsInState(`${cluster}:${state}`));
  return {
    async see(cluster, sightings, firstState) {
      const all = [...Map.groupBy(sightings, ({ key }) => connectionId(key))];
      const [news, crowded]: [string[], Sighting[]] = [[], []];
      for (let index = 0; index < all.length; index += AT_ONCE) {
        const some = all.slice(index, index + AT_ONCE).map(([id, seen]) => seenOf(id, seen, firstState));
        const places = some.flatMap(({ id, key }) => [keys.connection(`${cluster}:${id}`), keys.connectionsOfWorkload(`${cluster}:${workloadKey(key.workload)}`), keys.connectionsOfRemote(`${cluster}:${remoteKey(key.remote)}`)]);
        const answers = (await SEE(redis, [...states(cluster), ...places], [mostOfWorkload, ...some.flatMap(({ args }) => args)])) as readonly number[];
        for (const [at, answer] of answers.entries()) {
          const { id, first } = some[at] ?? {};
          if (id === undefined || first === undefined) continue;
          if (answer === 1) news.push(id);
          if (answer === 2) crowded.push(first);
        }
      }
      return { news: await get(cluster, news), crowded };
    },
    get,
    inState: (cluster, state) => among(cluster, keys.connectionsInState(`${cluster}:${state}`)),
    idsInState: (cluster, state) => redis.smembers(keys.connectionsInState(`${cluster}:${state}`)),
    ofWorkload: (cluster, workload) => among(cluster, keys.connectionsOfWorkload(`${cluster}:${workloadKey(workload)}`)),
    ofRemote: (cluster, remote) => among(cluster, keys.connectionsOfRemote(`${cluster}:${remoteKey(remote)}`)),
    async counts(cluster) {
      const counts = await Promise.all(states(cluster).map((set) => redis.scard(set)));
      return Object.fromEntries(CONNECTION_STATES.map((state, index) => [state, counts[index] ?? 0])) as Record<(typeof CONNECTION_STATES)[number], number>;
    },
    async change({ cluster, id, version }, { state, request, decision, notBefore }) {
      const until = decision?.until === undefined ? '' : Date.parse(decision.until);
      const fields = [
        ...(request === undefined ? [] : ['request', request]),
        ...(decision === undefined ? [] : ['decision', JSON.stringify(decision), 'until', until]),
        ...(notBefore === undefined ? [] : ['notBefore', Date.parse(notBefore)]),
      ];
      const changed = await CHANGE(redis, [keys.connection(`${cluster}:${id}`), ...states(cluster)], [id, version, CONNECTION_STATES.indexOf(state), state, ...fields]);
      return changed === 1 ? (await get(cluster, [id]))[0] : undefined;
    },
    async forget(cluster, before) {
      let forgotten = 0;
      for (const state of FORGETTABLE) {
        const ids = redis.sscanStream(keys.connectionsInState(`${cluster}:${state}`), { count: AT_ONCE });
        for await (const some of ids as AsyncIterable<readonly string[]>) {
          for (const { id, key, lastSeen } of await get(cluster, some)) {
            if (Date.parse(lastSeen) >= before.getTime()) continue;
            const places = [keys.connection(`${cluster}:${id}`), ...states(cluster), keys.connectionsOfWorkload(`${cluster}:${workloadKey(key.workload)}`), keys.connectionsOfRemote(`${cluster}:${remoteKey(key.remote)}`)];
            forgotten += Number(await FORGET(redis, places, [id, before.getTime()]));
          }
        }
      }
      return forgotten;
    },
    allowEntries: async () => Object.values(await redis.hgetall(keys.allowEntries())).map((text) => JSON.parse(text) as AllowEntry).toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    async addAllowEntry(entry) {
      await redis.hset(keys.allowEntries(), entry.id, JSON.stringify(entry));
    },
    endAllowEntry: async (id) => (await redis.hdel(keys.allowEntries(), id)) === 1,
  };
}

interface Seen {
  readonly id: string;
  readonly key: ConnectionKey;
  readonly first: Sighting;
  readonly args: readonly (string | number)[];
}

/** All sightings of one key as one step of the script. */
function seenOf(id: string, seen: readonly Sighting[], firstState: (sighting: Sighting) => ConnectionStart): Seen {
  const inOrder = seen.toSorted((a, b) => a.atMs - b.atMs);
  const [first] = inOrder;
  const last = inOrder.at(-1);
  if (first === undefined || last === undefined) throw new RangeError('no sighting of a key');
  const { key } = first;
  const start = firstState(first);
  const decision = start.state === 'approved' ? start.decision : undefined;
  const bytes = seen.flatMap((sighting) => sighting.bytes ?? []);
  const list = (texts: readonly (string | undefined)[]) => [...new Set(texts.filter((text) => text !== undefined))].join('\n');
  return {
    id,
    key,
    first,
    args: [
      id,
      JSON.stringify(key),
      start.state,
      CONNECTION_STATES.indexOf(start.state),
      first.atMs,
      last.atMs,
      seen.reduce((sum, { count }) => sum + count, 0),
      bytes.length === 0 ? '' : bytes.reduce((sum, some) => sum + some, 0),
      Math.max(...seen.map(({ outcome }) => OUTCOMES.indexOf(outcome))),
      first.isPrivate ? 1 : 0,
      list(inOrder.toReversed().map(({ address }) => address)),
      list(seen.flatMap(({ names }) => names)),
      list(seen.map(({ source }) => source)),
      decision === undefined ? '' : JSON.stringify(decision),
      decision?.until === undefined ? '' : Date.parse(decision.until),
    ],
  };
}

/** Undefined where there is no record. */
function connectionOf(id: string, fields: Readonly<Record<string, string>>): Connection | undefined {
  const { key, state, version, first, last, count, bytes, outcome, private: isPrivate, addresses, names, sources, request, decision, notBefore } = fields;
  if (key === undefined) return undefined;
  return {
    id,
    key: JSON.parse(key) as ConnectionKey,
    state: state as Connection['state'],
    version: Number(version),
    firstSeen: momentOf(first),
    lastSeen: momentOf(last),
    count: Number(count),
    ...(bytes !== undefined && { bytes: Number(bytes) }),
    outcome: OUTCOMES[Number(outcome)] ?? 'attempted',
    isPrivate: isPrivate === '1',
    addresses: linesOf(addresses),
    names: linesOf(names),
    sources: linesOf(sources),
    ...(request !== undefined && { request }),
    ...(decision !== undefined && { decision: JSON.parse(decision) as ConnectionDecision }),
    ...(notBefore !== undefined && { notBefore: momentOf(notBefore) }),
  };
}

function momentOf(ms: string | undefined): string {
  return new Date(Number(ms)).toISOString();
}

function linesOf(text = ''): readonly string[] {
  return text === '' ? [] : text.split('\n');
}
