import { z } from 'zod';
import { placesFor } from '#src/connections/allowlist.ts';
import { capabilityOf } from '#src/enforcement/capability.ts';
import { closedAlready } from '#src/enforcement/closed-already.ts';
import { readClusterNetwork } from '#src/enforcement/cluster-network.ts';
import { readDnsProxy } from '#src/enforcement/dns-proxy.ts';
import { isolatePlan, type IsolatePlan, type IsolateScene } from '#src/enforcement/isolate.ts';
import { offeredText } from '#src/enforcement/patch-text.ts';
import { readTarget } from '#src/enforcement/target.ts';
import type { ProposalWorld } from '#src/model/approvals.ts';
import type { OpenCluster } from '#src/model/clusters.ts';
import { endpointText, firstSeenText, itemText, modeOf, workloadText } from '#src/model/connection-words.ts';
import type { Connection, ConnectionSettings } from '#src/model/connection.ts';
import { durationWords } from '#src/model/duration.ts';
import { defineApprovalKind, NothingToPropose, type Proposal, type RequestCard } from '#src/model/request.ts';

const HOUR_MS = 3600_000;
/** Connections that the card names one by one. */
const LISTED = 30;
/** Of those in one fact. */
const NAMED = 5;

const subject = z.strictObject({
  cluster: z.string(),
  workload: z.strictObject({ namespace: z.string(), kind: z.string(), name: z.string() }),
  lastsMs: z.int().positive().optional(),
  reason: z.string(),
});
type IsolateWorkload = z.output<typeof subject>;

/** A person wants a workload isolated from everything outside that was not approved. It may cut what nobody knows of, so it takes one more person. */
export const kind = defineApprovalKind<IsolateWorkload>({
  name: 'isolate-workload',
  summary: 'A workload is to be isolated: closed to everything outside but for what is approved, learned or not decided about.',
  subject,
  expiresAfterMs: 8 * HOUR_MS,
  approvals: { usual: 1, production: 1 },
  reasonNeeded: false,
  identity: ({ cluster, workload: { namespace, kind: workloadKind, name } }) => [cluster, namespace, workloadKind, name].join('/'),
  async propose(wish, world, signal) {
    const settings = await settingsFor(wish, world);
    const cluster = await world.clusters.open(wish.cluster, signal);
    try {
      return await proposed(wish, settings, cluster, world, signal);
    } finally {
      cluster.close();
    }
  },
});

/** @throws {NothingToPropose} where nothing may be changed, or nobody knows yet what the workload needs. */
async function settingsFor({ cluster, workload }: IsolateWorkload, { connections }: ProposalWorld): Promise<ConnectionSettings> {
  const settings = connections.settings(cluster);
  const title = `${workload.kind} ${workloadText(workload)}`;
  if (settings === undefined) throw new NothingToPropose(`The connections of ${cluster} are not watched, so nobody knows what ${title} needs: name the cluster under connections in the configuration file.`);
  if (modeOf(settings, workload.namespace) === 'observe') {
    throw new NothingToPropose(`Connections of ${cluster} ${workload.namespace} are only observed (mode observe), so nothing is changed. The configuration file can say mode: enforce under connections of ${cluster}, or modes: { ${workload.namespace}: enforce } for this namespace alone.`);
  }
  const [isLearning] = await connections.learning(cluster, [workload]);
  if (isLearning === true) throw new NothingToPropose(`${title} is still learned: what it needs is known when it was watched for ${durationWords(settings.learnMs)}. Ask again then.`);
  return settings;
}

