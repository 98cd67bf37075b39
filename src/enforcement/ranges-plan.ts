import { textsSteps } from '#src/actions/patch-steps.ts';
import { ChangeFailed, type OpenCluster } from '#src/model/clusters.ts';
import { workloadKey } from '#src/model/connection-key.ts';
import { endpointText, momentText, otherEndText, workloadText } from '#src/model/connection-words.ts';
import { INTERNET, TRANSLATED, type Connection, type ConnectionSettings } from '#src/model/connection.ts';
import type { SetTexts } from '#src/model/plan.ts';
import { NothingToPropose } from '#src/model/request.ts';
import { contains, intersect, publicPart, subtract, union, type AddressSet } from '#src/network/addresses.ts';
import { protocolOf } from '#src/network/ports.ts';
import { addressesOf, entryOf } from './entry.ts';
import { mayNotChange, RANGES_PATH, type Front, type Ways } from './fronts.ts';
import { letsIn, rangesWith, rangesWithout, type Denied, type NewRanges } from './source-ranges.ts';

const DAY_MS = 24 * 3600_000;

/** What is to be kept out by the source ranges of Services, and all that has to be known for it. */
export interface RangesScene {
  readonly ways: Ways;
  readonly settings: ConnectionSettings;
  /** Of one workload, from outside. */
  readonly denied: readonly Connection[];
  /** From outside, of everything behind the Services, those among them. */
  readonly known: readonly Connection[];
  /** What may come in by a Service whatever was seen: by the allowlist, and as networks of the organisation. */
  readonly allowed: (front: Front) => readonly AddressSet[];
  readonly now: Date;
}

/** A Service and what it would let in. */
export interface ServiceRanges extends NewRanges {
  readonly front: Front;
}

export interface RangesPlan {
  readonly services: readonly ServiceRanges[];
  readonly changes: readonly SetTexts[];
  readonly stays: readonly string[];
  /** Everybody is kept out but for what is named. */
  readonly closes: boolean;
  /** Of those that were seen in the last day, in observations. */
  readonly letThrough: number;
  readonly seen: number;
  /** What nobody denied and would be kept out all the same. */
  readonly alsoCut: readonly Connection[];
}

/** @throws {NothingToPropose} when it cannot be done, would have no effect, or is so already. */
export function rangesPlan(scene: RangesScene): RangesPlan {
  const { ways, denied, known, settings, now } = scene;
  if (ways.cloudWithout !== undefined) throw new NothingToPropose(`Load balancers of ${ways.cloudWithout} do not filter by source address, so source ranges of a Service would keep nobody out.`);
  const outcomes = ways.fronts.map((front) => ({ front, outcome: newRanges(front, scene) }));
  const services = outcomes.flatMap(({ front, outcome }) => ('spared' in outcome ? [] : [{ front, ...outcome }]));
  if (services.length === 0) throw new NothingToPropose(outcomes.flatMap(({ outcome }) => ('spared' in outcome ? [outcome.spared] : [])).join(' '));
  const isCut = (connection: Connection): boolean => {
    const addresses = addressesIn(connection, settings);
    return services.some(({ front, ranges, wasOpen }) => leadsTo(front, connection) && (addresses === undefined ? wasOpen : letsIn(front, addresses) && !letsIn({ ranges }, addresses)));
  };
  const ids = new Set(denied.map(({ id }) => id));
  const recent = known.filter(({ lastSeen }) => Date.parse(lastSeen) >= now.getTime() - DAY_MS);
  return {
    services,
    changes: services.map(({ front, ranges }) => changeOf(front, ranges, `lets in only ${ranges.join(', ')}`)),
    stays: staysOf(scene, services),
    closes: services.some(({ wasOpen }) => wasOpen),
    letThrough: total(recent.filter((connection) => !isCut(connection))),
    seen: total(recent),
    alsoCut: known.filter((connection) => !ids.has(connection.id) && goesOn(connection) && isCut(connection)),
  };
}

function newRanges(front: Front, scene: RangesScene): ReturnType<typeof rangesWithout> {
  const { name, service: { balancer } } = front;
  const denied = deniedIn(scene);
  const isFromInternet = denied.everybody ? scene.denied.every(({ key }) => groupOf({ key }) === INTERNET) : isOfInternet(denied.addresses);
  if (isFromInternet && balancer?.internal === true) return { spared: `${name} is internal (${balancer.because ?? 'by its class'}), so that nobody of the Internet comes in by it.` };
  refuseAnnotation(front);
  const outcome = rangesWithout(front, denied, keptBy(front, scene));
  if ('spared' in outcome || !outcome.wasOpen) return outcome;
  const ids = new Set(scene.denied.map(({ id }) => id));
  const unnamed = scene.known.find((connection) => leadsTo(front, connection) && !ids.has(connection.id) && goesOn(connection) && addressesIn(connection, scene.settings) === undefined && isMissed(connection));
  if (unnamed !== undefined) {
    const standing = unnamed.state === 'approved' ? 'is approved' : 'is not decided about';
    throw new NothingToPropose(`${otherEndText(unnamed.key)} of ${workloadText(unnamed.key.workload)} ${standing}, and source ranges cannot name it: ${name} would keep it out. ${unnamed.state === 'approved' ? 'Undo that approval' : 'Decide about it'} first.`);
  }
  return outcome;
}

