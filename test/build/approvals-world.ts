import type { Redis } from 'ioredis';
import { z } from 'zod';
import { createApprovals } from '#src/approvals/approvals.ts';
import type { ApprovalsDeps, Executor } from '#src/approvals/ports.ts';
import type { Caller } from '#src/model/access.ts';
import { NOTHING_WATCHED } from '#src/model/activity.ts';
import { NO_CONNECTIONS } from '#src/model/connection.ts';
import type { ApprovalRuns, Approvals } from '#src/model/approvals.ts';
import { ClusterUnreachable, type Cluster, type OpenCluster } from '#src/model/clusters.ts';
import type { DecisionEntry } from '#src/model/decision-log.ts';
import { defineJob, type QueuedJob } from '#src/model/job.ts';
import { defineApprovalKind, NothingToPropose, type ApprovalRequest, type Proposal } from '#src/model/request.ts';
import { NO_ACCESS_SETTINGS, NO_APPROVAL_SETTINGS, type ApprovalSettings } from '#src/model/settings.ts';
import { createDecisionLog } from '#src/store/decision-log.ts';
import { createRequestStore } from '#src/store/requests.ts';
import { createMovedClock, type MovedClock } from '#test/fakes/clock.ts';
import { createKeptLog, type KeptLog } from '#test/fakes/log.ts';
import { entriesOf, firstBroken } from './decisions.ts';
import { installation } from './installation.ts';
import { aRequest, removalOf } from './request.ts';

export const ATTEMPTS = 5;
const SIGNAL = new AbortController().signal;

/** What the kind of the tests would propose now; a text is why it has nothing to propose. */
export type Wish = Partial<Proposal> | string;

/** The world outside of processes: what stays when one of them dies. */
export interface Outside {
  readonly redis: Redis;
  readonly clock: MovedClock;
  readonly log: KeptLog;
  /** What stands in the cluster, and everything that was ever done to it. */
  readonly made: Set<string>;
  readonly deeds: string[];
  /** Messages as they stand, by request. */
  readonly shown: Map<string, ApprovalRequest>;
  /** Jobs by id, with the moment at which each is due. */
  readonly jobs: Map<string, { readonly job: QueuedJob; readonly dueAt: number; attempts: number }>;
  wish: Wish;
  /** Of the kind; known to processes that begin later. */
  holdsWithoutChanges: boolean;
  /** The same. */
  holdsForAnyPlan: boolean;
  /** What comes of asking once more right before anything is done. */
  doubt: Error | undefined;
  /** Clusters that do not answer. */
  readonly away: Set<string>;
  /** What changes meet, by name of the object. */
  readonly faults: Map<string, string>;
  settings: ApprovalSettings;
  verification: { failures: readonly string[] };
}

export function anOutside(redis: Redis): Outside {
  return {
    redis,
    clock: createMovedClock(),
    log: createKeptLog(),
    made: new Set(),
    deeds: [],
    shown: new Map(),
    jobs: new Map(),
    wish: {},
    holdsWithoutChanges: false,
    holdsForAnyPlan: false,
    doubt: undefined,
    away: new Set(),
    faults: new Map(),
    settings: { ...NO_APPROVAL_SETTINGS, channel: 'C0SECAPPR1' },
    verification: { failures: [] },
  };
}

/** Called with the name of every call that a process makes to the outside; what it gives back is waited for, so that it can die or be late. */
export type Watch = (call: string, work: () => Promise<unknown>) => Promise<unknown>;

/** A process of the bot: everything that it holds in memory is lost with it. */
export function aProcess(outside: Outside, watch?: Watch): Approvals & ApprovalRuns {
  return createApprovals(depsOf(outside, watch));
}

