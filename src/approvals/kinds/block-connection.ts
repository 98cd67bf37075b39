import { createHash } from 'node:crypto';
import { z } from 'zod';
import { connectionText, endpointText, lastSeenText, maySetRanges, modeOf, remoteText, workloadText } from '#src/model/connection-words.ts';
import { blockPlan, type BlockPlan, type BlockScene } from '#src/enforcement/block.ts';
import { capabilityOf } from '#src/enforcement/capability.ts';
import { readClusterNetwork } from '#src/enforcement/cluster-network.ts';
import { offeredText } from '#src/enforcement/patch-text.ts';
import { readTarget } from '#src/enforcement/target.ts';
import { proposeRanges } from '../source-ranges.ts';
import type { ProposalWorld } from '#src/model/approvals.ts';
import type { OpenCluster } from '#src/model/clusters.ts';
import type { ConnectedWorkload, Connection, ConnectionDirection, ConnectionSettings } from '#src/model/connection.ts';
import { defineApprovalKind, NothingToPropose, type Proposal, type RequestCard } from '#src/model/request.ts';

const HOUR_MS = 3600_000;
/** Connections that the card names one by one. */
const NAMED = 5;

const subject = z.strictObject({
  cluster: z.string(),
  /** Ids of connections of one workload, in one direction. */
  connections: z.array(z.string()).min(1).readonly(),
  reason: z.string(),
});
export type BlockConnection = z.output<typeof subject>;

/** A connection that people have denied is to be blocked by the network. Where that takes isolation, one more person decides. */
export const kind = defineApprovalKind<BlockConnection>({
  name: 'block-connection',
  summary: 'A denied connection with the outside is to be blocked by a policy of the network, or by the source ranges of a Service.',
  subject,
  expiresAfterMs: 8 * HOUR_MS,
  approvals: { usual: 1, production: 1 },
  reasonNeeded: false,
  identity: ({ cluster, connections }) => `${cluster}/${createHash('sha256').update(connections.toSorted().join('\n')).digest('hex')}`,
  async propose(wish, world, signal) {
    const wanted = await wantedOf(wish, world);
    const cluster = await world.clusters.open(wish.cluster, signal);
    try {
      return await proposed(wish, wanted, cluster, world, signal);
    } finally {
      cluster.close();
    }
  },
});

interface Wanted {
  readonly settings: ConnectionSettings;
  readonly denied: readonly Connection[];
  readonly workload: ConnectedWorkload;
  readonly direction: ConnectionDirection;
}

async function proposed(wish: BlockConnection, { settings, denied, workload, direction }: Wanted, open: OpenCluster, world: ProposalWorld, signal: AbortSignal): Promise<Proposal> {
  const place = { cluster: wish.cluster, workload, installation: await world.installation() };
  const policy = await attempted(async () => {
    const network = await readClusterNetwork(open, place, signal);
    return { network, capability: capabilityOf(network, 'denying is recorded only') };
  });
  const takesRanges = direction === 'ingress' && maySetRanges(settings, workload.namespace);
  if ('problem' in policy && !takesRanges) throw policy.problem;
  const target = await readTarget(open, place, signal);
  const noPolicy = 'problem' in policy ? policy.problem.message : undefined;
  const ranged = takesRanges ? await proposeRanges({ target, settings, denied, reason: wish.reason, noPolicy }, open, world, signal) : undefined;
  if (ranged !== undefined) return ranged;
  if ('problem' in policy) throw policy.problem;
  const known = (await world.connections.ofWorkload(wish.cluster, workload)).filter(({ key }) => key.direction === direction);
  return blocking(wish, { target, ...policy.result, settings, denied, known }, open, signal);
}

