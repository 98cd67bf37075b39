import { specOf, withParts, type Composition, type NewPart, type Part } from '#src/actions/composition.ts';
import { nameOf } from '#src/actions/wording.ts';
import { endpointText, remoteText, workloadText } from '#src/model/connection-words.ts';
import type { AllowedPlaces, Connection, ConnectionSettings } from '#src/model/connection.ts';
import type { CreateObject, ObjectAddress, ReplaceObject } from '#src/model/plan.ts';
import type { RawObject } from '#src/model/raw.ts';
import { NothingToPropose } from '#src/model/request.ts';
import { allowlistPassages, type Allowed } from './allowlist-passages.ts';
import { EVERYTHING, groundOf, isolatingParts, type ClosingForm } from './block-form.ts';
import { calicoNeighbors } from './block.ts';
import { calicoIsolation } from './calico-isolation.ts';
import type { Capability } from './capability.ts';
import { ciliumIsolation, NAME_PARTS } from './cilium-isolation.ts';
import type { ClusterNetwork } from './cluster-network.ts';
import { CILIUM_CONFIG, type DnsProxy } from './dns-proxy.ts';
import { entryOf, isStarred, passageOf, reachOf } from './entry.ts';
import { isolationForm } from './isolation.ts';
import { ALLOWLIST, isKept, isLasting, meanwhile, refuseWide, type KeepWays } from './kept.ts';
import { letFirst } from './others.ts';
import { changeTo, madeOf, ownAddress, type Mechanism } from './own-policy.ts';
import { closes, simulate, type Simulation } from './simulate.ts';
import type { Target } from './target.ts';

/** What is closed: what comes in has other clients than can be told apart. */
const DIRECTION = 'egress';
const DAY_MS = 24 * 3600_000;

/** The workload that is to be closed, and all that has to be known for it. */
export interface IsolateScene {
  readonly target: Target;
  readonly network: ClusterNetwork;
  readonly capability: Capability;
  readonly settings: ConnectionSettings;
  /** Policies of others that close the workload already: `NetworkPolicy shop/closed`. */
  readonly closedBy: readonly string[];
  readonly dnsProxy: DnsProxy;
  /** All that is known of the workload. */
  readonly known: readonly Connection[];
  /** What the allowlist holds for the workload. */
  readonly places: readonly AllowedPlaces[];
  readonly now: Date;
}

export interface IsolatePlan {
  readonly change: CreateObject | ReplaceObject;
  readonly stays: readonly string[];
  /** Connections that go on. */
  readonly kept: readonly Connection[];
  /** Of those, what the policy lets through; the others are said to be cut. */
  readonly goingOn: readonly Connection[];
  /** What people denied and stays out. */
  readonly out: readonly Connection[];
  readonly allowed: readonly Allowed[];
  /** What it would have done to what was not denied, from what was seen in the last day. */
  readonly simulation: Simulation;
}

/**
 * What closes a workload to everything outside but what is approved, learned or not decided about, and what is on the allowlist.
 *
 * @throws {NothingToPropose} when it cannot be done, would have no effect, or has been done.
 */
