import { connectionText, endpointText, otherEndText, remoteText, workloadText } from '#src/model/connection-words.ts';
import type { Connection, ConnectionDirection, ConnectionSettings } from '#src/model/connection.ts';
import type { Change } from '#src/model/plan.ts';
import type { RawObject } from '#src/model/raw.ts';
import { NothingToPropose } from '#src/model/request.ts';
import { intersect } from '#src/network/addresses.ts';
import type { Capability } from './capability.ts';
import type { ClusterNetwork } from './cluster-network.ts';
import { calicoDenying, ciliumDenying, type CalicoNeighbors } from './deny-rules.ts';
import { addressesOf, entryOf, type Entry } from './entry.ts';
import { closes, isolating, isolatingWithout } from './isolation.ts';
import { changeTo, ownAddress, ownSpec } from './own-policy.ts';
import { alreadyBlocked, foreignSay } from './others.ts';
import { isDropped, simulate, type Simulation } from './simulate.ts';
import type { Target } from './target.ts';

/** What is to be blocked, and all that has to be known for it. */
export interface BlockScene {
  readonly target: Target;
  readonly network: ClusterNetwork;
  readonly capability: Capability;
  readonly settings: ConnectionSettings;
  /** Connections to be blocked: of one workload, in one direction. */
  readonly denied: readonly Connection[];
  /** All that is known of the workload, those among them. */
  readonly known: readonly Connection[];
}

export interface BlockPlan {
  readonly change: Change;
  readonly stays: readonly string[];
  /** Everything else is closed as well, but for what is named. */
  readonly isolates: boolean;
  /** What it would have done to the other connections. */
  readonly simulation: Simulation;
}

/**
 * What blocks these connections and nothing else.
 *
 * @throws {NothingToPropose} when it cannot be done, would have no effect, or has been done.
 */
export function blockPlan(scene: BlockScene): BlockPlan {
  const { target, network, capability, settings, denied, known } = scene;
  const [first] = denied;
  if (first === undefined) throw new NothingToPropose('There is no connection to be blocked.');
  const { direction } = first.key;
  const entries = denied.map((connection) => denyEntry(connection, scene));
  const address = ownAddress(capability.mechanism, target);
  const own = network.own.get(capability.mechanism);
  const spec = ownSpec(address, own);
  const isClosed = capability.mechanism === 'network-policy' && spec !== undefined && closes(spec, direction);
  if (capability.mechanism === 'network-policy') refuseInVain(entries, address.name, scene);
  const form = formOf(scene, direction, entries, spec);
  const change = changeTo(form, address, target, own, `${address.kind} ${workloadText(target.workload)}: ${denied.map(({ key }) => otherEndText(key)).join(', ')} ${denied.length === 1 ? 'is' : 'are'} denied`);
  if (change === undefined) throw new NothingToPropose(`${denied.map(({ key }) => connectionText(key)).join(', ')}: ${alreadyBlocked(address)}`);
  const body = bodyOf(change);
  const open = entries.find((entry) => entry.cidrs.some((cidr) => !isDropped(body, { ...entry, cidrs: [cidr] }, target)));
  if (open !== undefined) throw new NothingToPropose(`${open.cidrs.join(', ')} cannot be kept out: it is in a range that stays open as a whole, of the cluster, the organisation or another connection.`);
  const ids = new Set(denied.map(({ id }) => id));
  const others = known.filter(({ id, key }) => !ids.has(id) && key.direction === direction);
  const isolates = capability.mechanism === 'network-policy';
  return { change, stays: staysOf(scene, isolates, isClosed), isolates, simulation: simulate(body, isolates && isClosed ? others.filter(({ outcome }) => outcome !== 'dropped') : others, target, settings) };
}

/** @throws {NothingToPropose} */
function denyEntry(connection: Connection, { settings, network }: BlockScene): Entry {
  const entry = entryOf(connection, settings);
  if (entry === undefined) throw new NothingToPropose(`No address of ${remoteText(connection.key.remote)} is known, and a policy denies addresses alone.`);
  const vital = [...(network.dns?.addresses ?? []), ...network.localDns, ...network.apiServer.map(({ address }) => address), ...network.nodes];
  const met = vital.find((address) => intersect(addressesOf(entry.cidrs), addressesOf([address])).length > 0);
  if (met !== undefined) throw new NothingToPropose(`${met} is an address of the cluster itself, which is never blocked.`);
  return entry;
}

