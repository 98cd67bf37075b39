import { ChangeFailed, ClusterUnreachable, type OpenCluster } from '#src/model/clusters.ts';
import type { Change, ChangeResult, Plan, Proof, Verification } from '#src/model/plan.ts';
import { differences } from '#src/model/plan-differences.ts';
import { SourceFailed } from '#src/model/people.ts';
import { NothingToPropose, OBSERVED_WITHIN_MS, type ApprovalKind, type ApprovalRequest, type Observed, type PodsBefore, type Proposal } from '#src/model/request.ts';
import { holdsFor, isWithinPlacesOf } from './any-plan.ts';
import { mayBeMade } from './effect-steps.ts';
import { CLOCK, turnOf } from './journal.ts';
import type { Ledger } from './ledger.ts';
import { step, type RequestEvent } from './machine.ts';
import { podsBefore } from './pods-before.ts';
import type { ApprovalsDeps, OpenNamed } from './ports.ts';
import { neededFor, newRequest, propose } from './propose.ts';
import { endOf, hasHadItsTime } from './standing.ts';

/** One attempt of a job at a request. */
interface Attempt {
  readonly open: OpenNamed;
  readonly signal: AbortSignal;
  readonly last: boolean;
  /** Clusters that do not answer in this attempt, with what was met. */
  readonly away: Map<string, Error>;
}

export interface CarryOut {
  readonly advance: (id: string, signal: AbortSignal, last: boolean) => Promise<void>;
}

/**
 * Brings a request to its next lasting state, one stored step after the other. Whoever runs this a second time goes on from what is
 * stored; of two at the same time each step is stored by one.
 */