/** What such a process reaches the outside by. */
export function depsOf(outside: Outside, watch: Watch = (_, run) => run()): ApprovalsDeps {
  const { redis, clock, log } = outside;
  return {
    store: watched('store', createRequestStore(redis, 3600_000), watch),
    kinds: [{ ...kindOf(outside), propose: (subject, world, signal) => watch('kind.propose', () => kindOf(outside).propose(subject as { person: string }, world, signal)) as Promise<Proposal> }],
    world: {
      clock,
      clusters: { all: () => CLUSTERS, find: (name) => CLUSTERS.find((cluster) => cluster.name === name), open: (name) => watch('clusters.open', () => openOf(name, outside)) as Promise<OpenCluster>, settings: { ciAccounts: [] } },
      people: { all: () => Promise.resolve([]), stateNow: () => Promise.resolve([]) },
      activity: NOTHING_WATCHED,
      connections: NO_CONNECTIONS,
      settings: NO_ACCESS_SETTINGS,
      installation,
    },
    settings: outside.settings,
    approvers: { ids: () => ['S0SECAPPR1'], may: (caller) => Promise.resolve(caller.userId === STRANGER.userId ? { allowed: false, reason: 'You are no approver.', ask: ['S0SECAPPR1'] } : { allowed: true }) },
    executor: watched('executor', executorOf(outside), watch, ['planHash']),
    publish: (request) => watch('publish', () => publish(request, outside)) as Promise<void>,
    decisions: watched('decisions', createDecisionLog(redis), watch),
    queue: watched('queue', queueOf(outside), watch),
    job: JOB,
    log,
  };
}

export const CLUSTERS: readonly Cluster[] = [
  { name: 'prod-eu', production: true, channel: 'C0SECPROD1', schedule: 'off', timeZone: 'UTC' },
  { name: 'dev', production: false, channel: undefined, schedule: 'off', timeZone: 'UTC' },
];

export function caller(name: string): Caller {
  return { userId: `U0${name.toUpperCase()}`, name, teamId: 'T0HOME0001', channelId: 'C0SECPROD1', via: 'button' };
}

export const STRANGER = caller('mallory');
export const ANN = caller('ann');
export const REQUESTER = { person: ANN.userId, name: ANN.name };

const JOB = defineJob({ name: 'carry-out', summary: '', payload: z.strictObject({ request: z.string() }), attempts: ATTEMPTS, backoffMs: 1, timeoutMs: 1000, repeat: '', run: () => Promise.resolve() });

interface WishedRemoval {
  readonly person: string;
  /** Names of what alone is wanted. */
  readonly only?: string[] | undefined;
}

function kindOf(outside: Outside) {
  return defineApprovalKind<WishedRemoval>({
    name: 'remove-person',
    summary: 'Somebody loses what they have.',
    subject: z.object({ person: z.string(), only: z.array(z.string()).optional() }),
    expiresAfterMs: 8 * 3600_000,
    approvals: { usual: 1, production: 1 },
    reasonNeeded: false,
    ...(outside.holdsWithoutChanges && { holdsWithoutChanges: true }),
    ...(outside.holdsForAnyPlan && { holdsForAnyPlan: true }),
    identity: ({ person, only }) => (only === undefined ? person : `${person}: ${only.join(' ')}`),
    confirm: () => (outside.doubt === undefined ? Promise.resolve() : Promise.reject(outside.doubt)),
    narrow: (wish, parts) => ({ ...wish, only: [...parts] }),
    propose: ({ only }) => {
      if (typeof outside.wish === 'string') return Promise.reject(new NothingToPropose(outside.wish));
      const { card, plan } = aRequest();
      const proposal = { card, plan, clusters: ['dev'], namespaces: [], targets: [], sensitive: false, ...outside.wish };
      const changes = proposal.plan.changes.filter(({ address }) => only?.includes(address.name) ?? true);
      return Promise.resolve({ ...proposal, plan: { ...proposal.plan, changes }, parts: changes.map(({ address }) => [address.name]) });
    },
  });
}

/** Every change is made once, however often it is asked for; each time that something really happens is noted. */
function executorOf(outside: Outside): Executor {
  const { made, deeds, faults } = outside;
  const problem = (name: string) => Promise.resolve({ state: 'failed', problem: faults.get(name) ?? '' } as const);
  return {
    planHash: (plan) => `hash of ${JSON.stringify(plan)}`.slice(0, 400),
    makeChange(change, _, { request }) {
      const { name } = change.address;
      if (faults.has(name)) return problem(name);
      const key = `${request}/${name}`;
      if (!made.has(key)) deeds.push(`made ${key}`);
      made.add(key);
      return Promise.resolve({ state: 'done', uid: `uid of ${name}` });
    },
    takeBack(change, _result, _cluster, id) {
      const { name } = change.address;
      if (faults.has(name)) return problem(name);
      const key = `${id}/${name}`;
      if (made.has(key)) deeds.push(`took back ${key}`);
      made.delete(key);
      return Promise.resolve({ state: 'taken-back' });
    },
    verify: (_proofs, _open, now) => Promise.resolve({ at: now.toISOString(), failures: outside.verification.failures, unknown: [] }),
  };
}

