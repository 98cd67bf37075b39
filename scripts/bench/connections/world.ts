import { Redis } from 'ioredis';
import { createSide } from '#src/app/side.ts';
import { systemClock } from '#src/clock.ts';
import { connectionId, workloadKey } from '#src/model/connection-key.ts';
import { CONNECTION_STATES, UNASKED_STATES, type ConnectionKey, type ConnectionSettings, type ConnectionStart, type Sighting } from '#src/model/connection.ts';
import type { Log } from '#src/model/log.ts';
import { NothingToPropose } from '#src/model/request.ts';
import type { Services } from '#src/model/services.ts';
import { NO_ACCESS_SETTINGS, NO_APPROVAL_SETTINGS } from '#src/model/settings.ts';
import { CONSUMER } from '#src/queue/connection.ts';
import { createConnectionStore } from '#src/store/connections.ts';
import { createConnectionWatch } from '#src/store/connection-watch.ts';
import { keys } from '#src/store/keys.ts';
import { productionClusters } from '../clusters.ts';
import { BenchFault, seededNumbers } from '../harness.ts';
import { startRealRedis } from '../redis.ts';

/** What uses connections, over a Redis of its own. */
export interface World {
  readonly redis: Redis;
  readonly services: Services;
  /** Ids of what the last asking asked about. Nobody is really asked, so that the next one finds the same. */
  readonly asked: () => readonly string[];
  /** Bytes that Redis takes. */
  readonly memory: () => Promise<number>;
  /** Bytes that Redis has sent, but for what is asked here. */
  readonly sent: () => Promise<number>;
  readonly stop: () => Promise<void>;
}

const DAY_MS = 24 * 3600_000;
const NAMESPACES = 50;
const OF_WORKLOAD = 100;
/** Of a workload that has new ones. */
const NEW = 10;
/** Workloads that have new ones, whatever the size of the cluster. */
const ASKING = 40;
const BATCH = 2000;

export async function startWorld(clusters: readonly string[]): Promise<World> {
  const server = await startRealRedis();
  const redis = new Redis(server.url, CONSUMER);
  const faults: string[] = [];
  const log: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: (_, text) => void faults.push(text) };
  const connections = clusters.map((cluster): ConnectionSettings => ({ cluster, channel: undefined, learnMs: DAY_MS, clusterRanges: [], corporateRanges: [], groups: new Map(), allow: [], owners: [], mode: 'observe', sourceRanges: [], modes: new Map() }));
  const people = { sources: [], schedule: 'off', shrinkLimitPercent: 10, access: NO_ACCESS_SETTINGS };
  const config = { keepMs: DAY_MS, timeZone: 'UTC', approvals: NO_APPROVAL_SETTINGS, people, repositories: [], grants: undefined, events: [], connections };
  const open = () => Promise.reject(new BenchFault('no cluster is looked at here'));
  const may = () => Promise.resolve({ allowed: true } as const);
  const side = createSide(redis, { access: { may }, approversFor: () => ({ may, ids: () => [] }) }, { config, clock: systemClock, log, clusters: productionClusters(clusters, open), digests: [], sources: [], slackMembers: undefined, slackProblem: () => undefined, installation: () => Promise.resolve('bench'), rangeProblems: () => [], scopes: () => undefined });
  let asked: readonly string[] = [];
  let toldBytes = 0;
  const ask = (_: string, subject: unknown) => {
    asked = [...asked, ...(subject as { readonly connections: readonly string[] }).connections];
    return Promise.reject(new NothingToPropose('The bench asks nobody.'));
  };
  return {
    redis,
    services: { ...side.services, approvals: { ...side.services.approvals, ask } },
    asked() {
      const last = asked;
      asked = [];
      return last;
    },
    async sent() {
      const text = await redis.info('stats');
      const sent = Number(/total_net_output_bytes:(\d+)/.exec(text)?.[1]) - toldBytes;
      // This answer itself is counted in the next one.
      toldBytes += Buffer.byteLength(text);
      return sent;
    },
    memory: async () => Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1]),
    async stop() {
      await side.queues.close();
      redis.disconnect();
      await server.stop();
      if (faults.length > 0) throw new BenchFault(`the bot logged errors: ${[...new Set(faults)].join('; ')}`);
    },
  };
}

/** A hundred connections for each workload, which are all learned still. Some are learned, most are approved, and of forty workloads ten are new. */
export function sightingsOf(cluster: string, count: number, seed: number): readonly Sighting[] {
  const random = seededNumbers(seed);
  const now = systemClock.now().getTime();
  return Array.from({ length: count }, (_, index) => {
    const workload = Math.floor(index / OF_WORKLOAD);
    const key: ConnectionKey = {
      cluster,
      direction: 'egress',
      workload: { namespace: `team-${workload % NAMESPACES}`, kind: 'Deployment', name: `service-${workload}` },
      remote: { kind: 'name', name: `endpoint-${index % OF_WORKLOAD}.${Math.floor(random() * 1000)}.provider.example.com` },
      port: 443,
      protocol: 'tcp',
    };
    return { key, names: [], address: `203.0.113.${index % 256}`, isPrivate: false, outcome: 'connected', atMs: now - 60_000 - Math.floor(random() * 30 * DAY_MS), bytes: 1500, count: 3, source: 'hubble' };
  });
}

export async function record(redis: Redis, cluster: string, sightings: readonly Sighting[]): Promise<void> {
  const store = createConnectionStore(redis);
  const workloads = [...new Map(sightings.map(({ key: { workload } }) => [workloadKey(workload), workload])).values()];
  await createConnectionWatch(redis).begin(cluster, workloads);
  const asking = new Set(workloads.filter((_, index) => index % Math.floor(workloads.length / ASKING) === 0).map(workloadKey));
  const places = new Map(sightings.map((sighting, index) => [connectionId(sighting.key), index % OF_WORKLOAD]));
  const decision = { by: 'Ann', at: systemClock.now().toISOString(), reason: 'on the list' };
  const start = ({ key }: Sighting): ConnectionStart => {
    const place = places.get(connectionId(key)) ?? 0;
    if (place < NEW && asking.has(workloadKey(key.workload))) return { state: 'new' };
    return place < 2 * NEW ? { state: 'learned' } : { state: 'approved', decision };
  };
  for (let from = 0; from < sightings.length; from += BATCH) await store.see(cluster, sightings.slice(from, from + BATCH), start);
}

/** Keeps a cluster as earlier versions of the bot did: sets of ids by state, and no other order. */
export async function turnBack(redis: Redis, cluster: string): Promise<void> {
  const ids = await Promise.all(CONNECTION_STATES.map((state) => redis.zrange(keys.connectionsByTime(`${cluster}:${state}`), '0', '-1')));
  const names = [keys.connectionsByTime(`${cluster}:*`), keys.connectionsOfNamespace(`${cluster}:*`), keys.workloadsToAsk(`${cluster}:*`), ...UNASKED_STATES.map((state) => keys.connectionsToAsk(`${cluster}:${state}:*`))];
  for (const match of names) {
    for await (const found of redis.scanStream({ match, count: 1000 }) as AsyncIterable<readonly string[]>) if (found.length > 0) await redis.del(...found);
  }
  for (const [index, state] of CONNECTION_STATES.entries()) {
    const all = ids[index] ?? [];
    for (let from = 0; from < all.length; from += BATCH) await redis.sadd(keys.connectionsInState(`${cluster}:${state}`), ...all.slice(from, from + BATCH));
  }
}
