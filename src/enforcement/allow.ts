import { isClosing, specOf, withParts, type Composition } from '#src/actions/composition.ts';
import { isManaged, standingOf } from '#src/actions/own-objects.ts';
import { nameOf } from '#src/actions/wording.ts';
import { otherEndText, workloadText } from '#src/model/connection-words.ts';
import type { Connection, ConnectionDirection, ConnectionSettings } from '#src/model/connection.ts';
import type { Change, ObjectAddress } from '#src/model/plan.ts';
import { objectAt, type RawObject } from '#src/model/raw.ts';
import { intersect } from '#src/network/addresses.ts';
import { isByName } from './cilium-isolation.ts';
import { addressesOf, eachOf, entryOf, isStarred, passageOf, reachOf, tooWide, type Entry } from './entry.ts';
import { changeTo, MECHANISMS, ownAddress, type Mechanism, type PolicyPlace } from './own-policy.ts';
import { passingRules } from './passage.ts';
import { closes, droppedBy } from './simulate.ts';

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
  /** Names are let through as such, whatever addresses they get. */
  readonly byName: boolean;
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
  const { address, object, scene } = scrutiny;
  const { found, settings, place } = scene;
  const spec = objectAt(object, 'spec') ?? {};
  const knows = isByName(spec) ? reachOf : entryOf;
  const nameless = found.filter((connection) => knows(connection, settings) === undefined && closes({ apiVersion: address.apiVersion, spec }, connection.key.direction));
  const unknown: readonly Closed[] = nameless.length === 0 ? [] : [{ connections: nameless, by: `${nameOf(address)}, which cannot be opened as long as no address is known` }];
  const blocked = found.flatMap((connection) => keptOut(connection, spec, scrutiny));
  const standing = standingOf(object, place.installation);
  if ('problem' in standing) return { closed: [...unknown, ...closedBy(blocked, () => `${nameOf(address)}, which ${standing.problem}`)] };
  const { made } = standing;
  const [denied = [], left = []] = [true, false].map((isDenied) => blocked.filter((one) => denialsOf(one, made, scrutiny).length > 0 === isDenied));
  const [wide = [], narrow = []] = [true, false].map((isWide) => left.filter(({ connection }) => (tooWide(connection, settings) !== undefined) === isWide));
  const open = openingOf(made, narrow, scrutiny);
  return { ...(open !== undefined && { open }), closed: [...unknown, ...closedBy(denied, (one) => denialsText(one, made, scrutiny)), ...closedBy(wide, ({ connection }) => `${nameOf(address)}, which cannot be opened for it: ${tooWide(connection, settings) ?? ''}`)] };
}

/** The addresses of a connection that this spec keeps out, or its name. */
function keptOut(connection: Connection, spec: RawObject, { address, scene: { place, settings } }: Scrutiny): readonly Blocked[] {
  const entry = (isByName(spec) ? reachOf : entryOf)(connection, settings);
  if (entry === undefined) return [];
  // Its own policy selects the workload, whatever labels that has.
  const body = { apiVersion: address.apiVersion, kind: address.kind, metadata: { name: address.name, namespace: address.namespace }, spec: { ...spec, podSelector: {} } };
  const { namespace, kind, name } = place.workload;
  const target = { pods: { ref: { kind, namespace, name }, namespace, labels: new Map<string, string>(), hostNetwork: false, ports: [], replicas: undefined } };
  const dropped = eachOf(entry).filter(droppedBy(body, target));
  return dropped.length === 0 ? [] : [{ connection, entry: { ...entry, cidrs: dropped.flatMap(({ cidrs }) => cidrs) } }];
}

function closedBy(blocked: readonly Blocked[], by: (one: Blocked) => string): readonly Closed[] {
  const groups = Map.groupBy(blocked, by);
  return [...groups].map(([text, members]) => ({ connections: members.map(({ connection }) => connection), by: text }));
}

/** Requests with a rule that denies it. What an isolation leaves out, no rule denies. */
function denialsOf({ connection }: Blocked, made: Composition, scrutiny: Scrutiny): readonly string[] {
  const { direction } = connection.key;
  const rules = made.parts.filter(({ field, add }) => add !== undefined && (field === direction || field === `${direction}Deny`));
  const denying = rules.filter((part) => keptOut(connection, specOf({ ...made, ground: {}, parts: [part] }), scrutiny).length > 0);
  return [...new Set(denying.map(({ request }) => request))];
}

