import type { AllowEntry, Connection, ConnectionKey, Connections, ConnectionSettings } from '#src/model/connection.ts';

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
  return { cluster: 'prod-eu', channel: undefined, learnMs: 24 * 3600_000, clusterRanges: [], corporateRanges: [], groups: new Map(), allow: [], owners: [], mode: 'observe', modes: new Map(), ...given };
}

export interface KeptConnections extends Connections {
  /** As they stand, by id. */
  readonly kept: ReadonlyMap<string, Connection>;
}

/** Connections in memory. */
export function connectionsOf(
  found: readonly Connection[],
  { settings = [connectionSettings()], entries = [], learning = () => false }: { readonly settings?: readonly ConnectionSettings[]; readonly entries?: readonly AllowEntry[]; readonly learning?: (workload: string) => boolean } = {},
): KeptConnections {
  const kept = new Map(found.map((connection) => [connection.id, connection]));
  const allowed = [...entries];
  const where = (wanted: (connection: Connection) => boolean) => Promise.resolve([...kept.values()].filter(wanted));
  return {
    kept,
    all: () => settings,
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
    learning: (_, workloads) => Promise.resolve(workloads.map(({ name }) => learning(name))),
    forget: () => Promise.resolve(0),
    allowEntries: () => Promise.resolve(allowed),
    endAllowEntry: (id) => Promise.resolve(allowed.splice(allowed.findIndex((entry) => entry.id === id), 1).length === 1),
  };
}
