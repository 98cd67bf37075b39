import { hasPart, isClosed as isClosedIn, withParts } from '#src/actions/composition.ts';
import { connectionText, endpointText, otherEndText, remoteText, workloadText } from '#src/model/connection-words.ts';
import type { Connection, ConnectionDirection, ConnectionSettings } from '#src/model/connection.ts';
import type { CreateObject, ReplaceObject } from '#src/model/plan.ts';
import { objectAt, type RawObject } from '#src/model/raw.ts';
import { NothingToPropose } from '#src/model/request.ts';
import { intersect } from '#src/network/addresses.ts';
import { closingParts, groundOf, type BlockForm, type Denial } from './block-form.ts';
import type { Capability } from './capability.ts';
import { ciliumLets } from './cilium-isolation.ts';
import type { ClusterNetwork } from './cluster-network.ts';
import { calicoForm, ciliumForm, type CalicoNeighbors } from './deny-rules.ts';
import { addressesOf, entryOf, rangesText, reachOf, tooWide, type Entry } from './entry.ts';
import { isolationForm } from './isolation.ts';
import { isKept, isLasting, meanwhile, refuseWide } from './kept.ts';
import { changeTo, madeOf, ownAddress } from './own-policy.ts';
import { acceptedDomains, alreadyBlocked, foreignSay, refuseAgainstAdmin } from './others.ts';
import { closes, droppedBy, simulate, type Simulation } from './simulate.ts';
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
  readonly change: CreateObject | ReplaceObject;
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
  const denials = denied.map((connection): Denial => ({ what: otherEndText(connection.key), entry: denyEntry(connection, scene) }));
  const entries = denials.map(({ entry }) => entry);
  const address = ownAddress(capability.mechanism, target);
  const own = network.own.get(capability.mechanism);
  const isolates = capability.mechanism === 'network-policy';
  if (isolates) refuseInVain(entries, address.name, scene);
  const form = formOf(scene, direction);
  const made = madeOf(address, own, target);
  const isClosed = isolates && made !== undefined && isClosedIn(made, form.field);
  if (isolates && !isClosed) refuseWide(keptOf(scene, direction), settings);
  const ground = groundOf(form, made, isolates ? meanwhile(keptOf(scene, direction), direction, { mechanism: capability.mechanism, byName: false, settings }) : []);
  const parts = closingParts(form, direction, denials, ground);
  const opened = (body: RawObject) => {
    const isDropped = droppedBy(body, target);
    return entries.find((entry) => entry.cidrs.some((cidr) => !isDropped({ ...entry, cidrs: [cidr] })));
  };
  if (own !== undefined && made !== undefined && parts.every((part) => hasPart(made, part)) && opened({ ...own, apiVersion: address.apiVersion }) === undefined) throw new NothingToPropose(`${denied.map(({ key }) => connectionText(key)).join(', ')}: ${alreadyBlocked(address)}`);
  const change = changeTo(withParts(ground, parts), address, target, own, `${address.kind} ${workloadText(target.workload)}: ${denied.map(({ key }) => otherEndText(key)).join(', ')} ${denied.length === 1 ? 'is' : 'are'} denied`);
  const { body } = change;
  const open = opened(body);
  if (open !== undefined) throw new NothingToPropose(`${rangesText(open.cidrs)} cannot be kept out: it is in a range that stays open as a whole, of the cluster, the organisation or another connection.`);
  const ids = new Set(denied.map(({ id }) => id));
  const others = known.filter(({ id, key }) => !ids.has(id) && key.direction === direction);
  const isShut = own !== undefined && closes({ ...own, apiVersion: address.apiVersion }, direction);
  const stays = [...staysOf(scene, isolates, isClosed), ...new Set(entries.flatMap((entry) => acceptedDomains(entry, target, network)))];
  return { change, stays, isolates, simulation: simulate(body, isShut ? others.filter(({ outcome }) => outcome !== 'dropped') : others, target, settings) };
}

/** @throws {NothingToPropose} */
function denyEntry(connection: Connection, { settings, network, target }: BlockScene): Entry {
  const entry = entryOf(connection, settings);
  if (entry === undefined) throw new NothingToPropose(`No address of ${remoteText(connection.key.remote)} is known, and a policy denies addresses alone.`);
  const wide = tooWide(connection, settings);
  if (wide !== undefined) throw new NothingToPropose(`${wide}. Make a group of those that matter in the configuration file, or block it where the network of the cluster ends.`);
  const vital = [...(network.dns?.addresses ?? []), ...network.localDns, ...network.apiServer.map(({ address }) => address), ...network.nodes];
  const met = vital.find((address) => intersect(addressesOf(entry.cidrs), addressesOf([address])).length > 0);
  if (met !== undefined) throw new NothingToPropose(`${met} is an address of the cluster itself, which is never blocked.`);
  refuseAgainstAdmin(connection.key, entry, target, network);
  return entry;
}

