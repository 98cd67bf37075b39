import { createHash } from 'node:crypto';
import { z } from 'zod';
import { allowPlan, allowStays, type AllowPlan } from '#src/enforcement/allow.ts';
import { NOTHING_LET_IN, type LetInPlan } from '#src/enforcement/ranges-plan.ts';
import type { WorkloadPlace } from '#src/enforcement/own-policy.ts';
import { ownerOf } from '#src/connections/owners.ts';
import { connectionText, firstSeenText, itemText, modeOf, outcomeText, remoteText, seenText, workloadText } from '#src/model/connection-words.ts';
import type { ProposalWorld } from '#src/model/approvals.ts';
import { INTERNET, TRANSLATED, type ConnectedWorkload, type Connection, type ConnectionDirection, type ConnectionSettings, type EnforcementMode } from '#src/model/connection.ts';
import type { Plan } from '#src/model/plan.ts';
import { defineApprovalKind, NothingToPropose, type RequestCard } from '#src/model/request.ts';
import { looked, lookAt, NOT_LOOKED } from '../kept-out.ts';
import { basisOf } from '../source-ranges.ts';

const HOUR_MS = 3600_000;
const DAY_MS = 24 * HOUR_MS;
/** Others with the same remote that the card names. */
const NEIGHBORS = 3;

const subject = z.strictObject({
  cluster: z.string(),
  /** Ids of connections of one workload, in one direction. */
  connections: z.array(z.string()).min(1).readonly(),
});
export type FirstConnection = z.output<typeof subject>;

/**
 * A workload was seen connecting to somewhere outside for the first time, or being connected to. Approving puts it on the allowlist, and
 * opens the isolation that k8ssec has made for the workload, where it has.
 */
export const kind = defineApprovalKind<FirstConnection>({
  name: 'first-connection',
  summary: 'A workload and somewhere outside connect for the first time.',
  subject,
  expiresAfterMs: 8 * HOUR_MS,
  approvals: { usual: 1, production: 1 },
  reasonNeeded: false,
  holdsWithoutChanges: true,
  identity: ({ cluster, connections }) => `${cluster}/${connections.length === 1 ? (connections[0] ?? '') : createHash('sha256').update(connections.toSorted().join('\n')).digest('hex')}`,
  async propose(wish, world, signal) {
    const seen = await seenOf(wish, world);
    const { settings, found, mode, place } = seen;
    const { workload, direction } = found[0].key;
    const { own, unknown, letIn = NOTHING_LET_IN } = mode === 'enforce' ? await looked(seen, world, signal) : NOT_LOOKED;
    const plan = own === undefined ? NOTHING_OWN : allowPlan({ place: { ...place, installation: await world.installation() }, settings, found, denied: await deniedBeside(found, world), own });
    const facts = [...(found.length === 1 ? await factsOf(found[0], settings, world) : groupFacts(found)), ...ownerFact(settings, workload)];
    return {
      card: { ...wordsOf(found), facts, ...meaningOf({ found, mode, plan, letIn, unknown }) },
      plan: {
        changes: [...(plan.open === undefined ? [] : [plan.open.change]), ...letIn.changes],
        stays: [...allowStays(plan, direction), ...letIn.stays],
        proofs: [],
        ...trafficOf([...(plan.open?.connections ?? []), ...letIn.connections]),
        basis: [...found.map(({ id }) => id).toSorted(), ...letIn.fronts.map(basisOf)],
      },
      clusters: [wish.cluster],
      namespaces: [workload.namespace],
      targets: [],
      sensitive: false,
    };
  },
  async owner(wish, { connections }) {
    const { settings, found: [{ key: { workload } }] } = await seenOf(wish, { connections });
    const owner = ownerOf(settings, workload);
    if (owner === undefined) throw new NothingToPropose(`Nobody is known as the owner of ${workloadText(workload)}, so nobody was asked. Name them under connections.owners of ${wish.cluster} in the configuration file, or ask in the channel of the team and decide by what they say.`);
    return owner;
  },
  async confirm(wish, world, signal) {
    const seen = await seenOf(wish, world);
    // While people decide, a cluster may be away; what they approved is not done without having looked.
    if (seen.mode === 'enforce') await lookAt(seen, world, signal);
  },
});

interface SeenConnections {
  readonly settings: ConnectionSettings;
  readonly mode: EnforcementMode;
  readonly place: WorkloadPlace;
  readonly found: readonly [Connection, ...Connection[]];
}

