import { allowedAddresses } from '#src/connections/allowlist.ts';
import { addressesOf, entryOf } from '#src/enforcement/entry.ts';
import { leadsTo, letInPlan, rangesPlan, NOTHING_LET_IN, tryOut, type LetInPlan, type ServiceRanges, type RangesPlan, type RangesScene } from '#src/enforcement/ranges-plan.ts';
import { patchText } from '#src/enforcement/patch-text.ts';
import { readWays, type Front, type Ways } from '#src/enforcement/fronts.ts';
import type { WorkloadPlace } from '#src/enforcement/own-policy.ts';
import { readTarget, type Target } from '#src/enforcement/target.ts';
import type { ProposalWorld } from '#src/model/approvals.ts';
import type { OpenCluster } from '#src/model/clusters.ts';
import { connectionText, modeOf, otherEndText, workloadText } from '#src/model/connection-words.ts';
import { workloadKey } from '#src/model/connection-key.ts';
import type { ConnectedWorkload, Connection, ConnectionSettings } from '#src/model/connection.ts';
import type { BorneLabels } from '#src/model/labels.ts';
import { NothingToPropose, type Proposal } from '#src/model/request.ts';
import { describeManager, managerOf } from '#src/people/managed.ts';

/** Connections that the card names one by one. */
const NAMED = 5;
/** Of ranges in one line, in characters; messages cut longer ones. */
const LONGEST_LINE = 150;

/** Denied connections from outside, into a workload before which source ranges of Services may be set. */
interface RangesWish {
  readonly target: Target;
  readonly settings: ConnectionSettings;
  readonly denied: readonly Connection[];
  /** Why they were denied. */
  readonly reason: string;
  /** Why no policy of the network can do it; undefined where one can, as long as pods see who their clients are. */
  readonly noPolicy: string | undefined;
}

/**
 * Keeps denied sources out by the source ranges of the Services before the workload; undefined where a policy of the network does it better.
 *
 * @throws {NothingToPropose}
 */
export async function proposeRanges(wish: RangesWish, cluster: OpenCluster, world: ProposalWorld, signal: AbortSignal): Promise<Proposal | undefined> {
  const { target, settings, denied, noPolicy } = wish;
  const mode = modeOf(settings, target.workload.namespace);
  const ways = await readWays(cluster, target, { ports: denied.map(({ key }) => key), toChange: mode === 'enforce' }, signal);
  const because = reasonOf(wish, ways);
  if (because === undefined || (noPolicy === undefined && ways.fronts.length + ways.nodePorts.length === 0)) return undefined;
  if (ways.fronts.length === 0) throw new NothingToPropose(nothingInFront(ways, denied, noPolicy));
  const plan = rangesPlan({ ways, settings, denied, known: await knownBehind(ways, world), allowed: await allowedBy(ways, settings, world), now: world.clock.now() });
  if (mode !== 'enforce') throw new NothingToPropose(`Services of ${target.cluster} ${target.workload.namespace} are in mode ${mode}, so nothing is changed. This would keep it out:`, { patch: patchText(plan.changes) });
  await tryOut(cluster, plan.changes, signal);
  const ids = denied.map(({ id }) => id).toSorted();
  return {
    card: cardOf(wish, plan, because),
    plan: { changes: plan.changes, stays: [...driftOf(plan.services.map(({ front }) => front)), ...plan.stays], proofs: [], traffic: 'gone', trafficOf: ids, basis: [...ids, ...plan.services.map(({ front }) => basisOf(front))] },
    clusters: [target.cluster],
    namespaces: [target.workload.namespace],
    targets: [],
    sensitive: plan.closes || plan.alsoCut.length > 0,
  };
}

/** Why it takes source ranges; undefined where a policy of the network can do it. */
function reasonOf({ noPolicy, denied, settings }: RangesWish, { fronts }: Ways): string | undefined {
  if (noPolicy !== undefined) return 'no policy of the network can do it';
  if (fronts.some(({ keepsAddresses }) => !keepsAddresses)) return 'the pods do not see the addresses of clients that come by it';
  return denied.some((connection) => entryOf(connection, settings) === undefined) ? 'a policy of the network denies addresses, and these are not known' : undefined;
}