async function proposed(wish: IsolateWorkload, settings: ConnectionSettings, open: OpenCluster, world: ProposalWorld, signal: AbortSignal): Promise<Proposal> {
  const { cluster, workload, lastsMs } = wish;
  const place = { cluster, workload, installation: await world.installation() };
  const network = await readClusterNetwork(open, place, signal);
  const capability = capabilityOf(network, 'nothing can be isolated');
  const target = await readTarget(open, place, signal);
  if (target.owner !== undefined) throw new NothingToPropose(`${workload.kind} ${workloadText(workload)} belongs to ${target.owner}, of which its connections are known. Name that one.`);
  const now = world.clock.now();
  const scene: IsolateScene = {
    target,
    network,
    capability,
    settings,
    now,
    closedBy: await closedAlready(open, target, network, 'egress', signal),
    dnsProxy: capability.mechanism === 'cilium' ? await readDnsProxy(cluster, open, signal) : 'none',
    known: await world.connections.ofWorkload(cluster, workload),
    places: placesFor({ cluster, workload, direction: 'egress', labels: target.pods.labels }, [...settings.allow, ...(await world.connections.allowEntries())], settings, now),
  };
  const plan = isolatePlan(scene);
  const mode = modeOf(settings, workload.namespace);
  if (mode !== 'enforce') {
    throw new NothingToPropose(`Policies of ${cluster} ${workload.namespace} are in mode ${mode}, so nothing is changed. This would isolate it:`, { patch: await offeredText(plan.change, capability.mechanism, open, signal) });
  }
  return {
    card: cardOf(wish, scene, plan),
    plan: { changes: [plan.change], stays: plan.stays, proofs: [], traffic: 'closed', trafficOf: plan.goingOn.map(({ id }) => id).toSorted(), trafficIn: workload, basis: [] },
    clusters: [cluster],
    namespaces: [workload.namespace],
    targets: [],
    ...(lastsMs !== undefined && { lastsMs }),
    sensitive: true,
  };
}

function cardOf({ lastsMs, reason }: IsolateWorkload, scene: IsolateScene, plan: IsolatePlan): RequestCard {
  const { target: { cluster, workload, count } } = scene;
  const { kept, out, allowed, simulation } = plan;
  const items = kept.map((connection) => `${itemText(connection)}, ${stateText(connection)}`).toSorted();
  return {
    header: 'Isolate a workload',
    ask: `Isolate ${workloadText(workload)} in ${cluster}, but for what is known or approved`,
    facts: [
      ['Workload', `${workloadText(workload)} (${workload.kind}), ${count === 1 ? '1 pod' : `${count} pods`}, no restart`],
      ['How', howText(scene)],
      ['Stays open', openText(scene)],
      ['Kept', keptText(kept)],
      ['Allowlist', allowed.length === 0 ? 'no entry for it' : namedText(allowed.map(({ text }) => text))],
      ['Stays out', out.length === 0 ? 'nothing that people denied' : `${namedText(out.map(({ key }) => endpointText(key)))}, which people denied`],
      ['Simulated', `would have dropped ${simulation.droppedCount.toLocaleString('en-US')} of ${simulation.count.toLocaleString('en-US')} connections, from what was seen in the last day`],
      ['Also cut', simulation.dropped.length === 0 ? 'nothing that was seen' : namedText(simulation.dropped.map(({ key }) => endpointText(key)))],
      ['Time', lastsMs === undefined ? 'until somebody undoes it' : `${durationWords(lastsMs)}, from approval`],
      ['Why', reason],
    ],
    ...(items.length > 0 && { items: items.length > LISTED ? [...items.slice(0, LISTED), `and ${items.length - LISTED} more`] : items }),
    effect: 'Would be changed',
    approve: 'Isolate',
    undo: 'Undo',
    undone: 'Not isolated any more',
    afterUndo: 'What is new is asked about and not blocked any more, unless a denial keeps the workload closed.',
  };
}

function howText({ capability: { mechanism, plugin } }: IsolateScene): string {
  if (mechanism === 'cilium') return 'a CiliumNetworkPolicy: everything outside is closed but for what is known';
  if (mechanism === 'calico') return 'the NetworkPolicy of Calico that also denies: everything outside is closed but for what is known';
  return `a NetworkPolicy, which ${plugin} enforces: everything outside is closed but for what is known`;
}

function openText({ settings: { clusterRanges, corporateRanges } }: IsolateScene): string {
  const ranges = [...clusterRanges, ...corporateRanges];
  return `DNS, and the pods, nodes and API server of the cluster${ranges.length === 0 ? '' : `; ${namedText(ranges)}`}`;
}

function keptText(kept: readonly Connection[]): string {
  if (kept.length === 0) return 'no connection with the outside was seen';
  const states = [...Map.groupBy(kept, stateText)].map(([state, members]) => `${members.length.toLocaleString('en-US')} ${state}`).toSorted();
  return `${kept.length === 1 ? '1 connection' : `${kept.length.toLocaleString('en-US')} connections`} (${states.join(', ')}), seen since ${firstSeenText(kept)}`;
}

function stateText({ state }: Connection): string {
  return state === 'approved' || state === 'learned' ? state : 'not decided about';
}

function namedText(texts: readonly string[]): string {
  const more = texts.length > NAMED ? `, and ${texts.length - NAMED} more` : '';
  return `${texts.slice(0, NAMED).join(', ')}${more}`;
}
