import { createHash } from 'node:crypto';
import { z } from 'zod';
import { connectionText, itemText, modeOf, momentText, outcomeText, remoteText, workloadText } from '#src/model/connection-words.ts';
import type { ProposalWorld } from '#src/model/approvals.ts';
import type { Connection, EnforcementMode } from '#src/model/connection.ts';
import { defineApprovalKind, NothingToPropose, type RequestCard } from '#src/model/request.ts';

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

/** A workload was seen connecting to somewhere outside for the first time, or being connected to. Approving puts it on the allowlist. */
export const kind = defineApprovalKind<FirstConnection>({
  name: 'first-connection',
  summary: 'A workload and somewhere outside connect for the first time.',
  subject,
  expiresAfterMs: 8 * HOUR_MS,
  approvals: { usual: 1, production: 1 },
  reasonNeeded: false,
  identity: ({ cluster, connections }) => `${cluster}/${connections.length === 1 ? (connections[0] ?? '') : createHash('sha256').update(connections.toSorted().join('\n')).digest('hex')}`,
  async propose({ cluster, connections: ids }, world) {
    const settings = world.connections.settings(cluster);
    if (settings === undefined) throw new NothingToPropose(`The connections of ${cluster} are not watched (any more).`);
    const found = await world.connections.get(cluster, ids);
    const [first, ...others] = found;
    if (first === undefined) throw new NothingToPropose(`The connection in ${cluster} is not known any more.`);
    const mode = modeOf(settings, first.key.workload.namespace);
    const facts = others.length === 0 ? await factsOf(first, world) : groupFacts(found);
    return {
      card: { ...wordsOf(found), facts, ...meaningOf(found, mode) },
      plan: { changes: [], stays: [], proofs: [], basis: found.map(({ id }) => id).toSorted() },
      clusters: [cluster],
      namespaces: [first.key.workload.namespace],
      targets: [],
      sensitive: false,
    };
  },
});

type Words = Omit<RequestCard, 'facts' | 'now' | 'meaning'>;

function wordsOf(found: readonly Connection[]): Words {
  const [first] = found;
  const common = { effect: 'Would be changed', undo: 'Undo', undone: 'Undone' };
  if (first === undefined) return { ...common, header: 'External connections', ask: 'no connection', approve: 'Approve' };
  const { cluster, direction, workload } = first.key;
  const isIn = direction === 'ingress';
  const shorter = [{ label: '24 hours', lastsMs: DAY_MS }];
  if (found.length === 1) {
    const { remote, port } = first.key;
    return {
      ...common,
      header: isIn ? 'New connection from outside' : 'New external connection',
      ask: `First connection ${isIn ? 'into' : 'from'} ${cluster} ${connectionText(first.key)} (${outcomeText(first.outcome)})`,
      approve: 'Approve',
      shorter,
      instead: [{ label: 'Allow for the namespace…', command: 'allow', args: [remoteText(remote), `--cluster=${cluster}`, `--namespace=${workload.namespace}`, `--port=${port}`, ...(isIn ? ['--ingress'] : [])] }],
    };
  }
  return {
    ...common,
    header: isIn ? 'Connections from outside' : 'External connections of a workload',
    ask: `${found.length} ${isIn ? 'sources outside that connect to' : 'destinations outside of'} ${cluster} ${workloadText(workload)} (${workload.kind})`,
    items: found.map(itemText).toSorted(),
    approve: 'Approve all',
    shorter,
    instead: [{ label: 'Review one by one', command: 'connections', args: ['review', cluster, ...found.map(({ id }) => id)] }],
  };
}

async function factsOf({ key, firstSeen, count, bytes, outcome, addresses, names, sources, isPrivate }: Connection, { connections }: ProposalWorld): Promise<RequestCard['facts']> {
  const same = (await connections.ofRemote(key.cluster, key.remote)).map((other) => workloadText(other.key.workload)).filter((name) => name !== workloadText(key.workload));
  const neighbors = [...new Set(same)];
  const more = neighbors.length > NEIGHBORS ? ` and ${neighbors.length - NEIGHBORS} more` : '';
  return [
    ['Cluster', key.cluster],
    ['Workload', `${workloadText(key.workload)} (${key.workload.kind})`],
    ['Seen', `${count.toLocaleString('en-US')} × since ${momentText(firstSeen)}, ${outcomeText(outcome)}`],
    ...(bytes === undefined ? [] : [['Bytes', bytes.toLocaleString('en-US')] as const]),
    ...(addresses.length === 0 || key.remote.kind === 'address' ? [] : [['Addresses', addresses.join(', ')] as const]),
    ['Known as', nameFact(key.remote.kind, names, isPrivate)],
    ['Others that talk to it', neighbors.length === 0 ? 'no other workload' : `${neighbors.slice(0, NEIGHBORS).join(', ')}${more}`],
    ['Seen by', sources.join(', ')],
  ];
}

function nameFact(kind: Connection['key']['remote']['kind'], names: readonly string[], isPrivate: boolean): string {
  const where = isPrivate ? ' · a private address outside the cluster' : '';
  if (kind === 'name') return `a name that the workload asked DNS for${where}`;
  if (kind === 'group') return `a group of ranges of the configuration${where}`;
  return `${names.length > 0 ? `an address that several names fit: ${names.join(', ')}` : 'an address without a name that was seen'}${where}`;
}

function groupFacts(found: readonly Connection[]): RequestCard['facts'] {
  const [first] = found;
  if (first === undefined) return [];
  const { cluster, workload } = first.key;
  return [
    ['Cluster', cluster],
    ['Workload', `${workloadText(workload)} (${workload.kind})`],
    ['First seen', momentText(found.map(({ firstSeen }) => firstSeen).toSorted()[0] ?? first.firstSeen)],
    ['Seen by', [...new Set(found.flatMap(({ sources }) => sources))].join(', ')],
  ];
}

/** What is true now, and what each decision would mean. */
function meaningOf(found: readonly Connection[], mode: EnforcementMode): Pick<RequestCard, 'now' | 'meaning'> {
  const dropped = found.filter(({ outcome }) => outcome === 'dropped').length;
  const blocked = dropped === found.length;
  const now = blocked ? 'blocked by the network already' : dropped > 0 ? `allowed and watched, except ${dropped} that the network blocks` : 'allowed and watched';
  const denied = mode === 'observe' ? 'Not enforced here (mode observe): its owner has to stop it.' : 'A request to block it in the cluster follows.';
  return {
    now: `Now: ${now}. Approving changes nothing in the cluster.`,
    meaning: {
      approved: `On the allowlist; no policy was needed.${blocked ? ' The network still blocks it.' : ''}`,
      denied: blocked ? 'The network blocks it already; nothing was changed.' : denied,
      expired: `The connection stays ${now}. It is asked about again when it is seen after 7 days.`,
    },
  };
}
