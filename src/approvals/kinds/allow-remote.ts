import { z } from 'zod';
import { allowedBy } from '#src/connections/allowlist.ts';
import { connectionText, enforces, momentText, whoseText } from '#src/model/connection-words.ts';
import type { AllowEntry, Connection, ConnectionSettings } from '#src/model/connection.ts';
import { labelsText } from '#src/model/labels.ts';
import type { ProposalWorld } from '#src/model/approvals.ts';
import { defineApprovalKind, NothingToPropose } from '#src/model/request.ts';
import { durationWords } from '#src/model/duration.ts';

/** Denied connections that the card names. */
const NAMED = 3;

const subject = z.strictObject({
  cluster: z.string(),
  namespace: z.string().optional(),
  workload: z.string().optional(),
  labels: z.record(z.string(), z.string()).optional(),
  direction: z.enum(['egress', 'ingress']),
  /** As AllowEntry has it. */
  remote: z.string(),
  port: z.int().min(1).max(65_535).optional(),
  lastsMs: z.int().positive().optional(),
  owner: z.string(),
  reason: z.string(),
});
export type AllowRemote = z.output<typeof subject>;

/** Somebody wants something outside to be connected to without being asked about. Whoever asks does not decide, so it takes two people. */
export const kind = defineApprovalKind<AllowRemote>({
  name: 'allow-remote',
  summary: 'A person asks for an entry of the allowlist of external connections.',
  subject,
  expiresAfterMs: 8 * 3600_000,
  approvals: { usual: 1, production: 1 },
  reasonNeeded: false,
  identity: ({ cluster, namespace = '', workload = '', labels, direction, remote, port = 0 }) => [cluster, namespace, workload, direction, remote, port, ...(labels === undefined ? [] : [labelsText(labels)])].join('/'),
  async propose(wish, world) {
    const { cluster, namespace, labels, remote, port, direction, lastsMs, owner, reason } = wish;
    const settings = world.connections.settings(cluster);
    if (settings === undefined) throw new NothingToPropose(`The connections of ${cluster} are not watched: name the cluster under connections in the configuration file.`);
    const now = world.clock.now().toISOString();
    const same = (await world.connections.allowEntries()).find((entry) => isSame(entry, wish) && (entry.until === undefined || entry.until > now));
    if (same !== undefined) throw new NothingToPropose(`That is on the allowlist already, as ${same.id}${same.until === undefined ? '' : ` until ${momentText(same.until)}`}.`);
    const denied = await deniedBefore(wish, settings, world);
    return {
      card: {
        header: 'Allowlist of external connections',
        ask: `${owner} asks to allow ${remote}${port === undefined ? '' : `:${port}`} ${direction === 'egress' ? 'for' : 'into'} ${whoseText(wish)} in ${cluster}: ${reason}`,
        facts: [
          ['Cluster', cluster],
          ['Whose', `${whoseText(wish)} in ${cluster}`],
          ...(labels === undefined ? [] : [['Labels', `of pod templates; whoever may change a workload${namespace === undefined ? '' : ` of ${namespace}`} can give it these`] as const]),
          [direction === 'egress' ? 'To' : 'From', `${remote}${port === undefined ? ', every port' : `, port ${port}`}`],
          ['Reason', reason],
          ...(denied.length === 0 ? [] : [['Denied before', deniedFact(denied)] as const]),
          ['Time', lastsMs === undefined ? 'for good' : `${durationWords(lastsMs)}, from approval`],
        ],
        effect: 'Would be changed',
        approve: 'Allow',
        undo: 'End',
        undone: 'Ended',
        now: `Now: each first connection is asked about. Allowing changes nothing in the cluster${enforces(settings) ? '; what a policy of k8ssec blocks stays blocked' : ''}.`,
        meaning: { approved: `On the allowlist; such connections are not asked about.${denied.length === 0 ? '' : ' What was denied before stays denied.'}`, denied: 'Each first connection is asked about as before.', expired: 'Each first connection is asked about as before.' },
      },
      plan: { changes: [], stays: [], proofs: [], basis: [] },
      clusters: [cluster],
      namespaces: namespace === undefined ? [] : [namespace],
      targets: [],
      ...(lastsMs !== undefined && { lastsMs }),
      sensitive: false,
    };
  },
});

function isSame(entry: Partial<AllowRemote>, wish: AllowRemote): boolean {
  const [labels, wanted] = [entry, wish].map((one) => one.labels && labelsText(one.labels));
  return entry.cluster === wish.cluster && entry.namespace === wish.namespace && entry.workload === wish.workload && labels === wanted && entry.direction === wish.direction && entry.remote === wish.remote && entry.port === wish.port;
}

/** As it stands on the list when it is approved. */
export function allowEntryOf(id: string, { lastsMs, namespace, workload, labels, port, ...entry }: AllowRemote): AllowEntry {
  return { ...entry, id, ...(namespace !== undefined && { namespace }), ...(workload !== undefined && { workload }), ...(labels !== undefined && { labels }), ...(port !== undefined && { port }) };
}

function deniedFact(denied: readonly Connection[]): string {
  const named = denied.slice(0, NAMED).map(({ key, request }) => `${connectionText(key)}${request === undefined ? '' : ` in ${request}`}`);
  return `${named.join(', ')}${denied.length > NAMED ? ` and ${denied.length - NAMED} more` : ''}; stays denied, and blocked where it is`;
}

/** Denied connections that the entry would cover. Where nobody can tell the labels of the pods, it may. */
async function deniedBefore(wish: AllowRemote, settings: ConnectionSettings, { connections, clock }: ProposalWorld): Promise<readonly Connection[]> {
  const wanted = new Map(Object.entries(wish.labels ?? {}));
  const found: Connection[] = [];
  for (const connection of await connections.inState(wish.cluster, 'denied')) {
    const entry = await allowedBy(connection, [allowEntryOf('', wish)], settings, clock.now(), async (workload) => (await connections.podLabels(wish.cluster, workload)) ?? wanted);
    if (entry !== undefined) found.push(connection);
  }
  return found;
}