export function isolatePlan(scene: IsolateScene): IsolatePlan {
  const { target, network, capability, settings, dnsProxy } = scene;
  refuseInVain(scene);
  const mechanism = capability.mechanism === 'cilium' ? 'cilium-allow' : capability.mechanism;
  const ways: KeepWays = { mechanism, byName: mechanism === 'cilium-allow' && dnsProxy !== 'off', settings };
  const address = ownAddress(mechanism, target);
  const own = network.own.get(mechanism);
  const made = madeOf(address, own, target);
  refuseAgain(made, address);
  const known = scene.known.filter(({ key }) => key.direction === DIRECTION);
  const kept = known.filter(isKept);
  const denied = known.filter(({ state }) => state === 'denied');
  const allowed = allowlistPassages(scene.places, denied, settings, ways);
  const isShut = made !== undefined && closes({ apiVersion: address.apiVersion, spec: specOf(made) }, DIRECTION);
  if (!isShut) refuseWide(kept, settings);
  const form = formOf(scene, kept, ways);
  const ground = groundOf(form, made);
  const briefly = isShut ? [] : meanwhile(kept, DIRECTION, ways);
  const [lasting, ending] = [allowed.filter(({ entry }) => entry.until === undefined), allowed.filter(({ entry }) => entry.until !== undefined)];
  const parts = isolatingParts(isShut ? { ...form, opens: () => [] } : form, DIRECTION, ground, lasting.flatMap(allowedPart));
  const whole = { ...ground, parts: [...ground.parts, ...briefly, ...ending.flatMap(endingPart)] };
  const change = changeTo(withParts(whole, parts), address, target, own, `${address.kind} ${workloadText(target.workload)}: isolated but for what is kept`);
  const { body } = change;
  const recent = known.filter((connection) => connection.state !== 'denied' && connection.outcome !== 'dropped' && Date.parse(connection.lastSeen) >= scene.now.getTime() - DAY_MS);
  const cut = new Set(simulate(body, kept, target, settings).dropped);
  // What another object of k8ssec denies stays out, whatever this one lets through.
  const out = new Set([body, ...besides(network, mechanism, target)].flatMap((one) => simulate(one, denied, target, settings).dropped));
  const plan = { change, kept, goingOn: kept.filter((one) => !cut.has(one)), out: denied.filter((one) => out.has(one)), allowed, simulation: simulate(body, recent, target, settings) };
  return { ...plan, stays: staysOf(scene, { ...plan, passing: denied.filter((one) => !out.has(one)) }, ways, isShut) };
}

/** What k8ssec has for the workload in objects of other sorts. */
function besides({ own }: ClusterNetwork, mechanism: Mechanism, target: Target): readonly RawObject[] {
  return [...own].flatMap(([other, object]) => (object === undefined || other === mechanism ? [] : [{ ...object, apiVersion: ownAddress(other, target).apiVersion }]));
}

/** @throws {NothingToPropose} */
function refuseInVain({ target, network, closedBy }: IsolateScene): void {
  const title = `${target.workload.kind} ${workloadText(target.workload)}`;
  const [first, ...more] = closedBy;
  if (first !== undefined) throw new NothingToPropose(`${title} is closed by ${[first, ...more].join(', ')} already. Policies only add to each other: one more would let more through, and keep out nothing. Change ${more.length === 0 ? 'that one' : 'those'} instead.`);
  if (letFirst(DIRECTION, target, network).isEverywhere) throw new NothingToPropose(`A policy of an administrator lets ${title} connect to everywhere, which no other policy can forbid. Change that policy instead.`);
}

/** @throws {NothingToPropose} */
function refuseAgain(made: Composition | undefined, address: ObjectAddress): void {
  const standing = made?.parts.find(({ what }) => what === EVERYTHING);
  if (standing !== undefined) throw new NothingToPropose(`The workload is isolated already, by request ${standing.request} (${nameOf(address)}). What it may connect to besides is approved when it is seen, or undo that request and ask anew.`);
}

function formOf({ target, network, settings }: IsolateScene, kept: readonly Connection[], { mechanism, byName }: KeepWays): ClosingForm {
  const lasting = kept.filter(isLasting);
  const passages = lasting.flatMap((connection) => {
    const entry = reachOf(connection, settings);
    return entry === undefined ? [] : [passageOf(entry, byName)];
  });
  if (mechanism === 'cilium-allow') return ciliumIsolation(target, DIRECTION, passages, byName, network, settings);
  if (mechanism === 'calico') return calicoIsolation(target, DIRECTION, passages, calicoNeighbors({ target, network }), network, settings);
  return { ...isolationForm(target, DIRECTION, lasting.flatMap((connection) => entryOf(connection, settings) ?? []), network, settings), tail: () => [], opens: () => [] };
}

function allowedPart({ text, rules }: Allowed): readonly NewPart[] {
  return rules.length === 0 ? [] : [{ what: text, field: DIRECTION, opens: rules }];
}