/** Why there are no source ranges to be set. */
function nothingInFront({ nodePorts }: Ways, denied: readonly Connection[], noPolicy = ''): string {
  const places = [...new Set(denied.map(({ key }) => `${workloadText(key.workload)}:${key.port}`))].join(', ');
  if (nodePorts.length > 0) return `${places} is reached by ports of the nodes alone, for which source ranges do not hold. Close these in the firewall of the nodes: ${nodePorts.join(', ')}.`;
  return `${noPolicy} And no Service of type LoadBalancer leads to ${places}.`.trim();
}

/** Connections from outside that would be approved, all into one workload. */
interface LetInWish {
  readonly place: WorkloadPlace;
  readonly settings: ConnectionSettings;
  readonly found: readonly Connection[];
  /** All others of the workload. */
  readonly beside: readonly Connection[];
  readonly installation: string;
}

/** What the Services before the workload have to let in besides, and what keeps that from being done. @throws {ChangeFailed} */
export async function planLettingIn({ place, ...wish }: LetInWish, cluster: OpenCluster, signal: AbortSignal): Promise<LetInPlan> {
  try {
    const target = await readTarget(cluster, place, signal);
    const ways = await readWays(cluster, target, { ports: wish.found.map(({ key }) => key), toChange: true }, signal);
    const plan = letInPlan({ ways, ...wish });
    await tryOut(cluster, plan.changes, signal);
    return { ...plan, stays: [...driftOf(plan.fronts), ...plan.stays] };
  } catch (error) {
    if (error instanceof NothingToPropose) return { ...NOTHING_LET_IN, stays: [error.message] };
    throw error;
  }
}

/** Who puts a Service back as it is written elsewhere. */
function driftOf(fronts: readonly Front[]): readonly string[] {
  return fronts.flatMap(({ name, object }) => {
    const manager = managerOf(object);
    return manager === undefined ? [] : [`${name} is kept by ${describeManager(manager)}, which will probably put it back: the lasting change belongs there.`];
  });
}

/** What an approval rests on: while people decide, the Service may be made to lead elsewhere. */
export function basisOf({ name, ends }: Front): string {
  const places = [...new Set(ends.map(({ workload, port, protocol }) => `${workload.kind} ${workloadText(workload)}:${port}/${protocol.toLowerCase()}`))].toSorted();
  return `${name} of type LoadBalancer leads to ${places.join(', ')}`;
}

/** All connections from outside that may come by these Services. */
async function knownBehind({ fronts }: Ways, { connections }: Pick<ProposalWorld, 'connections'>): Promise<readonly Connection[]> {
  const workloads = new Map<string, { readonly cluster: string; readonly workload: ConnectedWorkload }>();
  for (const { address, ends } of fronts) for (const { workload } of ends) workloads.set(workloadKey(workload), { cluster: address.cluster, workload });
  const found: Connection[] = [];
  for (const { cluster, workload } of workloads.values()) found.push(...(await connections.ofWorkload(cluster, workload)));
  return found.filter((connection) => connection.key.direction === 'ingress' && fronts.some((front) => leadsTo(front, connection)));
}

/**
 * By the allowlist, and as networks of the organisation, whose connections nobody is asked about.
 *
 * @throws {NothingToPropose} when an entry may hold for a workload whose labels could not be read: its clients would be kept out.
 */
async function allowedBy({ fronts }: Ways, settings: ConnectionSettings, { connections, clock }: Pick<ProposalWorld, 'connections' | 'clock'>): Promise<RangesScene['allowed']> {
  const entries = [...settings.allow, ...(await connections.allowEntries())];
  const corporate = addressesOf(settings.corporateRanges);
  const labels = new Map<string, BorneLabels | undefined>();
  if (entries.some((entry) => entry.labels !== undefined)) for (const { workload } of fronts.flatMap(({ ends }) => ends)) labels.set(workloadKey(workload), await connections.podLabels(settings.cluster, workload));
  const allowedTo = ({ workload, port }: Front['ends'][number], borne: BorneLabels | undefined, some = entries) =>
    allowedAddresses({ cluster: settings.cluster, direction: 'ingress', workload, port, labels: borne }, some, settings, clock.now());
  for (const end of fronts.flatMap(({ ends }) => ends)) {
    if (labels.get(workloadKey(end.workload)) !== undefined) continue;
    const unsure = entries.find((entry) => entry.labels !== undefined && allowedTo(end, new Map(Object.entries(entry.labels)), [entry]).length > 0);
    if (unsure !== undefined) throw new NothingToPropose(`The labels of ${end.workload.kind} ${workloadText(end.workload)} could not be read, so that nobody knows whether the allowlist lets ${unsure.remote} in there. Try again when they can be.`);
  }
  return ({ ends }) => [corporate, ...ends.map((end) => allowedTo(end, labels.get(workloadKey(end.workload))))];
}

