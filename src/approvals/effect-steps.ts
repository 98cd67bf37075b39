import type { ChangeResult, Plan, Verification } from '#src/model/plan.ts';
import { OBSERVED_WITHIN_MS, type Actor, type ApprovalRequest, type Observed } from '#src/model/request.ts';
import { JOB, noted } from './journal.ts';
import type { Outcome, RequestEvent } from './machine.ts';
import { endOf, endsSoon, hasHadItsTime } from './standing.ts';

type EventOf<Type extends RequestEvent['type']> = Extract<RequestEvent, { readonly type: Type }>;

const OPEN: ChangeResult = { state: 'open' };

export function begin(request: ApprovalRequest, { podsBefore, instead }: EventOf<'begin'>, now: Date): Outcome {
  if (request.state !== 'approved') return notIn(request);
  const { problem, ...rest } = { ...request, ...instead };
  const reason = instead === undefined ? undefined : (instead.changedSince?.join(' ') ?? 'nothing has to be changed for it any more');
  return { request: { ...rest, state: 'applying', results: rest.plan.changes.map(() => OPEN), ...(podsBefore && { podsBefore }), ...noted(rest, now, JOB, 'applying', reason) } };
}

export function attempt(request: ApprovalRequest, index: number): Outcome {
  const known = request.results[index];
  if (request.state !== 'applying' || known === undefined) return notIn(request);
  if (known.state !== 'open' || known.uncertain) return { refused: 'This change is being made already.' };
  return { request: { ...request, results: request.results.with(index, { ...OPEN, uncertain: true }) } };
}

/** That a change was made is believed also after somebody else was told that it failed. */
export function progress(request: ApprovalRequest, { index, result }: EventOf<'progress'>, now: Date): Outcome {
  const known = request.results[index];
  if (request.state !== 'applying' || known === undefined) return notIn(request);
  const isNews = known.state === 'open' || (known.state === 'failed' && result.state === 'done');
  if (!isNews || (result.state !== 'done' && result.state !== 'failed')) return { refused: 'This change has its result already.' };
  return { request: { ...request, results: request.results.with(index, result), ...noted(request, now, JOB, 'changed', toldOf(request, index, result)) } };
}

/** The time that the effect lasts begins now. Proofs that turned out otherwise mean that it was not achieved. */
export function achieved(request: ApprovalRequest, verification: Verification, now: Date): Outcome {
  if (request.state !== 'applying') return notIn(request);
  if (request.results.some(({ state }) => state !== 'done')) return { refused: 'Not every change was made.' };
  const [failure] = verification.failures;
  if (failure !== undefined) return failed({ ...request, verification }, `every change was made, but ${failure}`, now);
  return { request: { ...request, state: 'applied', verification, ...awaited(request, now), ...ending(request, now), ...noted(request, now, JOB, 'applied') } };
}

/** What was made of it until now has its time all the same. A change that was never heard of again may have been made. */
export function failed(request: ApprovalRequest, reason: string, now: Date): Outcome {
  if (request.state !== 'approved' && request.state !== 'applying') return notIn(request);
  const results = request.results.map((result): ChangeResult => (result.state === 'open' && result.uncertain ? { state: 'failed', problem: reason, uncertain: true } : result));
  const ends = results.some(mayBeMade) ? ending(request, now) : {};
  return { request: { ...request, state: 'failed', problem: reason, results, ...ends, ...noted(request, now, JOB, 'failed', reason) } };
}

/** Where nothing was changed yet, the world is looked at again before anything is. */
export function retry(request: ApprovalRequest, by: Actor, now: Date): Outcome {
  const { problem, verification, ...rest } = request;
  const journal = noted(request, now, by, 'retried');
  if (request.state === 'revert-failed') {
    const results = request.results.map((result) => (result.state === 'not-taken-back' ? again(result) : result));
    return { request: { ...rest, ...(verification && { verification }), state: 'reverting', results, ...journal } };
  }
  if (request.state !== 'failed') return notIn(request);
  if (!request.results.some(mayBeMade)) return { request: { ...rest, state: 'approved', results: [], ...journal } };
  if (hasHadItsTime(request, now)) return { refused: 'Its time is over, so it is taken back.' };
  return { request: { ...rest, state: 'applying', results: request.results.map(reopened), ...journal } };
}

export function undo(request: ApprovalRequest, { by, reason }: EventOf<'undo'>, now: Date): Outcome {
  if (request.state !== 'applied' && request.state !== 'failed') return notIn(request);
  if (by.person === undefined && !hasHadItsTime(request, now)) return { refused: 'Its time is not over yet.' };
  if (!isTakeable(request)) return { refused: 'Nothing was changed, so there is nothing to take back.' };
  const { problem, ...rest } = request;
  const why = reason === undefined ? {} : { reason };
  return { request: { ...rest, state: 'reverting', revert: { by, at: now.toISOString(), ...why }, ...noted(request, now, by, 'undo-asked', reason) } };
}

