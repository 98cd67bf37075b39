import { z } from 'zod';
import { allowedBy } from '#src/connections/allowlist.ts';
import type { Connection, ConnectionSettings } from '#src/model/connection.ts';
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
    const { connections, approvals, log } = services;
    const settings = connections.settings(cluster);
    if (settings === undefined) return;
    const undecided = await withoutAllowed(await ripe(cluster, services), settings, services);
    const waiting = new Set((await connections.inState(cluster, 'pending')).map(({ request }) => request)).size;
    for (const group of groupsOf(undecided).slice(0, Math.max(0, WAITING_AT_ONCE - waiting))) {
      signal.throwIfAborted();
      try {
        await approvals.ask('first-connection', { cluster, connections: group.map(({ id }) => id) }, { requester: { name: 'k8ssec' }, ...(settings.channel !== undefined && { channel: settings.channel }) }, signal);
      } catch (error) {
        if (!(error instanceof NothingToPropose)) throw error;
        log.warn({ cluster, reason: error.message }, 'connections could not be asked about');
      }
    }
  },
});

/** New for a moment, or learned by a workload that is not learned any more. */
async function ripe(cluster: string, { connections, clock }: Services): Promise<readonly Connection[]> {
  const before = new Date(clock.now().getTime() - GATHER_MS).toISOString();
  const fresh = (await connections.inState(cluster, 'new')).filter(({ firstSeen }) => firstSeen <= before);
  const learned = await connections.inState(cluster, 'learned');
  const workloads = [...new Map(learned.map(({ key: { workload } }) => [JSON.stringify(workload), workload])).entries()];
  const isLearning = await connections.learning(cluster, workloads.map(([, workload]) => workload));
  const ended = new Set(workloads.filter((_, index) => isLearning[index] === false).map(([name]) => name));
  return [...fresh, ...learned.filter(({ key: { workload } }) => ended.has(JSON.stringify(workload)))];
}

/** What an entry of the allowlist covers meanwhile needs no person. */
async function withoutAllowed(found: readonly Connection[], settings: ConnectionSettings, { connections, clock }: Services): Promise<readonly Connection[]> {
  if (found.length === 0) return found;
  const now = clock.now();
  const entries = [...settings.allow, ...(await connections.allowEntries())];
  const left: Connection[] = [];
  for (const connection of found) {
    const entry = allowedBy(connection, entries, settings, now);
    if (entry === undefined) left.push(connection);
    else await connections.change({ cluster: settings.cluster, id: connection.id, version: connection.version }, { state: 'approved', decision: { by: entry.owner, at: now.toISOString(), reason: entry.reason, ...(entry.until !== undefined && { until: entry.until }) } });
  }
  return left;
}

/** By workload and direction, in the order of first being seen. */
function groupsOf(found: readonly Connection[]): readonly (readonly Connection[])[] {
  const groups = Map.groupBy(found.toSorted((a, b) => (a.firstSeen < b.firstSeen ? -1 : 1)), ({ key }) => JSON.stringify([key.workload, key.direction]));
  return [...groups.values()].flatMap((group) => Array.from({ length: Math.ceil(group.length / AT_ONCE) }, (_, index) => group.slice(index * AT_ONCE, (index + 1) * AT_ONCE)));
}