function cardOf({ target, denied, reason }: RangesWish, plan: RangesPlan, because: string): Proposal['card'] {
  const { workload, cluster, count } = target;
  const [first] = denied;
  const what = denied.length === 1 && first !== undefined ? connectionText(first.key) : `${denied.length} connections into ${workloadText(workload)}`;
  const names = plan.services.map(({ front }) => front.name).join(' and ');
  return {
    header: 'Block a connection',
    ask: `Block ${what} in ${cluster}: changes the source ranges of ${names}, which belong${plan.services.length === 1 ? 's' : ''} to you`,
    facts: [
      ['Workload', `${workloadText(workload)} (${workload.kind}), ${count === 1 ? '1 pod' : `${count} pods`}, no restart`],
      ['How', `source ranges, because ${because}`],
      ['Lets in now', ofEach(plan.services, ({ front }) => (front.ranges.length === 0 ? 'everybody' : listed(front.ranges)))],
      ['Would let in', ofEach(plan.services, ({ ranges }) => `only ${listed(ranges)}`)],
      ['Simulated', `would have let through ${plan.letThrough.toLocaleString('en-US')} of ${plan.seen.toLocaleString('en-US')} connections from what was seen in the last day`],
      ['Also cut', alsoCut(plan)],
      ['Undo', ofEach(plan.services, ({ front }) => `puts back exactly what stood there: ${front.ranges.length === 0 ? 'no source ranges' : listed(front.ranges)}`)],
      ['Why', reason],
    ],
    ...itemsOf(plan),
    effect: 'Would be changed',
    approve: 'Block',
    undo: 'Undo',
    undone: 'Unblocked',
    afterUndo: 'What it blocked is not denied any more: it is asked about again when it is seen next.',
  };
}

/** Named only where there are several. */
function ofEach(services: readonly ServiceRanges[], text: (ranged: ServiceRanges) => string): string {
  return services.map((one) => (services.length === 1 ? text(one) : `${one.front.name}: ${text(one)}`)).join('; ');
}

/** As many as one line holds. */
function listed(ranges: readonly string[]): string {
  const [first = '', ...others] = linesOf(ranges);
  return others.length === 0 ? first : `${first} and ${ranges.length - first.split(', ').length} more`;
}

function linesOf(ranges: readonly string[]): readonly string[] {
  const lines: string[] = [];
  for (const range of ranges.map((text) => text.trim())) {
    const last = lines.at(-1);
    if (last === undefined || last.length + range.length + 2 > LONGEST_LINE) lines.push(range);
    else lines[lines.length - 1] = `${last}, ${range}`;
  }
  return lines;
}

/** Nobody decides about ranges that they have not seen. */
function itemsOf({ services }: RangesPlan): Pick<Proposal['card'], 'items'> {
  const items = services.flatMap(({ front, ranges }) => {
    const lines = linesOf(ranges);
    return lines.length === 1 ? [] : lines.map((line) => `${front.name} would let in ${line}`);
  });
  return items.length === 0 ? {} : { items };
}

function alsoCut({ alsoCut: cut, closes }: RangesPlan): string {
  if (cut.length === 0) return closes ? 'nothing else that was seen; whatever is not named above' : 'nothing that was seen';
  const more = cut.length > NAMED ? `, and ${cut.length - NAMED} more` : '';
  return `${cut.slice(0, NAMED).map(({ key }) => `${otherEndText(key)} of ${workloadText(key.workload)}`).join(', ')}${more}`;
}