/** `request r7k2m9 (CiliumNetworkPolicy shop/k8ssec-0a1b2c3d): undo that first`. */
function denialsText(one: Blocked, made: Composition, scrutiny: Scrutiny): string {
  const requests = denialsOf(one, made, scrutiny);
  const policy = nameOf(scrutiny.address);
  return requests.length === 1 ? `request ${requests[0] ?? ''} (${policy}): undo that first` : `requests ${requests.join(', ')} (${policy}): undo those first`;
}

/** What passes only because of another request, which may be undone, or for a time, gets a rule of its own. */
function openingOf(made: Composition, blocked: readonly Blocked[], scrutiny: Scrutiny): Opening | undefined {
  const { mechanism, address, object, scene: { found, denied, settings, place } } = scrutiny;
  const spec = specOf(made);
  const byName = isByName(spec);
  const opened = found.filter((connection) => tooWide(connection, settings) === undefined).flatMap((connection) => {
    if (!closes({ apiVersion: address.apiVersion, spec }, connection.key.direction)) return [];
    const lasting = made.parts.filter((part) => part.opens === undefined || isClosing(part) || (part.until === undefined && part.what === otherEndText(connection.key)));
    return keptOut(connection, specOf({ ...made, parts: lasting }), scrutiny).filter((one) => denialsOf(one, made, scrutiny).length === 0);
  });
  if (opened.length === 0) return undefined;
  const connections = opened.map(({ connection }) => connection);
  const names = connections.map(({ key }) => otherEndText(key));
  const parts = opened.map(({ connection: { key }, entry }) => ({ what: otherEndText(key), field: key.direction, opens: passingRules(mechanism, passageOf(entry, byName)) }));
  const text = `${address.kind} ${workloadText(place.workload)}: ${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} let through`;
  const opening = withParts(made, parts);
  const isLet = (one: Connection): boolean => opened.some(({ entry }) => isShared(entry, entryOf(one, settings))) && !isOut(one, specOf(opening), scrutiny);
  return {
    change: changeTo(opening, address, place, object, text),
    connections,
    blocked: blocked.map(({ connection }) => connection),
    byName,
    besides: denied.filter(isLet),
  };
}

/** Whether it stays out, by this spec or by what else k8ssec has written for the workload. */
function isOut(connection: Connection, spec: RawObject, scrutiny: Scrutiny): boolean {
  const { mechanism, scene: { own, place } } = scrutiny;
  const others = [...own].filter(([other, object]) => other !== mechanism && object !== undefined);
  return keptOut(connection, spec, scrutiny).length > 0 || others.some(([other, object]) => keptOut(connection, objectAt(object, 'spec') ?? {}, { ...scrutiny, address: ownAddress(other, place) }).length > 0);
}

function isShared(entry: Entry, other: Entry | undefined): boolean {
  return other?.direction === entry.direction && entry.protocol === other.protocol && entry.port === other.port && intersect(addressesOf(entry.cidrs), addressesOf(other.cidrs)).length > 0;
}

/** What people have to know of the plan before they decide, in whole sentences. */
export function allowStays({ open, closed }: AllowPlan, direction: ConnectionDirection): readonly string[] {
  const names = (open?.connections ?? []).filter((connection) => connection.key.remote.kind === 'name' && (open?.byName !== true || isStarred(connection)));
  return [
    ...closed.map(({ connections, by }) => `${connections.map(({ key }) => otherEndText(key)).join(', ')} ${connections.length === 1 ? 'is' : 'are'} blocked by ${by}.`),
    ...(open?.besides ?? []).map(({ key, decision }) => `${otherEndText(key)} was denied${decision === undefined ? '' : ` by ${decision.by}`}, has the same address, and is let through with it.`),
    ...(open?.connections ?? []).filter((one) => !open?.blocked.includes(one)).map(({ key }) => `${otherEndText(key)} passes now as long as what was opened for another request, and gets a rule of its own.`),
    ...(names.length === 0 ? [] : [`Only addresses that were seen are let through; ${direction === 'egress' ? 'a name' : 'a source'} that gets others is blocked again.`]),
  ];
}
