import type { Connection, ConnectionSettings } from '#src/model/connection.ts';
import { objectAt, type RawObject } from '#src/model/raw.ts';
import { intersect } from '#src/network/addresses.ts';
import { allowedPorts, restrictionOf } from '#src/network/evaluate.ts';
import { parsePolicy } from '#src/network/policy.ts';
import { hasPort } from '#src/network/ports.ts';
import { namespaceLabels } from '#src/network/rules.ts';
import { deniedBy } from './deny-rules.ts';
import { addressesOf, entryOf, type Entry } from './entry.ts';
import type { Target } from './target.ts';

/** What a policy would have done to connections that were observed. */
export interface Simulation {
  readonly dropped: readonly Connection[];
  /** Observations, not keys. */
  readonly droppedCount: number;
  readonly count: number;
}

/** Plays connections through a policy of k8ssec. One is dropped when any of its addresses is; one without known addresses passes. */
export function simulate(body: RawObject, connections: readonly Connection[], target: Target, settings: ConnectionSettings): Simulation {
  const dropped = connections.filter((connection) => {
    const entry = entryOf(connection, settings);
    return entry?.cidrs.some((cidr) => isDropped(body, { ...entry, cidrs: [cidr] }, target)) === true;
  });
  return { dropped, droppedCount: total(dropped), count: total(connections) };
}

/** Whether some of these addresses are kept from the port by the policy alone. */
export function isDropped(body: RawObject, entry: Entry, { pods }: Pick<Target, 'pods'>): boolean {
  const spec = objectAt(body, 'spec') ?? {};
  const addresses = addressesOf(entry.cidrs);
  const isDenied = deniedBy(spec).some((one) => one.direction === entry.direction && one.port === entry.port && one.protocol === entry.protocol && intersect(addressesOf(one.cidrs), addresses).length > 0);
  if (isDenied || body.apiVersion !== 'networking.k8s.io/v1') return isDenied;
  const restriction = restrictionOf(pods, entry.direction, { namespaced: [parsePolicy(body)], admin: [] }, namespaceLabels(new Map()));
  return addresses.some((address) => !hasPort(allowedPorts(restriction, { address }), entry.protocol, entry.port));
}

function total(connections: readonly Connection[]): number {
  return connections.reduce((sum, { count }) => sum + count, 0);
}