function isOfInternet(addresses: AddressSet): boolean {
  return contains(publicPart(addresses), addresses);
}

/** Whoever comes by the addresses of nodes is seen elsewhere by their own, unless people have approved just that. */
function isMissed({ key, state }: Connection): boolean {
  return state === 'approved' || groupOf({ key }) !== TRANSLATED;
}

function refuseAnnotation({ name, ranges, service: { balancer } }: Front): void {
  if (ranges.length === 0 && balancer !== undefined && balancer.written.length > 0) throw new NothingToPropose(`${name} has its source ranges in an annotation, which spec.loadBalancerSourceRanges would overrule. Change them there: ${balancer.written.join(', ')}.`);
}

function deniedIn({ denied, settings }: Pick<RangesScene, 'denied' | 'settings'>): Denied {
  const sets = denied.map((connection) => addressesIn(connection, settings));
  const nameless = denied.find((connection, index) => sets[index] === undefined && !isAnybody(connection));
  if (nameless !== undefined) throw new NothingToPropose(`No address of ${otherEndText(nameless.key)} is known, and source ranges name addresses alone.`);
  return { addresses: union(sets.map((set) => set ?? [])), everybody: denied.some(isAnybody) };
}

/** What was approved stays; of the rest, what was denied before does not come back. */
function keptBy(front: Front, { known, denied, settings, allowed }: RangesScene): AddressSet {
  const ids = new Set(denied.map(({ id }) => id));
  const here = known.filter((connection) => leadsTo(front, connection) && !ids.has(connection.id));
  const of = (wanted: (connection: Connection) => boolean): AddressSet => union(here.filter(wanted).map((connection) => addressesIn(connection, settings) ?? []));
  const rest = union([of((connection) => goesOn(connection) && connection.state !== 'approved'), ...allowed(front)]);
  return union([of(({ state }) => state === 'approved'), subtract(rest, of(({ state }) => state === 'denied'))]);
}

/** What nobody denied goes on, unless it is known to be dropped anyway. */
function goesOn({ state, outcome }: Connection): boolean {
  return state === 'approved' || (state !== 'denied' && outcome !== 'dropped');
}

/** Undefined where no address of it is known. */
function addressesIn(connection: Connection, settings: ConnectionSettings): AddressSet | undefined {
  const entry = entryOf(connection, settings);
  return entry && addressesOf(entry.cidrs);
}

function groupOf({ key: { remote } }: Pick<Connection, 'key'>): string | undefined {
  return remote.kind === 'group' ? remote.name : undefined;
}

/** It stands for all whom nobody can tell apart. */
function isAnybody(connection: Pick<Connection, 'key'>): boolean {
  const group = groupOf(connection);
  return group === INTERNET || group === TRANSLATED;
}

export function leadsTo({ ends }: Pick<Front, 'ends'>, { key }: Pick<Connection, 'key'>): boolean {
  return ends.some(({ workload, port, protocol }) => workloadKey(workload) === workloadKey(key.workload) && port === key.port && protocol === protocolOf(key.protocol));
}

function changeOf({ address, object, name, ranges }: Front, value: readonly string[], what: string): SetTexts {
  return { type: 'set-texts', address, text: `${name}, which belongs to you: ${what}`, path: RANGES_PATH, previous: ranges.length === 0 ? undefined : ranges, value, before: object };
}

/** The most important first: messages show the first few. */
function staysOf({ ways, denied }: RangesScene, services: readonly ServiceRanges[]): readonly string[] {
  const closes = services.some(({ wasOpen }) => wasOpen);
  return [
    'The load balancer may take minutes to follow, or not act on source ranges at all: only connections that are seen later show whether it works.',
    ...(ways.nodePorts.length === 0 ? [] : [`Source ranges do not hold for ports of the nodes: ${ways.nodePorts.join(', ')} stays open unless a firewall closes it.`]),
    ...(closes ? ['Whoever comes for the first time from then on is kept out, pods that use the outside address too, and may not even be seen: whoever looks after the Service adds them to its ranges.'] : []),
    ...services.flatMap(({ cuts }) => cuts.map((cut) => `${cut}.`)),
    ...(denied.some((connection) => groupOf(connection) === TRANSLATED) ? ['Behind the addresses of nodes all clients look the same, those that stay let in too, so that traffic may not show whether it works.'] : []),
  ];
}

function total(connections: readonly Connection[]): number {
  return connections.reduce((sum, { count }) => sum + count, 0);
}