/** In the name of the allowlist, and until the entry ends. */
function endingPart({ entry: { until }, text, rules }: Allowed): readonly Part[] {
  return rules.length === 0 || until === undefined ? [] : [{ request: ALLOWLIST, until, what: text, field: DIRECTION, opens: rules }];
}

interface Stays extends Omit<IsolatePlan, 'stays'> {
  /** Denied, and let through all the same. */
  readonly passing: readonly Connection[];
}

/** What people have to know before they decide, in whole sentences. */
function staysOf({ target, network, settings, dnsProxy }: IsolateScene, { kept, allowed, passing }: Stays, { mechanism, byName }: KeepWays, isShut: boolean): readonly string[] {
  const isCilium = mechanism === 'cilium-allow';
  const names = kept.filter((connection) => connection.key.remote.kind === 'name' && (!byName || isStarred(connection)));
  const nameless = isShut ? [] : kept.filter((connection) => (byName ? reachOf : entryOf)(connection, settings) === undefined);
  const remotes = [...(isShut ? [] : kept.map(({ key }) => remoteText(key.remote))), ...allowed.flatMap(({ entry, rules }) => (rules.length === 0 ? [] : [entry.remote]))];
  const groups = [...settings.groups.keys()].filter((group) => remotes.includes(group)).toSorted();
  const unable = allowed.filter(({ rules }) => rules.length === 0);
  return [
    'Whatever the workload connects to outside for the first time from then on is blocked until it is approved.',
    ...(isShut ? ['A denial has closed the workload already, with what was kept at that time: this keeps it closed when the denial is taken back.'] : []),
    ...(network.dns === undefined ? ['No Service that answers DNS was found, so port 53 stays open to every address.'] : []),
    ...(byName ? ['Cilium lets a name through once a pod has looked it up after this. A client that goes on using an address from before, open connections included, is cut off until it looks the name up again.'] : []),
    ...(dnsProxy === 'off' ? ['The DNS proxy of Cilium is switched off (enable-l7-proxy).'] : []),
    ...(dnsProxy === 'unknown' ? [`Whether the DNS proxy of Cilium is switched on could not be read from ConfigMap ${CILIUM_CONFIG.namespace}/${CILIUM_CONFIG.name} (enable-l7-proxy). It is taken to be on, as by default; where it is off, Cilium refuses a policy with names, and nothing is isolated.`] : []),
    ...(names.length === 0 ? [] : [`Names ${byName ? 'with a star ' : ''}that stay allowed are allowed by the addresses that were seen, and are blocked when they get others.`]),
    ...(groups.length === 0 ? [] : [`Of ${groups.join(', ')}, the ranges of now are let through: what comes into ${groups.length === 1 ? 'the group' : 'these groups'} later is blocked without anybody being asked, and what leaves stays let through.`]),
    ...nameless.map(({ key }) => `${endpointText(key)} is blocked as well: no address of it is known.`),
    ...passing.map(({ key, decision }) => `${endpointText(key)} was denied${decision === undefined ? '' : ` by ${decision.by}`}, and passes here all the same: its address or its name is among what is let through.`),
    ...(unable.length === 0 ? [] : [`Of the allowlist, ${unable.map(({ text }) => text).join(', ')} cannot be let through by the policy: what was seen of it is kept, and what is not is blocked without anybody being asked. End the entry to be asked.`]),
    ...(byName && allowed.some(({ entry }) => entry.remote.startsWith('*.')) ? [`Names of the allowlist with a star are let through with up to ${NAME_PARTS} parts in its place; longer ones are blocked without anybody being asked.`] : []),
    ...allowed.flatMap(({ text, without }) => (without.length === 0 ? [] : [`${text} is let through without ${without.join(', ')}, which was denied.`])),
    ...letFirst(DIRECTION, target, network).stays,
    ...target.others.map((other) => `${other} has pods with the same labels, so that it is about them too.`),
    ...(mechanism === 'calico' ? ['As long as this policy stands, a policy that is made later for the same pods has no say about where they connect to.'] : []),
    ...(isCilium ? [] : ['Connections that are open already may last until somebody closes them.']),
  ];
}
