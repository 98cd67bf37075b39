import { randomBytes } from 'node:crypto';
import type { Opening } from '#src/model/approvals.ts';
import { NothingToPropose, type ApprovalKind, type ApprovalRequest, type Proposal } from '#src/model/request.ts';
import type { ApprovalsDeps } from './ports.ts';

/** Neither vowels nor what is mistaken for something else, so that ids are no words and can be read out. */
const LETTERS = '23456789bcdfghjkmnpqrstvwxz';
const ID_LENGTH = 6;

/** What a kind proposes now, about a subject as it was stored. @throws {NothingToPropose} */
export async function propose(kind: ApprovalKind, subject: unknown, { world }: ApprovalsDeps, signal: AbortSignal): Promise<Proposal> {
  return kind.propose(kind.subject.parse(subject), world, signal);
}

/** A request as it begins. @throws {NothingToPropose} when there is no channel for it. */
export function newRequest(kind: ApprovalKind, subject: unknown, proposal: Proposal, opening: Opening, deps: ApprovalsDeps): ApprovalRequest {
  const { settings, approvers, executor, world } = deps;
  const { card, plan, parts, clusters, namespaces, targets, about, lastsMs, retype } = proposal;
  const now = world.clock.now();
  const createdAt = now.toISOString();
  const planHash = executor.planHash(plan);
  const production = isProduction(clusters, deps);
  return {
    id: `r${Array.from(randomBytes(ID_LENGTH - 1), (byte) => LETTERS[byte % LETTERS.length]).join('')}`,
    kind: kind.name,
    subject,
    identity: kind.identity(kind.subject.parse(subject)),
    card,
    clusters,
    namespaces,
    production,
    requester: opening.requester,
    targets,
    ...((kind.ownCase ?? proposal.ownCase) && { ownCase: true }),
    ...(about && { about }),
    plan,
    planHash,
    ...(parts && { parts }),
    needed: neededFor(kind, proposal, deps),
    ...(retype !== undefined && { retype }),
    ...((kind.reasonNeeded || production) && { reasonNeeded: true }),
    approvals: [],
    state: 'pending',
    version: 1,
    createdAt,
    expiresAt: new Date(now.getTime() + (settings.kinds[kind.name]?.expiresAfterMs ?? kind.expiresAfterMs)).toISOString(),
    ...(lastsMs !== undefined && { lastsMs }),
    results: [],
    channel: opening.channel ?? channelFor(clusters, deps),
    approvers: approvers.ids({ kind: kind.name, clusters, namespaces }),
    reminders: 0,
    journal: [{ at: createdAt, by: opening.requester, what: 'asked', planHash }],
    logged: 0,
    published: 0,
  };
}

/** People whose approval a proposal needs. */
export function neededFor({ name, approvals }: ApprovalKind, { clusters, sensitive, consented }: Proposal, deps: ApprovalsDeps): number {
  if (consented) return 1;
  const usual = deps.settings.kinds[name]?.approvals ?? (isProduction(clusters, deps) ? approvals.production : approvals.usual);
  return usual + (sensitive ? 1 : 0);
}

function isProduction(clusters: readonly string[], { world }: ApprovalsDeps): boolean {
  return clusters.some((name) => world.clusters.find(name)?.production ?? false);
}

/** The channel of its cluster, where it is about one. */
function channelFor(clusters: readonly string[], { settings, world }: ApprovalsDeps): string {
  const [only, second] = clusters;
  const own = only === undefined || second !== undefined ? undefined : world.clusters.find(only)?.channel;
  const channel = own ?? settings.channel;
  if (channel === undefined) throw new NothingToPropose('There is no channel that this could be asked in. Name one as approvals.channel in the configuration file.');
  return channel;
}