/** Connections that would be approved, and the Services before their workload. */
interface LetInScene {
  readonly ways: Ways;
  readonly settings: ConnectionSettings;
  readonly found: readonly Connection[];
  /** Others of the workload: people have denied some, and approved others for a time. */
  readonly beside: readonly Connection[];
  /** The bot that ends what is let in for a time. */
  readonly installation: string;
}

export interface LetInPlan {
  readonly changes: readonly SetTexts[];
  /** Of the changes, in their order. */
  readonly fronts: readonly Front[];
  /** What would be let in. */
  readonly connections: readonly Connection[];
  readonly stays: readonly string[];
}

/** Adds to ranges that stand there and leave out what would be approved. A Service that is open stays open. */
export function letInPlan({ ways, found, ...scene }: LetInScene): LetInPlan {
  const parts = ways.fronts.map((front) => letInBy(front, found.filter((connection) => leadsTo(front, connection)), scene));
  const connections = found.filter((connection) => parts.some((part) => part.connections.includes(connection)));
  return { changes: parts.flatMap(({ changes }) => changes), fronts: parts.flatMap(({ fronts }) => fronts), connections, stays: parts.flatMap(({ stays }) => stays) };
}

export const NOTHING_LET_IN: LetInPlan = { changes: [], fronts: [], connections: [], stays: [] };

function letInBy(front: Front, found: readonly Connection[], { settings, beside, installation }: Omit<LetInScene, 'ways' | 'found'>): LetInPlan {
  const { name, ranges, service: { balancer } } = front;
  if (balancer?.ranges === undefined || found.length === 0) return NOTHING_LET_IN;
  const limits = balancer.written.join(', ');
  const unnamed = found.filter((connection) => connection.outcome !== 'connected' && addressesIn(connection, settings) === undefined);
  const blind = unnamed.map(({ key }) => `${otherEndText(key)} stays kept out by ${name}, which lets in only ${limits}: no address of it is known.`);
  const outside = found.filter((connection) => {
    const addresses = addressesIn(connection, settings) ?? [];
    return !letsIn({ ranges: balancer.written }, addresses) && !(balancer.internal && isOfInternet(addresses));
  });
  if (outside.length === 0) return { ...NOTHING_LET_IN, stays: [...blind, ...found.flatMap((connection) => passingText(connection, name, beside, settings))] };
  if (ranges.length === 0) return { ...NOTHING_LET_IN, stays: [...blind, `${name} lets in only ${limits}, by an annotation: what is approved has to be added there.`] };
  const wanted = union(outside.map((connection) => addressesIn(connection, settings) ?? []));
  const more = rangesWith(front, wanted);
  if (more === undefined) return { ...NOTHING_LET_IN, stays: blind };
  if ('refused' in more) return { ...NOTHING_LET_IN, stays: [...blind, more.refused] };
  const added = more.ranges.filter((range) => !ranges.includes(range));
  const others = beside.filter((one) => leadsTo(front, one) && one.state === 'denied' && intersect(addressesIn(one, settings) ?? [], addressesOf(added)).length > 0);
  return {
    changes: [{ ...changeOf(front, more.ranges, `lets in ${added.join(', ')} besides`), installation }],
    fronts: [front],
    connections: outside,
    stays: [...blind, ...others.map(({ key }) => `${endpointText(key)} was denied, has an address in ${added.join(', ')}, and is let in with it by ${name}.`), `Approved for a time, ${name} also gets an annotation that says when this ends.`],
  };
}

/** What comes in only because something else from there was approved for a time. */
function passingText(connection: Connection, name: string, beside: readonly Connection[], settings: ConnectionSettings): readonly string[] {
  const own = addressesIn(connection, settings) ?? [];
  const until = beside.filter(({ state }) => state === 'approved').flatMap((one) => (one.decision?.until !== undefined && own.length > 0 && contains(addressesIn(one, settings) ?? [], own) ? [one.decision.until] : []));
  const [first] = until.toSorted();
  return first === undefined ? [] : [`Another approval lets ${otherEndText(connection.key)} in by ${name}, and ends at ${momentText(first)}: approve it anew then.`];
}

/** Has the API server say whether it would take the changes. @throws {NothingToPropose} when it would not, or the bot may not. */
export async function tryOut(cluster: OpenCluster, changes: readonly SetTexts[], signal: AbortSignal): Promise<void> {
  for (const { address, before, path, value } of changes) {
    try {
      await cluster.patch(address, textsSteps(before, path, value), { dryRun: true }, signal);
    } catch (error) {
      if (!(error instanceof ChangeFailed)) throw error;
      if (error.fault === 'forbidden') throw mayNotChange(address);
      if (error.fault === 'refused') throw new NothingToPropose(`The API server would not take the source ranges of Service ${address.namespace ?? ''}/${address.name}: ${error.message}`);
      throw error;
    }
  }
}
