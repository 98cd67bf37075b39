import { isClosing, specOf, withParts, type Composition } from '#src/actions/composition.ts';
import { isManaged, standingOf } from '#src/actions/own-objects.ts';
import { nameOf } from '#src/actions/wording.ts';
import { otherEndText, workloadText } from '#src/model/connection-words.ts';
import type { Connection, ConnectionDirection, ConnectionSettings } from '#src/model/connection.ts';
import type { Change, ObjectAddress } from '#src/model/plan.ts';
import { objectAt, type RawObject } from '#src/model/raw.ts';
import { intersect } from '#src/network/addresses.ts';
import { addressesOf, entryOf, tooWide, type Entry } from './entry.ts';
import { closes, rulesOf } from './isolation.ts';
import { changeTo, MECHANISMS, ownAddress, type Mechanism, type PolicyPlace } from './own-policy.ts';
import { droppedBy } from './simulate.ts';

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
  readonly open?: Opening;
  /** What stays blocked whatever is approved. */
  readonly closed: readonly Closed[];
}

/** Opens the isolation of the workload for exactly these, and for those `besides` that were denied and have the same address. */
export interface Opening {
  readonly change: Change;
  readonly connections: readonly Connection[];
  /** Those that it keeps out now. The others pass only as long as something that was opened for another request. */
  readonly blocked: readonly Connection[];
  readonly besides: readonly Connection[];
}

export interface Closed {
  readonly connections: readonly Connection[];
  /** What blocks them, and what can be done: `request r7k2m9 (CiliumNetworkPolicy shop/k8ssec-0a1b2c3d): undo that first`. */
  readonly by: string;
}

interface Blocked {
  readonly connection: Connection;
  readonly entry: Entry;
}

/** A policy of k8ssec, and the connections that it may be about. */
interface Scrutiny {
  readonly mechanism: Mechanism;
  readonly address: ObjectAddress;
  readonly object: RawObject;
  readonly scene: AllowScene;
}

/**
 * An isolation is opened for what would be approved; a rule that denies is not taken out here, because people decide about the request that
 * made it. Policies of others have their say beside this.
 */
export function allowPlan(scene: AllowScene): AllowPlan {
  const plans = MECHANISMS.flatMap((mechanism) => {
    const object = scene.own.get(mechanism);
    return object !== undefined && isManaged(object) ? [planOf({ mechanism, address: ownAddress(mechanism, scene.place), object, scene })] : [];
  });
  const open = plans.find((plan) => plan.open !== undefined)?.open;
  return { ...(open !== undefined && { open }), closed: plans.flatMap(({ closed }) => closed) };
}

function planOf(scrutiny: Scrutiny): AllowPlan {
  const { mechanism, address, object, scene } = scrutiny;
  const { found, settings, place } = scene;
  const spec = objectAt(object, 'spec') ?? {};
  const nameless = mechanism === 'network-policy' ? found.filter((connection) => entryOf(connection, settings) === undefined && closes(spec, connection.key.direction)) : [];
  const unknown: readonly Closed[] = nameless.length === 0 ? [] : [{ connections: nameless, by: `${nameOf(address)}, which cannot be opened as long as no address is known` }];
  const blocked = found.flatMap((connection) => keptOut(connection, spec, scrutiny));
  const standing = standingOf(object, place.installation);
  if ('problem' in standing) return { closed: [...unknown, ...closedBy(blocked, () => `${nameOf(address)}, which ${standing.problem}`)] };
  const { made } = standing;
  if (mechanism !== 'network-policy') return { closed: [...unknown, ...closedBy(blocked, (one) => denialsText(one, made, scrutiny))] };
  const [wide = [], narrow = []] = [true, false].map((isWide) => blocked.filter(({ connection }) => (tooWide(connection, settings) !== undefined) === isWide));
  const open = openingOf(made, narrow, scrutiny);
  return { ...(open !== undefined && { open }), closed: [...unknown, ...closedBy(wide, ({ connection }) => `${nameOf(address)}, which cannot be opened for it: ${tooWide(connection, settings) ?? ''}`)] };
}

/** The addresses of a connection that this spec keeps out. */
function keptOut(connection: Connection, spec: RawObject, { address, scene: { place, settings } }: Scrutiny): readonly Blocked[] {
  const entry = entryOf(connection, settings);
  if (entry === undefined) return [];
  // Its own policy selects the workload, whatever labels that has.
  const body = { apiVersion: address.apiVersion, kind: address.kind, metadata: { name: address.name, namespace: address.namespace }, spec: { ...spec, podSelector: {} } };
  const { namespace, kind, name } = place.workload;
  const target = { pods: { ref: { kind, namespace, name }, namespace, labels: new Map<string, string>(), hostNetwork: false, ports: [], replicas: undefined } };
  const isDropped = droppedBy(body, target);
  const cidrs = entry.cidrs.filter((cidr) => isDropped({ ...entry, cidrs: [cidr] }));
  return cidrs.length === 0 ? [] : [{ connection, entry: { ...entry, cidrs } }];
}

function closedBy(blocked: readonly Blocked[], by: (one: Blocked) => string): readonly Closed[] {
  const groups = Map.groupBy(blocked, by);
  return [...groups].map(([text, members]) => ({ connections: members.map(({ connection }) => connection), by: text }));
}

/** `request r7k2m9 (CiliumNetworkPolicy shop/k8ssec-0a1b2c3d): undo that first`. */
function denialsText({ connection }: Blocked, made: Composition, scrutiny: Scrutiny): string {
  const denying = made.parts.filter((part) => isClosing(part) && keptOut(connection, specOf({ ...made, parts: [part] }), scrutiny).length > 0);
  const requests = [...new Set(denying.map(({ request }) => request))];
  const policy = nameOf(scrutiny.address);
  return requests.length === 1 ? `request ${requests[0] ?? ''} (${policy}): undo that first` : `requests ${requests.join(', ')} (${policy}): undo those first`;
}

/** What passes only because of another request, which may be undone, or for a time, gets a rule of its own. */
function openingOf(made: Composition, blocked: readonly Blocked[], scrutiny: Scrutiny): Opening | undefined {
  const { address, object, scene: { found, denied, settings, place } } = scrutiny;
  const opened = found.filter((connection) => tooWide(connection, settings) === undefined).flatMap((connection) => {
    const lasting = made.parts.filter(({ opens, until, what }) => opens === undefined || (until === undefined && what === otherEndText(connection.key)));
    return keptOut(connection, specOf({ ...made, parts: lasting }), scrutiny);
  });
  if (opened.length === 0) return undefined;
  const connections = opened.map(({ connection }) => connection);
  const names = connections.map(({ key }) => otherEndText(key));
  const parts = opened.map(({ connection: { key }, entry }) => ({ what: otherEndText(key), field: key.direction, opens: rulesOf(entry) }));
  const text = `${address.kind} ${workloadText(place.workload)}: ${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} let through`;
  return {
    change: changeTo(withParts(made, parts), address, place, object, text),
    connections,
    blocked: blocked.map(({ connection }) => connection),
    besides: denied.filter((one) => opened.some(({ entry }) => isShared(entry, entryOf(one, settings)))),
  };
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
    ...(open?.connections ?? []).filter((one) => !open?.blocked.includes(one)).map(({ key }) => `${otherEndText(key)} passes now as long as what was opened for another request, and gets a rule of its own.`),
    ...(names.length === 0 ? [] : [`Only addresses that were seen are let through; ${direction === 'egress' ? 'a name' : 'a source'} that gets others is blocked again.`]),
  ];
}
