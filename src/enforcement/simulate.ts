import type { Connection, ConnectionDirection, ConnectionSettings } from '#src/model/connection.ts';
import { objectAt, textsAt, type RawObject } from '#src/model/raw.ts';
import { intersect } from '#src/network/addresses.ts';
import { allowedPorts, restrictionOf } from '#src/network/evaluate.ts';
import { parsePolicy } from '#src/network/policy.ts';
import { hasPort } from '#src/network/ports.ts';
import { namespaceLabels } from '#src/network/rules.ts';
import { TITLE } from './block-form.ts';
import { calicoCloses, calicoLets } from './calico-isolation.ts';
import { ciliumCloses, ciliumLets } from './cilium-isolation.ts';
import { deniedBy } from './deny-rules.ts';
import { addressesOf, eachOf, reachOf, type Entry } from './entry.ts';
import type { Target } from './target.ts';

/** What a policy would have done to connections that were observed. */
export interface Simulation {
  readonly dropped: readonly Connection[];
  /** Observations, not keys. */
  readonly droppedCount: number;
  readonly count: number;
}

/** Plays connections through a policy of k8ssec. One is dropped when any of its addresses is; one that nothing is known of passes unless everything else is closed. */
export function simulate(body: RawObject, connections: readonly Connection[], target: Target, settings: ConnectionSettings): Simulation {
  const isDropped = droppedBy(body, target);
  const dropped = connections.filter((connection) => {
    const entry = reachOf(connection, settings);
    return entry === undefined ? closes(body, connection.key.direction) : eachOf(entry).some(isDropped);
  });
  return { dropped, droppedCount: total(dropped), count: total(connections) };
}

/** Tells whether some of these addresses, or the name where there is nothing else, are kept from the port by the policy alone. The policy is read once: groups may have thousands of ranges. */
export function droppedBy(body: RawObject, target: Pick<Target, 'pods'>): (entry: Entry) => boolean {
  const denied = deniedBy(objectAt(body, 'spec') ?? {});
  const lets = { egress: letBy(body, 'egress', target), ingress: letBy(body, 'ingress', target) };
  return (entry) => {
    const { direction, cidrs, port, protocol } = entry;
    const addresses = addressesOf(cidrs);
    if (denied.some((one) => one.direction === direction && one.port === port && one.protocol === protocol && intersect(addresses, addressesOf(one.cidrs)).length > 0)) return true;
    return lets[direction]?.(entry) === false;
  };
}

/** Tells what a policy lets through a direction that it closes; undefined where it does not close it. */
function letBy(body: RawObject, direction: ConnectionDirection, { pods }: Pick<Target, 'pods'>): ((entry: Entry) => boolean) | undefined {
  if (!closes(body, direction)) return undefined;
  const spec = objectAt(body, 'spec') ?? {};
  if (body.apiVersion === 'cilium.io/v2') return ciliumLets(spec, direction);
  if (body.apiVersion === 'projectcalico.org/v3') return calicoLets(spec, direction);
  const restriction = restrictionOf(pods, direction, { namespaced: [parsePolicy(body)], admin: [] }, namespaceLabels(new Map()));
  return ({ cidrs, protocol, port }) => cidrs.length > 0 && addressesOf(cidrs).every((address) => hasPort(allowedPorts(restriction, { address }), protocol, port));
}

/** Whether the policy closes this direction as a whole, but for what it lets through. */
export function closes(body: RawObject, direction: ConnectionDirection): boolean {
  const spec = objectAt(body, 'spec') ?? {};
  if (body.apiVersion === 'cilium.io/v2') return ciliumCloses(spec, direction);
  if (body.apiVersion === 'projectcalico.org/v3') return calicoCloses(spec, direction);
  return textsAt(spec, 'policyTypes').includes(TITLE[direction]);
}

function total(connections: readonly Connection[]): number {
  return connections.reduce((sum, { count }) => sum + count, 0);
}