/** @throws {NothingToPropose} */
async function seenOf({ cluster, connections: ids }: FirstConnection, { connections }: Pick<ProposalWorld, 'connections'>): Promise<SeenConnections> {
  const settings = connections.settings(cluster);
  if (settings === undefined) throw new NothingToPropose(`The connections of ${cluster} are not watched (any more).`);
  const [first, ...others] = await connections.get(cluster, ids);
  if (first === undefined) throw new NothingToPropose(`The connection in ${cluster} is not known any more.`);
  const found = [first, ...others] as const;
  const denied = found.find(({ state }) => state === 'denied');
  if (denied !== undefined) throw new NothingToPropose(`${connectionText(denied.key)} is denied${denied.decision === undefined ? '' : ` by ${denied.decision.by}`}${denied.request === undefined ? '' : `, in request ${denied.request}`}.`);
  const { workload } = first.key;
  return { settings, mode: modeOf(settings, workload.namespace), place: { cluster, workload }, found };
}

const NOTHING_OWN: AllowPlan = { closed: [] };

/** Others of the same workload and direction. */
async function deniedBeside([{ key: { cluster, workload, direction } }]: SeenConnections['found'], { connections }: ProposalWorld): Promise<readonly Connection[]> {
  return (await connections.ofWorkload(cluster, workload)).filter(({ state, key }) => state === 'denied' && key.direction === direction);
}

/** That it comes through shows that what was opened for it is open. */
function trafficOf(opened: readonly Connection[]): Pick<Plan, 'traffic' | 'trafficOf'> {
  return opened.length === 0 ? {} : { traffic: 'forwarded', trafficOf: [...new Set(opened.map(({ id }) => id))].toSorted() };
}

type Words = Omit<RequestCard, 'facts' | 'now' | 'meaning'>;

function wordsOf(found: readonly Connection[]): Words {
  const [first] = found;
  const common = { effect: 'Would be changed', undo: 'Undo', undone: 'Undone', owned: true } as const;
  if (first === undefined) return { ...common, header: 'External connections', ask: 'no connection', approve: 'Approve' };
  const { cluster, direction, workload } = first.key;
  const isIn = direction === 'ingress';
  const shorter = [{ label: '24 hours', lastsMs: DAY_MS }];
  if (found.length === 1) {
    const { remote, port } = first.key;
    return {
      ...common,
      header: isIn ? 'New connection from outside' : 'New external connection',
      ask: `First connection ${isIn ? 'into' : 'from'} ${cluster} ${connectionText(first.key)} (${outcomeText(first)})`,
      approve: 'Approve',
      shorter,
      instead: [{ label: 'Allow for the namespace…', command: 'allow', args: [remoteText(remote), `--cluster=${cluster}`, `--namespace=${workload.namespace}`, `--port=${port}`, ...(isIn ? ['--ingress'] : [])] }],
    };
  }
  return {
    ...common,
    header: isIn ? 'Connections from outside' : 'External connections of a workload',
    ask: `${found.length} ${isIn ? 'external sources of' : 'external destinations of'} ${cluster} ${workloadText(workload)} (${workload.kind})`,
    items: found.map(itemText).toSorted(),
    approve: 'Approve all',
    shorter,
    instead: [{ label: 'Review one by one', command: 'connections', args: ['review', cluster, ...found.map(({ id }) => id)] }],
  };
}

async function factsOf(connection: Connection, settings: ConnectionSettings, { connections }: ProposalWorld): Promise<RequestCard['facts']> {
  const { key, bytes, addresses, sources } = connection;
  const same = (await connections.ofRemote(key.cluster, key.remote)).map((other) => workloadText(other.key.workload)).filter((name) => name !== workloadText(key.workload));
  const neighbors = [...new Set(same)];
  const more = neighbors.length > NEIGHBORS ? ` and ${neighbors.length - NEIGHBORS} more` : '';
  return [
    ['Cluster', key.cluster],
    ['Workload', `${workloadText(key.workload)} (${key.workload.kind})`],
    ['Seen', `${seenText(connection)}, ${outcomeText(connection)}`],
    ...(bytes === undefined ? [] : [['Bytes', bytes.toLocaleString('en-US')] as const]),
    ...(addresses.length === 0 || key.remote.kind === 'address' ? [] : [['Addresses', addresses.join(', ')] as const]),
    ['Known as', nameFact(connection, settings)],
    ['Others that talk to it', neighbors.length === 0 ? 'no other workload' : `${neighbors.slice(0, NEIGHBORS).join(', ')}${more}`],
    ['Seen by', sources.join(', ')],
  ];
}

function ownerFact(settings: ConnectionSettings, workload: ConnectedWorkload): RequestCard['facts'] {
  const owner = ownerOf(settings, workload);
  return owner === undefined ? [] : [['Owner', owner.team]];
}

