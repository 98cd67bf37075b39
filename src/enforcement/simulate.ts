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
  const isDropped = droppedBy(body, target);
  const dropped = connections.filter((connection) => {
    const entry = entryOf(connection, settings);
    return entry?.cidrs.some((cidr) => isDropped({ ...entry, cidrs: [cidr] })) === true;
  });
  return { dropped, droppedCount: total(dropped), count: total(connections) };
}

/** Tells whether some addresses are kept from the port by the policy alone. The policy is read once: groups may have thousands of ranges. */
export function droppedBy(body: RawObject, { pods }: Pick<Target, 'pods'>): (entry: Entry) => boolean {
  const denied = deniedBy(objectAt(body, 'spec') ?? {});
  const policies = body.apiVersion === 'networking.k8s.io/v1' ? { namespaced: [parsePolicy(body)], admin: [] } : undefined;
  const restrictions = new Map((['egress', 'ingress'] as const).map((direction) => [direction, policies && restrictionOf(pods, direction, policies, namespaceLabels(new Map()))]));
  return ({ direction, cidrs, port, protocol }) => {
    const addresses = addressesOf(cidrs);
    if (denied.some((one) => one.direction === direction && one.port === port && one.protocol === protocol && intersect(addresses, addressesOf(one.cidrs)).length > 0)) return true;
    const restriction = restrictions.get(direction);
    return restriction !== undefined && addresses.some((address) => !hasPort(allowedPorts(restriction, { address }), protocol, port));
  };
}

function total(connections: readonly Connection[]): number {
  return connections.reduce((sum, { count }) => sum + count, 0);
}
