import { z } from 'zod';
import { allowedBy } from '#src/connections/allowlist.ts';
import { connectionText, enforces, momentText } from '#src/model/connection-words.ts';
import type { AllowEntry, Connection } from '#src/model/connection.ts';
import { defineApprovalKind, NothingToPropose } from '#src/model/request.ts';
import { durationWords } from '#src/model/duration.ts';

/** Denied connections that the card names. */
const NAMED = 3;

const subject = z.strictObject({
  cluster: z.string(),
  namespace: z.string().optional(),
  workload: z.string().optional(),
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
  identity: ({ cluster, namespace = '', workload = '', direction, remote, port = 0 }) => [cluster, namespace, workload, direction, remote, port].join('/'),
  async propose(wish, world) {
    const { cluster, namespace, remote, port, direction, lastsMs, owner, reason } = wish;
    const settings = world.connections.settings(cluster);
    if (settings === undefined) throw new NothingToPropose(`The connections of ${cluster} are not watched: name the cluster under connections in the configuration file.`);
    const now = world.clock.now().toISOString();
    const same = (await world.connections.allowEntries()).find((entry) => isSame(entry, wish) && (entry.until === undefined || entry.until > now));
    if (same !== undefined) throw new NothingToPropose(`That is on the allowlist already, as ${same.id}${same.until === undefined ? '' : ` until ${momentText(same.until)}`}.`);
    const denied = (await world.connections.inState(cluster, 'denied')).filter((connection) => allowedBy(connection, [allowEntryOf('', wish)], settings, world.clock.now()) !== undefined);
    return {
      card: {
        header: 'Allowlist of external connections',
        ask: `${owner} asks to allow ${remote}${port === undefined ? '' : `:${port}`} ${direction === 'egress' ? 'for' : 'into'} ${whose(wish)}: ${reason}`,
        facts: [
          ['Cluster', cluster],
          ['Whose', whose(wish)],
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
  return entry.cluster === wish.cluster && entry.namespace === wish.namespace && entry.workload === wish.workload && entry.direction === wish.direction && entry.remote === wish.remote && entry.port === wish.port;
}

/** As it stands on the list when it is approved. */
export function allowEntryOf(id: string, { lastsMs, namespace, workload, port, ...entry }: AllowRemote): AllowEntry {
  return { ...entry, id, ...(namespace !== undefined && { namespace }), ...(workload !== undefined && { workload }), ...(port !== undefined && { port }) };
}

function deniedFact(denied: readonly Connection[]): string {
  const named = denied.slice(0, NAMED).map(({ key, request }) => `${connectionText(key)}${request === undefined ? '' : ` in ${request}`}`);
  return `${named.join(', ')}${denied.length > NAMED ? ` and ${denied.length - NAMED} more` : ''}; stays denied, and blocked where it is`;
}

function whose({ cluster, namespace, workload }: AllowRemote): string {
  if (workload !== undefined) return `${namespace ?? '*'}/${workload} in ${cluster}`;
  return namespace === undefined ? `every workload in ${cluster}` : `all of ${namespace} in ${cluster}`;
}