function nameFact({ key: { remote, direction }, names, isPrivate }: Connection, { groups }: ConnectionSettings): string {
  const where = isPrivate ? ' · a private address outside the cluster' : '';
  if (remote.kind === 'name') return `a name that the workload asked DNS for${where}`;
  if (remote.kind === 'group') return groups.has(remote.name) ? `a group of ranges of the configuration${where}` : unconfiguredFact(remote.name, direction);
  return `${names.length > 0 ? `an address that several names fit: ${names.join(', ')}` : 'an address without a name that was seen'}${where}`;
}

/** Of a group that the configuration does not have. */
function unconfiguredFact(name: string, direction: ConnectionDirection): string {
  if (name === TRANSLATED) return 'whoever is behind an address of the cluster: after its translation nobody can tell who that is';
  if (name !== INTERNET) return 'a network set of Calico, which tells no address';
  return direction === 'ingress' ? 'all clients on the Internet, who are asked about together' : 'somewhere on the Internet: the source tells no address';
}

function groupFacts(found: readonly Connection[]): RequestCard['facts'] {
  const [first] = found;
  if (first === undefined) return [];
  const { cluster, workload } = first.key;
  return [
    ['Cluster', cluster],
    ['Workload', `${workloadText(workload)} (${workload.kind})`],
    ['First seen', firstSeenText(found)],
    ['Seen by', [...new Set(found.flatMap(({ sources }) => sources))].join(', ')],
  ];
}

interface Standing {
  readonly found: readonly Connection[];
  readonly mode: EnforcementMode;
  readonly plan: AllowPlan;
  readonly letIn: LetInPlan;
  /** Why nobody could look whether a policy of k8ssec blocks it. */
  readonly unknown: string | undefined;
}

/** What is true now, and what each decision would mean. */
function meaningOf(standing: Standing): Pick<RequestCard, 'now' | 'meaning'> {
  const { found, mode, plan: { open, closed }, letIn, unknown } = standing;
  const isBlocked = blockedOf(standing).length === found.length;
  const now = nowOf(standing);
  const deeds = [...(open === undefined ? [] : [`opens exactly ${targetsOf(open.connections)}`]), ...letIn.fronts.map(({ name }) => `changes the source ranges of ${name}, which belongs to you`)];
  const approving = deeds.length === 0 ? '. Approving changes nothing in the cluster.' : `; approving ${deeds.join(' and ')}.`;
  const doubt = unknown === undefined ? '' : ` Whether a policy of k8ssec blocks it could not be looked at: ${unknown.replace(/\.$/, '')}.`;
  const denied = mode === 'observe' ? 'Not enforced here (mode observe): its owner has to stop it.' : 'A request to block it in the cluster follows.';
  return {
    now: `Now: ${now}${approving}${doubt}`,
    meaning: {
      approved: approvedMeaning(standing, isBlocked),
      denied: isBlocked && open === undefined && closed.length === 0 ? 'The network blocks it already; nothing was changed.' : denied,
      expired: `The connection stays ${now}. It is asked about again when it is seen after 7 days.`,
    },
  };
}

/** Told where no change tells it. */
function approvedMeaning({ plan: { closed: [closed] }, unknown }: Standing, isBlocked: boolean): string {
  if (closed !== undefined) return `On the allowlist. Still blocked by ${closed.by}.`;
  return `On the allowlist; no policy was ${unknown === undefined ? 'needed' : 'changed'}.${isBlocked ? ' The network still blocks it.' : ''}`;
}

/** Those that k8ssec blocks itself, or that were never seen to pass. */
function blockedOf({ found, plan }: Standing): readonly Connection[] {
  const own = [...(plan.open?.blocked ?? []), ...plan.closed.flatMap(({ connections }) => connections)];
  return found.filter((connection) => connection.outcome === 'dropped' || own.includes(connection));
}

function nowOf(standing: Standing): string {
  const { found, plan: { open, closed: [closed] } } = standing;
  const blocked = blockedOf(standing).length;
  const by = closed?.by ?? (open === undefined || open.blocked.length === 0 ? undefined : `policy ${open.change.address.name}`);
  if (blocked === found.length) return by === undefined ? 'blocked by the network already' : `blocked by ${by}`;
  return blocked > 0 ? `allowed and watched, except ${blocked} that ${by === undefined ? 'the network blocks' : `are blocked by ${by}`}` : 'allowed and watched';
}

function targetsOf([first, ...others]: readonly Connection[]): string {
  const noun = first?.key.direction === 'ingress' ? 'source' : 'destination';
  return others.length === 0 ? `this ${noun}` : `these ${others.length + 1} ${noun}s`;
}