export function createCarryOut(deps: ApprovalsDeps, ledger: Ledger): CarryOut {
  const { store, world } = deps;
  const act = async (id: string, event: RequestEvent): Promise<void> => {
    await ledger.apply(id, event, 'in-hand');
  };
  return {
    async advance(id, signal, last) {
      const connections = createConnections(deps, signal);
      const attempt: Attempt = { open: (name) => connections.open(name), signal, last, away: new Map() };
      let turn: number | undefined;
      try {
        for (;;) {
          signal.throwIfAborted();
          const request = await store.get(id);
          if (request === undefined) return;
          // Somebody has retried or undone it meanwhile, for which there is another job. It asks clusters anew.
          if (turnOf(request) !== (turn ??= turnOf(request))) return;
          await advanceOne(request, attempt);
          if ((await store.get(id))?.version !== request.version) continue;
          // Nothing was left to do, or another process does it.
          await ledger.settle(request);
          return;
        }
      } finally {
        connections.close();
      }
    },
  };

  async function advanceOne(request: ApprovalRequest, attempt: Attempt): Promise<void> {
    switch (request.state) {
      case 'approved':
        return start(request, attempt);
      case 'applying':
        return makeNext(request, attempt);
      case 'reverting':
        return takeBackNext(request, attempt);
      case 'applied':
      case 'failed':
        if (hasHadItsTime(request, world.clock.now())) await ledger.apply(request.id, { type: 'undo', by: CLOCK });
        else if (isWatchedLongEnough(request, world.clock.now())) await act(request.id, { type: 'observe', observed: unproven(world.clock.now()) });
        return;
      default:
        return;
    }
  }

  /** What was approved is done only if the same would be proposed now, or nothing is in its way any more. */
  async function start(request: ApprovalRequest, { open, signal, last }: Attempt): Promise<void> {
    const { id } = request;
    const kind = deps.kinds.find(({ name }) => name === request.kind);
    if (kind === undefined) return act(id, { type: 'failed', reason: `this version of the bot knows no requests of the kind ${request.kind}` });
    let proposal: Proposal;
    let before: PodsBefore | undefined;
    try {
      await kind.confirm?.(kind.subject.parse(request.subject), world, signal);
      proposal = await propose(kind, request.subject, deps, signal);
      // Stored before anything is changed, so that no restart loses what later looks are measured by.
      before = await podsBefore(request, world, open, signal);
    } catch (error) {
      if (error instanceof NothingToPropose) return act(id, { type: 'void', reason: error.message });
      if (!last || signal.aborted || !(isAboutCluster(error) || error instanceof SourceFailed)) throw error;
      return act(id, { type: 'failed', reason: error instanceof SourceFailed ? `nothing was changed, because nobody could say whether it is still so: ${error.message}` : error.message });
    }
    const { card, plan } = proposal;
    const planHash = deps.executor.planHash(plan);
    const isOther = planHash !== request.planHash;
    const others = isOther ? differences(request.plan, plan) : [];
    const instead = isOther ? heldBy(request, kind, plan, others) : undefined;
    const changed = [...(instead === undefined ? others : []), ...moreAsked(request, proposal, neededFor(kind, proposal, deps))];
    if (changed.length > 0) return giveWay(request, kind, proposal, changed);
    await act(id, { type: 'begin', ...(instead && { instead: { ...instead, card, plan, planHash } }), ...(!isOther && before && { podsBefore: before }) });
  }

  async function giveWay(request: ApprovalRequest, kind: ApprovalKind, proposal: Proposal, changed: readonly string[]): Promise<void> {
    const { id, requester, channel, identity } = request;
    // What was made less goes on standing for all of it: repeats join it, and no other is filed in its place.
    const successor = { ...newRequest(kind, request.subject, proposal, { requester, channel }, deps), identity, follows: { id, changed } };
    const outcome = step(request, { type: 'void', reason: 'what would be done has changed since it was asked', successor: successor.id }, world.clock.now());
    if ('refused' in outcome || !(await store.succeed(outcome.request, ledger.filing(outcome.request), successor, ledger.filing(successor)))) return;
    await ledger.follow(outcome.request);
    await ledger.follow(successor);
  }

  async function makeNext(request: ApprovalRequest, attempt: Attempt): Promise<void> {
    const { id, plan, results } = request;
    const index = results.findIndex(({ state }, place) => state === 'open' && !isAway(plan.changes[place], attempt));
    const change = plan.changes[index];
    if (change !== undefined) {
      const result = await attemptChange(change, attempt, 'failed', async (cluster) => {
        // Whoever finds this after a crash knows that the change may have been made.
        await ledger.apply(id, { type: 'attempt', index }, 'nothing');
        // What says on itself when it ends does so even when the request is lost.
        const until = endOf(request, world.clock.now());
        return deps.executor.makeChange(change, cluster, { request: id, ...(until !== undefined && { until }) }, attempt.signal);
      });
      const wasAttempted = results[index]?.uncertain === true && result?.state === 'failed';
      if (result === undefined) await makeNext(request, attempt);
      else await act(id, { type: 'progress', index, result: wasAttempted ? { ...result, uncertain: true } : result });
      return;
    }
    throwAway(attempt);
    const count = results.filter(({ state }) => state === 'failed').length;
    if (count > 0) return act(id, { type: 'failed', reason: `${count} of ${results.length} changes failed` });
    await act(id, { type: 'achieved', verification: await verify(plan.proofs, attempt) });
  }

  /** Nobody having been able to look is told as such, and undoes nothing. */
  async function verify(proofs: readonly Proof[], { signal, last }: Attempt): Promise<Verification> {
    const now = world.clock.now();
    try {
      return await deps.executor.verify(proofs, (name) => world.clusters.open(name, signal), now, signal);
    } catch (error) {
      if (!last || signal.aborted || !isAboutCluster(error)) throw error;
      return { at: now.toISOString(), failures: [], unknown: [error.message] };
    }
  }

  /** In the reverse order. */
  async function takeBackNext(request: ApprovalRequest, attempt: Attempt): Promise<void> {
    const { id, plan, results } = request;
    const index = results.findLastIndex((result, place) => mayBeMade(result) && !isAway(plan.changes[place], attempt));
    const [change, made] = [plan.changes[index], results[index]];
    if (change !== undefined && made !== undefined) {
      const result = await attemptChange(change, attempt, 'not-taken-back', (cluster) => deps.executor.takeBack(change, made, cluster, id, attempt.signal));
      if (result === undefined) await takeBackNext(request, attempt);
      else await act(id, { type: 'taken-back', index, result: takenBackResult(made, result) });
      return;
    }
    throwAway(attempt);
    const count = results.filter(({ state }) => state === 'not-taken-back').length;
    if (count > 0) return act(id, { type: 'revert-failed', reason: `${count} of ${results.length} changes could not be taken back` });
    const { undone = [] } = plan;
    await act(id, { type: 'reverted', ...(undone.length > 0 && { verification: await verify(undone, attempt) }) });
  }
}

