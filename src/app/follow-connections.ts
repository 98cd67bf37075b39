import { allowEntryOf, type AllowRemote } from '#src/approvals/kinds/allow-remote.ts';
import type { BlockConnection } from '#src/approvals/kinds/block-connection.ts';
import type { FirstConnection } from '#src/approvals/kinds/first-connection.ts';
import { modeOf } from '#src/model/connection-words.ts';
import type { Connection, ConnectionChange, ConnectionSettings, ConnectionStore } from '#src/model/connection.ts';
import type { Queue } from '#src/model/job.ts';
import type { ApprovalRequest, Decision } from '#src/model/request.ts';
import { job as blockDenied } from '#jobs/block-denied.ts';

export interface FollowNeeds {
  readonly store: Pick<ConnectionStore, 'get' | 'change' | 'allowEntries' | 'addAllowEntry' | 'endAllowEntry'>;
  readonly settings: (cluster: string) => ConnectionSettings | undefined;
  readonly queue: Pick<Queue, 'add'>;
}

const DAY_MS = 24 * 3600_000;
/** Without a decision, a connection is asked about again when it is seen after this long. */
const ASK_AGAIN_MS = 7 * DAY_MS;

/**
 * Brings connections and allowlist to what has become of the requests about them. Called after each change of a request, and safe to
 * repeat; what an older request says changes nothing that a newer one has decided.
 */
export async function followConnections(request: ApprovalRequest, needs: FollowNeeds): Promise<void> {
  if (request.kind === 'first-connection') await followConnection(request, request.subject as FirstConnection, needs);
  if (request.kind === 'block-connection') await followBlock(request, request.subject as BlockConnection, needs);
  if (request.kind === 'allow-remote') await followEntry(request, request.subject as AllowRemote, needs);
}

async function followConnection(request: ApprovalRequest, { cluster, connections: ids }: FirstConnection, needs: FollowNeeds): Promise<void> {
  for (const id of ids) await bring(cluster, id, needs, (connection) => changeBy(connection, request));
  if (request.state !== 'denied') return;
  const { decision, id, channel } = request;
  const settings = needs.settings(cluster);
  const [namespace] = request.namespaces;
  if (settings === undefined || namespace === undefined || modeOf(settings, namespace) === 'observe') return;
  const reason = decision?.reason ?? 'denied';
  await needs.queue.add({ job: blockDenied, payload: { cluster, connections: [...ids], reason, by: decision?.by.name ?? 'k8ssec', channel, request: id }, id: `block-denied-${id}` });
}

async function followBlock(request: ApprovalRequest, { cluster, connections: ids }: BlockConnection, needs: FollowNeeds): Promise<void> {
  for (const id of ids) await bring(cluster, id, needs, (connection) => changeByUnblocking(connection, request));
}

/** Tried anew when somebody else changes the record meanwhile. */
async function bring(cluster: string, id: string, { store }: FollowNeeds, changeOf: (connection: Connection) => ConnectionChange | undefined): Promise<void> {
  for (;;) {
    const [connection] = await store.get(cluster, [id]);
    const change = connection === undefined ? undefined : changeOf(connection);
    if (connection === undefined || change === undefined) return;
    if ((await store.change(connection, change)) !== undefined) return;
  }
}

/** What a request makes of a connection; undefined where that stands already, or is not for this request to say. */
export function changeBy(connection: Connection, request: ApprovalRequest): ConnectionChange | undefined {
  const isMine = connection.request === request.id;
  const wanted = wantedBy(request);
  if (wanted === undefined) return undefined;
  if (wanted.state === 'pending') return isMine || connection.state === 'approved' || connection.state === 'denied' || connection.state === 'pending' ? undefined : wanted;
  if (!isMine) return undefined;
  const isSame = connection.state === wanted.state && connection.decision?.at === wanted.decision?.at && connection.decision?.until === wanted.decision?.until && connection.notBefore === wanted.notBefore;
  return isSame ? undefined : wanted;
}

/**
 * Whoever takes a block back takes back the denial that it was for, if that is not a newer one: the connection is asked about again when it
 * is seen next. That a block was rolled back because it did harm, or could not be taken back, changes nothing about what people decided.
 */
export function changeByUnblocking(connection: Connection, request: ApprovalRequest): ConnectionChange | undefined {
  const { id, state, revert } = request;
  if (state !== 'reverted' || revert?.by.person === undefined || connection.state !== 'denied') return undefined;
  if (connection.decision !== undefined && connection.decision.at > revert.at) return undefined;
  return { state: 'expired', request: id, notBefore: changedAtOf(request) };
}

function wantedBy(request: ApprovalRequest): ConnectionChange | undefined {
  const { id, state, decision, endsAt } = request;
  const changedAt = changedAtOf(request);
  switch (state) {
    case 'pending':
    case 'partly-approved':
      return { state: 'pending', request: id };
    case 'approved':
    case 'applying':
    case 'applied':
    case 'failed':
      return { state: 'approved', request: id, ...decided(decision, endsAt) };
    case 'denied':
      return { state: 'denied', request: id, ...decided(decision) };
    case 'expired':
      return { state: 'expired', request: id, notBefore: new Date(Date.parse(changedAt) + ASK_AGAIN_MS).toISOString() };
    case 'canceled':
    case 'void':
      return { state: 'new', request: id };
    case 'reverting':
    case 'reverted':
    case 'revert-failed':
      // Its time is over, or somebody took the approval back: asked about again when it is seen next.
      return { state: 'expired', request: id, notBefore: changedAt };
  }
}

function changedAtOf({ journal, createdAt }: ApprovalRequest): string {
  return journal.at(-1)?.at ?? createdAt;
}

function decided(decision: Decision | undefined, until?: string): Pick<ConnectionChange, 'decision'> {
  if (decision === undefined) return {};
  const { by, at, reason } = decision;
  return { decision: { by: by.name, at, ...(reason !== undefined && { reason }), ...(until !== undefined && { until }) } };
}

async function followEntry({ id, state, endsAt, decision }: ApprovalRequest, wish: AllowRemote, { store }: FollowNeeds): Promise<void> {
  if (state === 'reverting' || state === 'reverted') {
    await store.endAllowEntry(id);
    return;
  }
  if (state !== 'applied' || (wish.lastsMs !== undefined && endsAt === undefined)) return;
  await store.addAllowEntry({ ...allowEntryOf(id, wish), ...(decision && { since: decision.at }), ...(endsAt !== undefined && { until: endsAt }) });
}
