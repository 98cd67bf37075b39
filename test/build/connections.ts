import type { Labels } from '#src/model/labels.ts';
import { workloadKey } from '#src/model/connection-key.ts';
import { CONNECTION_STATES, type AllowEntry, type Connection, type ConnectionCounts, type ConnectionKey, type Connections, type ConnectionSettings, type ConnectionState } from '#src/model/connection.ts';

export const CHECKOUT: ConnectionKey = {
  cluster: 'prod-eu',
  direction: 'egress',
  workload: { namespace: 'shop', kind: 'Deployment', name: 'checkout' },
  remote: { kind: 'name', name: 'api.stripe.com' },
  port: 443,
  protocol: 'tcp',
};

export function aConnection(given: Partial<Omit<Connection, 'key'>> & { readonly key?: Partial<ConnectionKey> } = {}): Connection {
  return {
    id: 'c1',
    state: 'new',
    version: 1,
    firstSeen: '2026-11-24T09:14:00.000Z',
    lastSeen: '2026-11-24T09:20:00.000Z',
    count: 3,
    outcome: 'connected',
    isPrivate: false,
    addresses: ['203.0.113.7'],
    names: [],
    sources: ['hubble'],
    ...given,
    key: { ...CHECKOUT, ...given.key },
  };
}

export function connectionSettings(given: Partial<ConnectionSettings> = {}): ConnectionSettings {
  return { cluster: 'prod-eu', channel: undefined, learnMs: 24 * 3600_000, clusterRanges: [], corporateRanges: [], groups: new Map(), allow: [], owners: [], mode: 'observe', modes: new Map(), sourceRanges: [], ...given };
}

export interface KeptConnections extends Connections {
  /** As they stand, by id. */
  readonly kept: ReadonlyMap<string, Connection>;
}

/** Connections in memory. */
export function connectionsOf(
  found: readonly Connection[],
  { settings = [connectionSettings()], entries = [], learning = () => false, labels = () => undefined }: { readonly settings?: readonly ConnectionSettings[]; readonly entries?: readonly AllowEntry[]; readonly learning?: (workload: string) => boolean; readonly labels?: (workload: string) => Labels | undefined } = {},
): KeptConnections {
  const kept = new Map(found.map((connection) => [connection.id, connection]));
  const allowed = [...entries];
  const matching = (wanted: (connection: Connection) => boolean) => [...kept.values()].filter(wanted);
  const where = (wanted: (connection: Connection) => boolean) => Promise.resolve(matching(wanted));
  const standing = (cluster: string, wanted: ConnectionState, namespace?: string) => matching(({ key, state }) => key.cluster === cluster && state === wanted && (namespace ?? key.workload.namespace) === key.workload.namespace);
  const toAsk = (cluster: string, wanted: ConnectionState, until: Date) =>
    standing(cluster, wanted).filter(({ firstSeen }) => Date.parse(firstSeen) <= until.getTime()).toSorted((a, b) => Date.parse(a.firstSeen) - Date.parse(b.firstSeen));
  return {
    kept,
    all: () => settings,
    podLabels(_, { name }) {
      const borne = labels(name);
      return Promise.resolve(borne && new Map(Object.entries(borne)));
    },
    settings: (cluster) => settings.find((one) => one.cluster === cluster),
    get: (cluster, ids) => where(({ id, key }) => key.cluster === cluster && ids.includes(id)),
    inState: (cluster, state) => where((connection) => connection.key.cluster === cluster && connection.state === state),
    ofWorkload: (cluster, { namespace, name }) => where(({ key }) => key.cluster === cluster && key.workload.namespace === namespace && key.workload.name === name),
    ofRemote: (cluster, remote) => where(({ key }) => key.cluster === cluster && JSON.stringify(key.remote) === JSON.stringify(remote)),
    change({ id, version }, change) {
      const connection = kept.get(id);
      if (connection?.version !== version) return Promise.resolve(undefined);
      const next = { ...connection, ...change, version: version + 1 };
      kept.set(id, next);
      return Promise.resolve(next);
    },
    counts: (cluster, namespace) => Promise.resolve(Object.fromEntries(CONNECTION_STATES.map((state) => [state, standing(cluster, state, namespace).length])) as ConnectionCounts),
    latest: (cluster, state, most, namespace) => Promise.resolve(standing(cluster, state, namespace).toSorted((a, b) => Date.parse(b.lastSeen) - Date.parse(a.lastSeen)).slice(0, most)),
    idle: (cluster, state, before) => oneByOne(standing(cluster, state).filter(({ lastSeen }) => Date.parse(lastSeen) < before.getTime())),
    workloadsToAsk: (cluster, state, until) => oneByOne([...new Map(toAsk(cluster, state, until).map(({ key: { workload } }) => [workloadKey(workload), workload])).values()]),
    toAsk: (cluster, state, workload, until) => oneByOne(toAsk(cluster, state, until).filter(({ key }) => workloadKey(key.workload) === workloadKey(workload))),
    waiting: (cluster) => Promise.resolve(new Set(standing(cluster, 'pending').map(({ request }) => request)).size),
    adopt: () => Promise.resolve(),
    learning: (_, workloads) => Promise.resolve(workloads.map(({ name }) => learning(name))),
    forget: () => Promise.resolve(0),
    allowEntries: () => Promise.resolve(allowed),
    endAllowEntry: (id) => Promise.resolve(allowed.splice(allowed.findIndex((entry) => entry.id === id), 1).length === 1),
  };
}

/** In parts of one each. */
async function* oneByOne<T>(all: readonly T[]): AsyncGenerator<readonly T[]> {
  for (const one of all) yield await Promise.resolve([one]);
}