async function openOf(name: string, { away }: Outside): Promise<OpenCluster> {
  if (away.has(name)) throw new ClusterUnreachable(`${name} does not answer`);
  return { close: () => undefined } as OpenCluster;
}

/** A message shows the latest version that it was told of. */
async function publish(request: ApprovalRequest, { shown }: Outside): Promise<void> {
  if ((shown.get(request.id)?.version ?? 0) < request.version) shown.set(request.id, request);
}

function queueOf({ jobs, clock }: Outside): ApprovalsDeps['queue'] {
  return {
    async add(job) {
      if (!jobs.has(job.id)) jobs.set(job.id, { job, dueAt: clock.now().getTime() + (job.delayMs ?? 0), attempts: 0 });
    },
    isPending: async (id) => jobs.has(id),
  };
}

/** The methods of a port, each call of which is watched. */
function watched<Port extends object>(name: string, port: Port, watch: Watch, except: readonly string[] = []): Port {
  return new Proxy(port, {
    get(target, property) {
      const member: unknown = Reflect.get(target, property);
      if (typeof member !== 'function' || except.includes(String(property))) return member;
      return (...args: readonly unknown[]) => watch(`${name}.${String(property)}`, async () => (member as (...given: readonly unknown[]) => Promise<unknown>)(...args));
    },
  });
}

/** Runs every job that is due, as a worker would, until there is none left. */
export async function work(outside: Outside, process: ApprovalRuns): Promise<void> {
  const { jobs, clock } = outside;
  for (;;) {
    const due = [...jobs].find(([, { dueAt }]) => dueAt <= clock.now().getTime());
    if (due === undefined) return;
    const [id, entry] = due;
    const { request } = entry.job.payload as { readonly request: string };
    entry.attempts += 1;
    const error = await process.advance(request, SIGNAL, entry.attempts >= ATTEMPTS).then(() => undefined, (thrown: unknown) => thrown);
    if (error instanceof Died) throw error;
    if (error !== undefined && entry.attempts < ATTEMPTS) continue;
    jobs.delete(id);
    if (error !== undefined) await process.giveUp(request, 'the bot has a fault');
  }
}

/** The sweep and the workers, until nothing changes any more; the clock stands still. */
export async function quiet(outside: Outside, process: ApprovalRuns): Promise<void> {
  await work(outside, process);
  await process.tend(SIGNAL);
  await work(outside, process);
}

export async function later(outside: Outside, process: ApprovalRuns, ms: number): Promise<void> {
  outside.clock.advance(ms);
  await quiet(outside, process);
}

export async function asked(process: Approvals, person = 'bob'): Promise<ApprovalRequest> {
  return (await process.ask('remove-person', { person }, { requester: REQUESTER }, SIGNAL)).request;
}

export function twoChanges(): Partial<Proposal> {
  return { plan: { changes: [removalOf('ops-bob', 'dev'), removalOf('dev-bob', 'prod-eu')], stays: [], proofs: [], basis: [] } };
}

export async function stored(outside: Outside, id: string): Promise<ApprovalRequest> {
  const request = await createRequestStore(outside.redis, 3600_000).get(id);
  if (request === undefined) throw new Error(`there is no request ${id}`);
  return request;
}

/** The log of decisions; throws when its chain is broken. */
export async function logged(outside: Outside): Promise<readonly DecisionEntry[]> {
  const entries = await entriesOf(createDecisionLog(outside.redis));
  if (firstBroken(entries) !== undefined) throw new Error('the chain of the log is broken');
  return entries.map(({ text }) => JSON.parse(text) as DecisionEntry);
}

/** A process died in this call. */
export class Died extends Error {}

export interface Dying {
  readonly watch: Watch;
  readonly calls: readonly string[];
  readonly isDead: () => boolean;
}

/** Lets a process die at its nth call to the outside, before or after the call had its effect; from then on every call fails. */
export function dyingAt(nth: number, when: 'before' | 'after'): Dying {
  const calls: string[] = [];
  const watch: Watch = async (call, run) => {
    calls.push(call);
    if (calls.length < nth) return run();
    if (calls.length === nth && when === 'after') await run();
    throw new Died(`${when} ${call}`);
  };
  return { watch, calls, isDead: () => calls.length >= nth };
}
