import { z } from 'zod';
import { allowedBy, decisionBy } from '#src/connections/allowlist.ts';
import { workloadKey } from '#src/model/connection-key.ts';
import type { ConnectedWorkload, Connection, ConnectionDirection, ConnectionSettings } from '#src/model/connection.ts';
import { defineJob } from '#src/model/job.ts';
import { NothingToPropose } from '#src/model/request.ts';
import type { Services } from '#src/model/services.ts';

/** What a new workload does in its first moments is asked about at once. */
const GATHER_MS = 10_000;
/** Requests of one cluster that wait at the same time; the others follow when these are decided. */
const WAITING_AT_ONCE = 25;
/** More of one workload become a second request. */
const AT_ONCE = 60;

/** Asks about connections with the outside that nobody has decided about: those of one workload in one request. */
export const job = defineJob({
  name: 'ask-connections',
  summary: 'Ask approvers about first connections with the outside.',
  payload: z.strictObject({ cluster: z.string() }),
  attempts: 3,
  backoffMs: 10_000,
  timeoutMs: 2 * 60_000,
  repeat: 'Asking about the same connections again joins the open request, and what is asked about is not new any more.',
  async run({ cluster }, services, { signal }) {
    const { connections, approvals, log, clock } = services;
    const settings = connections.settings(cluster);
    if (settings === undefined) return;
    let room = WAITING_AT_ONCE - (await connections.waiting(cluster));
    if (room <= 0) return;
    for await (const group of groupsOf({ settings, now: clock.now(), services })) {
      signal.throwIfAborted();
      try {
        await approvals.ask('first-connection', { cluster, connections: group.map(({ id }) => id) }, { requester: { name: 'k8ssec' }, ...(settings.channel !== undefined && { channel: settings.channel }) }, signal);
      } catch (error) {
        if (!(error instanceof NothingToPropose)) throw error;
        log.warn({ cluster, reason: error.message }, 'connections could not be asked about');
      }
      room -= 1;
      if (room === 0) return;
    }
  },
});

interface Asking {
  readonly settings: ConnectionSettings;
  readonly now: Date;
  readonly services: Services;
}

/** What is ripe, by workload and direction: what is new goes before what was learned, and what was seen first before the rest. */
async function* groupsOf(asking: Asking): AsyncGenerator<readonly Connection[]> {
  const { settings: { cluster }, now, services: { connections } } = asking;
  const done = new Set<string>();
  for (const state of ['new', 'learned'] as const) {
    for await (const workloads of connections.workloadsToAsk(cluster, state, state === 'new' ? ripeAt(now) : now)) {
      const isLearning = await connections.learning(cluster, workloads);
      for (const [index, workload] of workloads.entries()) {
        const hasEnded = isLearning[index] === false;
        if (done.has(workloadKey(workload)) || (state === 'learned' && !hasEnded)) continue;
        done.add(workloadKey(workload));
        yield* groupsOfWorkload(workload, hasEnded, asking);
      }
    }
  }
}

/** New for a moment, or learned by a workload that is not learned any more. Read as far as somebody asks about it. */
async function* groupsOfWorkload(workload: ConnectedWorkload, hasEnded: boolean, asking: Asking): AsyncGenerator<readonly Connection[]> {
  const { settings: { cluster }, now, services: { connections } } = asking;
  const gathered: Record<ConnectionDirection, Connection[]> = { egress: [], ingress: [] };
  for (const state of hasEnded ? (['learned', 'new'] as const) : (['new'] as const)) {
    for await (const found of connections.toAsk(cluster, state, workload, state === 'new' ? ripeAt(now) : now)) {
      for (const connection of await withoutAllowed(found, asking)) {
        const group = gathered[connection.key.direction];
        group.push(connection);
        if (group.length === AT_ONCE) yield group.splice(0);
      }
    }
  }
  for (const group of Object.values(gathered)) if (group.length > 0) yield group;
}

function ripeAt(now: Date): Date {
  return new Date(now.getTime() - GATHER_MS);
}

/** What an entry of the allowlist covers meanwhile needs no person. */
async function withoutAllowed(found: readonly Connection[], { settings, now, services: { connections } }: Asking): Promise<readonly Connection[]> {
  const entries = [...settings.allow, ...(await connections.allowEntries())];
  const left: Connection[] = [];
  for (const connection of found) {
    const entry = await allowedBy(connection, entries, settings, now, (workload) => connections.podLabels(settings.cluster, workload));
    if (entry === undefined) left.push(connection);
    else await connections.change(connection, { state: 'approved', decision: decisionBy(entry, now) });
  }
  return left;
}