async function blocking(wish: BlockConnection, scene: BlockScene, open: OpenCluster, signal: AbortSignal): Promise<Proposal> {
  const { cluster, workload } = scene.target;
  const plan = blockPlan(scene);
  const mode = modeOf(scene.settings, workload.namespace);
  if (mode !== 'enforce') {
    throw new NothingToPropose(`Policies of ${cluster} ${workload.namespace} are in mode ${mode}, so nothing is changed. This would block it:`, { patch: await offeredText(plan.change, scene.capability.mechanism, open, signal) });
  }
  const ids = scene.denied.map(({ id }) => id).toSorted();
  return {
    card: cardOf(wish, scene, plan),
    plan: { changes: [plan.change], stays: plan.stays, proofs: [], traffic: 'dropped', trafficOf: ids, basis: ids },
    clusters: [cluster],
    namespaces: [workload.namespace],
    targets: [],
    sensitive: plan.isolates,
  };
}

/** What cannot be proposed in one way may be in another. */
async function attempted<T>(work: () => Promise<T>): Promise<{ readonly result: T } | { readonly problem: NothingToPropose }> {
  try {
    return { result: await work() };
  } catch (error) {
    if (error instanceof NothingToPropose) return { problem: error };
    throw error;
  }
}

async function wantedOf({ cluster: name, connections: ids }: BlockConnection, world: ProposalWorld): Promise<Wanted> {
  const settings = world.connections.settings(name);
  if (settings === undefined) throw new NothingToPropose(`The connections of ${name} are not watched (any more).`);
  const denied = await world.connections.get(name, ids);
  const { workload, direction } = oneOf(denied, name);
  if (denied.some(({ state }) => state === 'approved')) throw new NothingToPropose('The connection is approved by now.');
  return { settings, denied, workload, direction };
}

function oneOf(denied: readonly Connection[], cluster: string): Pick<Connection['key'], 'workload' | 'direction'> {
  const [first] = denied;
  if (first === undefined) throw new NothingToPropose(`The connection in ${cluster} is not known any more.`);
  const isSame = denied.every(({ key }) => key.direction === first.key.direction && key.workload.kind === first.key.workload.kind && workloadText(key.workload) === workloadText(first.key.workload));
  if (!isSame) throw new NothingToPropose('Connections of different workloads, or in and out, are blocked one by one.');
  return first.key;
}

function cardOf({ reason }: BlockConnection, { target, denied, capability }: BlockScene, plan: BlockPlan): RequestCard {
  const { cluster, workload, count } = target;
  const [first] = denied;
  const what = denied.length === 1 && first !== undefined ? connectionText(first.key) : `${denied.length} connections of ${workloadText(workload)}`;
  return {
    header: 'Block a connection',
    ask: `Block ${what} in ${cluster}`,
    facts: [
      ['Workload', `${workloadText(workload)} (${workload.kind}), ${count === 1 ? '1 pod' : `${count} pods`}, no restart`],
      ['Addresses', denied.map(addressFact).join('; ')],
      ['How', plan.isolates ? `isolation by NetworkPolicy, which ${capability.plugin} enforces: everything outside is closed but for what is known` : `a rule of ${capability.plugin} that denies, and closes nothing else`],
      ['Kept', plan.isolates ? 'DNS, everything in the cluster, and what was approved, learned or is not decided about' : 'everything else'],
      ['Simulated', simulated(plan)],
      ['Also cut', alsoCut(plan)],
      ['Why', reason],
    ],
    effect: 'Would be changed',
    approve: 'Block',
    undo: 'Undo',
    undone: 'Unblocked',
    afterUndo: 'What it blocked is not denied any more: it is asked about again when it is seen next.',
  };
}

function addressFact(connection: Connection): string {
  const { key, addresses } = connection;
  return key.remote.kind === 'name' ? `${endpointText(key)}: ${addresses.join(', ')}, ${lastSeenText(connection)}` : remoteText(key.remote);
}

function simulated({ simulation: { droppedCount, count } }: BlockPlan): string {
  return `would have dropped ${droppedCount.toLocaleString('en-US')} of ${count.toLocaleString('en-US')} other connections that were seen`;
}

function alsoCut({ simulation: { dropped } }: BlockPlan): string {
  if (dropped.length === 0) return 'nothing that was seen';
  const more = dropped.length > NAMED ? `, and ${dropped.length - NAMED} more` : '';
  return `${dropped.slice(0, NAMED).map(({ key }) => endpointText(key)).join(', ')}${more}`;
}