function formOf(scene: BlockScene, direction: ConnectionDirection, entries: readonly Entry[], spec: RawObject | undefined): RawObject {
  const { target, network, capability, settings, known, denied } = scene;
  if (capability.mechanism === 'cilium') return ciliumDenying(spec, entries, target);
  if (capability.mechanism === 'calico') return calicoDenying(spec, entries, target, calicoNeighbors(scene));
  if (spec !== undefined && closes(spec, direction)) return entries.reduce(isolatingWithout, spec);
  const ids = new Set(denied.map(({ id }) => id));
  const kept = known.filter((connection) => !ids.has(connection.id) && isKept(connection)).flatMap((connection) => entryOf(connection, settings) ?? []);
  return isolating(spec, direction, without(kept, entries), target, network, settings);
}

/** Approved, learned, or not decided about yet: what nobody denied goes on, unless the network drops it anyway. */
function isKept({ state, outcome }: Connection): boolean {
  if (state === 'approved' || state === 'learned') return true;
  return state !== 'denied' && outcome !== 'dropped';
}

/** Two names may stand behind one address; what is denied is not kept under another name. */
function without(kept: readonly Entry[], denied: readonly Entry[]): readonly Entry[] {
  return kept.flatMap((entry) => {
    const same = denied.filter((one) => one.port === entry.port && one.protocol === entry.protocol).flatMap(({ cidrs }) => cidrs);
    const cidrs = entry.cidrs.filter((cidr) => !same.includes(cidr));
    return cidrs.length === 0 ? [] : [{ ...entry, cidrs }];
  });
}

/** NetworkPolicies only ever add to each other, so that no denial holds against another that allows. */
function refuseInVain(entries: readonly Entry[], ownName: string, { target, network }: BlockScene): void {
  const others = network.policies.filter(({ namespace, name }) => namespace !== target.workload.namespace || name !== ownName);
  const says = entries.map((entry) => foreignSay(entry, target, { ...network, policies: others }));
  const allowing = says.find((say) => say.by !== undefined)?.by;
  if (allowing !== undefined) throw new NothingToPropose(`${allowing} lets it through, and what one policy allows no other can forbid. Change that policy instead.`);
  if (says.every(({ closed }) => closed)) throw new NothingToPropose('Another policy of the workload blocks it already.');
}

function calicoNeighbors({ target, network }: BlockScene): CalicoNeighbors {
  const { pods } = target;
  const ownName = ownAddress('calico', target).name;
  const others = network.calico.filter(({ name, policy }) => !name.endsWith(ownName) && policy.selects(pods, network.labelsOf));
  const isOpen = (direction: ConnectionDirection): boolean =>
    !others.some(({ policy }) => policy.directions.includes(direction)) && !network.policies.some((policy) => policy[direction] !== undefined && policy.namespace === pods.namespace && policy.selects(pods.labels));
  return { orders: others.map(({ order }) => order), open: (['egress', 'ingress'] as const).filter(isOpen) };
}

function staysOf({ denied, target, capability, known, settings }: BlockScene, isolates: boolean, isClosed: boolean): readonly string[] {
  const names = denied.filter(({ key }) => key.remote.kind === 'name');
  const [first] = denied;
  const direction = first?.key.direction ?? 'egress';
  const nameless = isolates && !isClosed ? known.filter((connection) => connection.key.direction === direction && isKept(connection) && entryOf(connection, settings) === undefined) : [];
  const isNamed = isolates && !isClosed && known.some((connection) => connection.key.remote.kind === 'name' && isKept(connection) && connection.key.direction === direction);
  return [
    ...names.map(({ key, firstSeen }) => `Only the addresses of ${remoteText(key.remote)} that were seen are blocked, since ${firstSeen.slice(0, 10)}; the name may get others.`),
    ...(isolates && !isClosed ? [`Whatever ${direction === 'egress' ? 'the workload connects to' : 'connects to the workload'} outside for the first time from then on is blocked until it is approved.`] : []),
    ...(isNamed ? ['Names that stay allowed are allowed by the addresses that were seen, and are blocked when they get others.'] : []),
    ...nameless.map(({ key }) => `${endpointText(key)} is blocked as well: no address of it is known.`),
    ...target.others.map((other) => `${other} has pods with the same labels, so that it is about them too.`),
    ...(capability.mechanism === 'calico' ? ['As long as this policy stands, a policy that is made later for the same pods has no say in the same direction.'] : []),
    ...(isolates ? ['Connections that are open already may last until somebody closes them.'] : []),
  ];
}

function bodyOf(change: Change): RawObject {
  return change.type === 'create' || change.type === 'replace' ? change.body : {};
}
