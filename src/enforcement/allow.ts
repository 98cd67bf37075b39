import { changedBy, isManaged, isUntouched, requestOf } from '#src/actions/own-objects.ts';
import { otherEndText, workloadText } from '#src/model/connection-words.ts';
import type { Connection, ConnectionDirection, ConnectionSettings } from '#src/model/connection.ts';
import type { Change, ObjectAddress } from '#src/model/plan.ts';
import { objectAt, type RawObject } from '#src/model/raw.ts';
import { intersect } from '#src/network/addresses.ts';
import { addressesOf, entryOf, type Entry } from './entry.ts';
import { closes, isolatingBut } from './isolation.ts';
import { changeTo, MECHANISMS, ownAddress, type Mechanism, type PolicyPlace } from './own-policy.ts';
import { isDropped } from './simulate.ts';

/** Connections of one workload, in one direction, that would be approved, and what k8ssec has written for the workload. */
export interface AllowScene {
  readonly place: PolicyPlace;
  readonly settings: ConnectionSettings;
  readonly found: readonly Connection[];
  /** Others of the workload that people have denied. */
  readonly denied: readonly Connection[];
  readonly own: ReadonlyMap<Mechanism, RawObject | undefined>;
}

/** What k8ssec's own policies keep from passing, and what would be done about it. */
export interface AllowPlan {
  /** Opens the isolation of the workload for exactly these, and for those `besides` that were denied and have the same address. */
  readonly open?: { readonly change: Change; readonly connections: readonly Connection[]; readonly besides: readonly Connection[] };
  /** What stays blocked whatever is approved. */
  readonly closed: readonly Closed[];
}

export interface Closed {
  readonly connections: readonly Connection[];
  /** What blocks them, and what can be done: `request r7k2m9 (CiliumNetworkPolicy shop/k8ssec-0a1b2c3d): undo that first`. */
  readonly by: string;
}

/** A policy of k8ssec, and what of the connections it blocks. */
interface Blocking {
  readonly mechanism: Mechanism;
  readonly address: ObjectAddress;
  readonly object: RawObject;
  readonly spec: RawObject;
  readonly blocked: readonly { readonly connection: Connection; readonly entry: Entry }[];
  /** Without an address that is known, they cannot be let through by one. */
  readonly nameless: readonly Connection[];
}

/**
 * An isolation is opened for what would be approved; a rule that denies is not taken out here, because the request that made it would not
 * find it when it is undone. Policies of others have their say beside this.
 */
export function allowPlan(scene: AllowScene): AllowPlan {
  const parts = MECHANISMS.flatMap((mechanism) => {
    const object = scene.own.get(mechanism);
    return object !== undefined && isManaged(object) ? [partOf(blockingOf(mechanism, object, scene), scene)] : [];
  });
  const open = parts.find((part) => part.open !== undefined)?.open;
  return { ...(open !== undefined && { open }), closed: parts.flatMap(({ closed }) => closed) };
}

function blockingOf(mechanism: Mechanism, object: RawObject, { place, settings, found }: AllowScene): Blocking {
  const spec = objectAt(object, 'spec') ?? {};
  // Its own policy selects the workload, whatever labels that has.
  const body = { ...object, spec: { ...spec, podSelector: {} } };
  const { namespace, kind, name } = place.workload;
  const target = { pods: { ref: { kind, namespace, name }, namespace, labels: new Map<string, string>(), hostNetwork: false, ports: [], replicas: undefined } };
  const blocked: { readonly connection: Connection; readonly entry: Entry }[] = [];
  const nameless: Connection[] = [];
  for (const connection of found) {
    const entry = entryOf(connection, settings);
    if (entry === undefined) {
      if (mechanism === 'network-policy' && closes(spec, connection.key.direction)) nameless.push(connection);
      continue;
    }
    const cidrs = entry.cidrs.filter((cidr) => isDropped(body, { ...entry, cidrs: [cidr] }, target));
    if (cidrs.length > 0) blocked.push({ connection, entry: { ...entry, cidrs } });
  }
  return { mechanism, address: ownAddress(mechanism, place), object, spec, blocked, nameless };
}

function partOf({ mechanism, address, object, spec, blocked, nameless }: Blocking, { place, settings, denied }: AllowScene): AllowPlan {
  const policy = `${address.kind} ${address.namespace ?? ''}/${address.name}`;
  const connections = blocked.map(({ connection }) => connection);
  const unknown: readonly Closed[] = nameless.length === 0 ? [] : [{ connections: nameless, by: `${policy}, which cannot be opened as long as no address is known` }];
  if (connections.length === 0) return { closed: unknown };
  if (!isUntouched(object)) return { closed: [...unknown, { connections, by: `${policy}, which was changed by ${changedBy(object)}, and nothing is written over that` }] };
  if (mechanism !== 'network-policy') return { closed: [...unknown, { connections, by: `request ${requestOf(object) ?? 'of nobody'} (${policy}): undo that first` }] };
  const form = blocked.map(({ entry }) => entry).reduce(isolatingBut, spec);
  const names = connections.map(({ key }) => otherEndText(key)).join(', ');
  const change = changeTo(form, address, place, object, `${address.kind} ${workloadText(place.workload)}: ${names} ${connections.length === 1 ? 'is' : 'are'} let through`);
  const besides = denied.filter((one) => blocked.some(({ entry }) => isShared(entry, entryOf(one, settings))));
  return { ...(change !== undefined && { open: { change, connections, besides } }), closed: unknown };
}

function isShared(entry: Entry, other: Entry | undefined): boolean {
  return other?.direction === entry.direction && entry.protocol === other.protocol && entry.port === other.port && intersect(addressesOf(entry.cidrs), addressesOf(other.cidrs)).length > 0;
}

/** What people have to know of the plan before they decide, in whole sentences. */
export function allowStays({ open, closed }: AllowPlan, direction: ConnectionDirection): readonly string[] {
  const names = (open?.connections ?? []).filter(({ key }) => key.remote.kind === 'name');
  return [
    ...closed.map(({ connections, by }) => `${connections.map(({ key }) => otherEndText(key)).join(', ')} ${connections.length === 1 ? 'is' : 'are'} blocked by ${by}.`),
    ...(open?.besides ?? []).map(({ key, decision }) => `${otherEndText(key)} was denied${decision === undefined ? '' : ` by ${decision.by}`}, has the same address, and is let through with it.`),
    ...(names.length === 0 ? [] : [`Only addresses that were seen are let through; ${direction === 'egress' ? 'a name' : 'a source'} that gets others is blocked again.`]),
  ];
}