/** What traffic shows is said once. An effect that does harm is taken back without anybody being asked. */
export function observe(request: ApprovalRequest, observed: Observed, now: Date): Outcome {
  if (request.state !== 'applied') return notIn(request);
  if (request.observed?.state === observed.state) return { refused: 'This is known already.' };
  if (observed.state !== 'rolled-back') return { request: { ...request, observed } };
  const { text: reason } = observed;
  return { request: { ...request, observed, state: 'reverting', revert: { by: JOB, at: now.toISOString(), reason }, ...noted(request, now, JOB, 'undo-asked', reason) } };
}

export function takenBack(request: ApprovalRequest, { index, result }: EventOf<'taken-back'>, now: Date): Outcome {
  const known = request.results[index];
  if (request.state !== 'reverting' || known === undefined) return notIn(request);
  const isNews = mayBeMade(known) || (known.state === 'not-taken-back' && result.state === 'taken-back');
  if (!isNews || (result.state !== 'taken-back' && result.state !== 'not-taken-back')) return { refused: 'This change has its result already.' };
  return { request: { ...request, results: request.results.with(index, result), ...noted(request, now, JOB, 'taken-back', toldOf(request, index, result)) } };
}

/** Whoever has something for a time is told before it ends. */
export function warn(request: ApprovalRequest, now: Date): Outcome {
  if (request.state !== 'applied' || request.warned || !endsSoon(request, now)) return { refused: 'There is nothing to be told now.' };
  return { request: { ...request, warned: true } };
}

/** What proofs say afterwards changes nothing: what was made is gone, and who still has a right has it by something else. */
export function reverted(request: ApprovalRequest, verification: Verification | undefined, now: Date): Outcome {
  if (request.state !== 'reverting') return notIn(request);
  if (request.results.some((result) => mayBeMade(result) || result.state === 'not-taken-back')) return { refused: 'Not every change was taken back.' };
  return { request: { ...request, state: 'reverted', ...(verification && { undoneVerification: verification }), ...noted(request, now, JOB, 'reverted') } };
}

export function revertFailed(request: ApprovalRequest, reason: string, now: Date): Outcome {
  if (request.state !== 'reverting') return notIn(request);
  const results = request.results.map((result): ChangeResult => (mayBeMade(result) ? { ...result, state: 'not-taken-back', problem: reason } : result));
  return { request: { ...request, state: 'revert-failed', problem: reason, results, ...noted(request, now, JOB, 'revert-failed', reason) } };
}

/** It is there, or nobody knows. */
export function mayBeMade({ state, uncertain }: ChangeResult): boolean {
  return state === 'done' || (uncertain === true && (state === 'failed' || state === 'open'));
}

function reopened(result: ChangeResult): ChangeResult {
  return result.state === 'failed' ? { ...OPEN, ...(result.uncertain && { uncertain: true }) } : result;
}

/** An effect without changes in a cluster is taken back by the state alone. */
function isTakeable({ state, results, plan }: ApprovalRequest): boolean {
  return results.some(mayBeMade) || (state === 'applied' && plan.changes.length === 0);
}

/** As it was before it was tried to be taken back: known to be there, or not known. */
function again({ uid, uncertain, problem }: ChangeResult): ChangeResult {
  if (uncertain) return { state: 'failed', uncertain, ...(problem !== undefined && { problem }) };
  return { state: 'done', ...(uid !== undefined && { uid }) };
}

function ending(request: ApprovalRequest, now: Date): Pick<ApprovalRequest, 'endsAt'> {
  const endsAt = endOf(request, now);
  return endsAt === undefined ? {} : { endsAt };
}

function awaited({ plan }: ApprovalRequest, now: Date): Pick<ApprovalRequest, 'observed'> {
  if (plan.traffic === undefined) return {};
  const until = new Date(now.getTime() + OBSERVED_WITHIN_MS).toISOString().slice(11, 16);
  const texts: Readonly<Record<NonNullable<Plan['traffic']>, string>> = {
    gone: `written to the Service; the load balancer may take minutes, or not act on source ranges, and traffic is looked at until ${until} UTC`,
    closed: `nothing that it keeps out was tried yet; traffic is looked at until ${until} UTC`,
    dropped: `no traffic seen yet; verification waits until ${until} UTC`,
    forwarded: `no traffic seen yet; verification waits until ${until} UTC`,
  };
  return { observed: { state: 'waiting', at: now.toISOString(), text: texts[plan.traffic] } };
}

function toldOf({ plan }: ApprovalRequest, index: number, { problem }: ChangeResult): string {
  const { text = '' } = plan.changes[index] ?? {};
  return problem === undefined ? text : `${text}: ${problem}`;
}

function notIn({ state }: ApprovalRequest): Outcome {
  return { refused: `This cannot be done now: the request is ${state.replace('-', ' ')}.` };
}