function formOf(scene: BlockScene, direction: ConnectionDirection): BlockForm {
  const { target, network, capability, settings } = scene;
  if (capability.mechanism === 'cilium') return ciliumForm(target, direction);
  if (capability.mechanism === 'calico') return calicoForm(target, direction, calicoNeighbors(scene));
  const kept = keptOf(scene, direction).filter(isLasting);
  return isolationForm(target, direction, kept.flatMap((connection) => entryOf(connection, settings) ?? []), network, settings);
}

/** What goes on, and what would if it were not denied here: that passes again when the denial is taken back. */
function keptOf({ known, denied }: BlockScene, direction: ConnectionDirection): readonly Connection[] {
  const ids = new Set(denied.map(({ id }) => id));
  return known.filter((connection) => connection.key.direction === direction && isKept(ids.has(connection.id) ? { ...connection, state: 'pending' } : connection));
}

/** NetworkPolicies only ever add to each other, so that no denial holds against another that allows. */
function refuseInVain(entries: readonly Entry[], ownName: string, { target, network }: BlockScene): void {
  const others = network.policies.filter(({ namespace, name }) => namespace !== target.workload.namespace || name !== ownName);
  const says = entries.map((entry) => foreignSay(entry, target, { ...network, policies: others }));
  const allowing = says.find((say) => say.by !== undefined)?.by;
  if (allowing !== undefined) throw new NothingToPropose(`${allowing} lets it through, and what one policy allows no other can forbid. Change that policy instead.`);
  if (says.every(({ closed }) => closed)) throw new NothingToPropose('Another policy of the workload blocks it already.');
}

export function calicoNeighbors({ target, network }: Pick<BlockScene, 'target' | 'network'>): CalicoNeighbors {
  const { pods } = target;
  const ownName = ownAddress('calico', target).name;
  const others = network.calico.filter(({ name, policy }) => !name.endsWith(ownName) && policy.selects(pods, network.labelsOf));
  const isOpen = (direction: ConnectionDirection): boolean =>
    !others.some(({ policy }) => policy.directions.includes(direction)) && !network.policies.some((policy) => policy[direction] !== undefined && policy.namespace === pods.namespace && policy.selects(pods.labels));
  return { orders: others.map(({ order }) => order), open: (['egress', 'ingress'] as const).filter(isOpen) };
}

function staysOf({ denied, target, network, capability, known, settings }: BlockScene, isolates: boolean, isClosed: boolean): readonly string[] {
  const names = denied.filter(({ key }) => key.remote.kind === 'name');
  const [first] = denied;
  const direction = first?.key.direction ?? 'egress';
  const nameless = isolates && !isClosed ? known.filter((connection) => connection.key.direction === direction && isKept(connection) && entryOf(connection, settings) === undefined) : [];
  const isNamed = isolates && !isClosed && known.some((connection) => connection.key.remote.kind === 'name' && isKept(connection) && connection.key.direction === direction);
  return [
    ...names.map(({ key, addresses, firstSeen }) => `Only the addresses of ${remoteText(key.remote)} that were seen are blocked, since ${firstSeen.slice(0, 10)}; the name may get others${isLetByName({ key, addresses }, network, settings) ? ', which the isolation of the workload lets through: undo that and isolate it anew' : ''}.`),
    ...(isolates && !isClosed ? [`Whatever ${direction === 'egress' ? 'the workload connects to' : 'connects to the workload'} outside for the first time from then on is blocked until it is approved.`] : []),
    ...(isolates && direction === 'egress' && network.dns === undefined ? ['No Service that answers DNS was found, so port 53 stays open to every address.'] : []),
    ...(isNamed ? ['Names that stay allowed are allowed by the addresses that were seen, and are blocked when they get others.'] : []),
    ...nameless.map(({ key }) => `${endpointText(key)} is blocked as well: no address of it is known.`),
    ...target.others.map((other) => `${other} has pods with the same labels, so that it is about them too.`),
    ...(capability.mechanism === 'calico' ? ['As long as this policy stands, a policy that is made later for the same pods has no say in the same direction.'] : []),
    ...(isolates ? ['Connections that are open already may last until somebody closes them.'] : []),
  ];
}

/** An isolation of Cilium lets names through, whatever addresses they get. */
function isLetByName(connection: Pick<Connection, 'key' | 'addresses'>, { own }: ClusterNetwork, settings: ConnectionSettings): boolean {
  const spec = objectAt(own.get('cilium-allow'), 'spec');
  const reach = reachOf(connection, settings);
  return spec !== undefined && reach !== undefined && ciliumLets(spec, reach.direction)({ ...reach, cidrs: [] });
}