/** What is to be told where the approval counts for another plan; undefined where it does not. */
function heldBy({ plan: asked, changedSince = [] }: ApprovalRequest, kind: ApprovalKind, plan: Plan, others: readonly string[]): Pick<ApprovalRequest, 'changedSince'> | undefined {
  if (kind.holdsWithoutChanges && isWithoutChanges(asked, plan)) return {};
  return holdsFor(kind, plan) && isWithinPlacesOf(asked, plan) ? { changedSince: [...changedSince, ...others] } : undefined;
}

/** Why an approval does not count any more, whatever would be done. */
function moreAsked(request: ApprovalRequest, { targets }: Proposal, needed: number): readonly string[] {
  const isAboutOthers = targets.some((target) => !request.targets.includes(target));
  return [...(isAboutOthers ? ['It is about other people than before.'] : []), ...(needed > request.needed ? [`It needs ${needed} approvals now.`] : [])];
}

/** Nothing is to be changed, and nothing that people would have to know is new. */
function isWithoutChanges(asked: Plan, { changes, stays, proofs, basis }: Plan): boolean {
  return changes.length === 0 && proofs.length === 0 && stays.every((text) => asked.stays.includes(text)) && basis.length === asked.basis.length && basis.every((text) => asked.basis.includes(text));
}

function isWatchedLongEnough({ observed }: ApprovalRequest, now: Date): boolean {
  return observed?.state === 'waiting' && now.getTime() >= Date.parse(observed.at) + OBSERVED_WITHIN_MS;
}

function unproven(now: Date): Observed {
  return { state: 'unproven', at: now.toISOString(), text: `no traffic has shown it within ${OBSERVED_WITHIN_MS / 60_000} minutes` };
}

/** Whatever is not taken back can be tried again, with all that is known of how it was made. */
function takenBackResult({ uid, uncertain }: ChangeResult, { state, problem, command }: ChangeResult): ChangeResult {
  if (state === 'taken-back') return { state, ...(uid !== undefined && { uid }) };
  return { state: 'not-taken-back', ...(problem !== undefined && { problem }), ...(command !== undefined && { command }), ...(uid !== undefined && { uid }), ...(uncertain && { uncertain }) };
}

/** The result of one change; undefined when its cluster does not answer and another attempt follows. */
async function attemptChange(change: Change, { open, signal, last, away }: Attempt, failure: 'failed' | 'not-taken-back', work: (cluster: OpenCluster) => Promise<ChangeResult>): Promise<ChangeResult | undefined> {
  try {
    return await work(await open(change.address.cluster));
  } catch (error) {
    if (signal.aborted || !isAboutCluster(error)) throw error;
    const isPassing = error instanceof ClusterUnreachable || error.fault === 'busy' || error.fault === 'unknown';
    const isUncertain = error instanceof ChangeFailed && error.fault === 'unknown';
    if (isPassing && !last) away.set(change.address.cluster, error);
    return away.has(change.address.cluster) ? undefined : { state: failure, problem: error.message, ...(isUncertain && { uncertain: true }) };
  }
}

function isAboutCluster(error: unknown): error is ClusterUnreachable | ChangeFailed {
  return error instanceof ClusterUnreachable || error instanceof ChangeFailed;
}

function isAway(change: Change | undefined, { away }: Attempt): boolean {
  return change !== undefined && away.has(change.address.cluster);
}

/** Whatever else could be done has been done; the rest is for the next attempt. */
function throwAway({ away }: Attempt): void {
  for (const error of away.values()) throw error;
}

/** Each cluster is opened once. One that did not answer is not asked again. */
function createConnections({ world }: ApprovalsDeps, signal: AbortSignal) {
  const opened = new Map<string, Promise<OpenCluster>>();
  return {
    open(name: string): Promise<OpenCluster> {
      const known = opened.get(name) ?? world.clusters.open(name, signal);
      opened.set(name, known);
      return known;
    },
    close(): void {
      for (const connection of opened.values()) void connection.then(({ close }) => close(), () => undefined);
    },
  };
}
