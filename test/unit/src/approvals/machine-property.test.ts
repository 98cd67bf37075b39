import { describe, expect, test } from '@jest/globals';
import { CLOCK } from '#src/approvals/journal.ts';
import { ARROWS, step, type Narrowed, type RequestEvent } from '#src/approvals/machine.ts';
import type { ChangeResult } from '#src/model/plan.ts';
import type { Actor, ApprovalRequest } from '#src/model/request.ts';
import { BO, CY, EVE } from '#test/build/approval-events.ts';
import { aRequest, removalOf } from '#test/build/request.ts';
import { ALL_OF_BOB } from '#test/build/rulings.ts';

const SEQUENCES = 3000;
const EVENTS = 40;
const DAN: Actor = { person: 'U0DAN00001', name: 'Dan' };
const PEOPLE = [BO, CY, EVE, DAN];
const RESULTS: readonly ChangeResult[] = [{ state: 'done' }, { state: 'failed', problem: 'conflict' }, { state: 'taken-back' }, { state: 'not-taken-back' }, { state: 'open' }];

/** mulberry32: the same numbers for the same seed. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Dice {
  readonly below: (limit: number) => number;
  readonly of: <T>(list: readonly T[]) => T;
}

function diceOf(seed: number): Dice {
  const next = numbers(seed);
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    below,
    of: (list) => {
      const found = list[below(list.length)];
      if (found === undefined) throw new Error('nothing to choose from');
      return found;
    },
  };
}

function someRequest({ below, of }: Dice): ApprovalRequest {
  return aRequest({
    needed: 1 + below(3),
    requester: of([BO, CY, { name: 'directory' }]),
    targets: of([[], ['U0EVE00001'], ['U0BO000001']]),
    ...of([{}, { ownCase: true as const }]),
    ...of([{}, { lastsMs: 3600_000 }]),
    ...of([{}, { about: ALL_OF_BOB }]),
    plan: { changes: Array.from({ length: below(3) }, (_, index) => removalOf(`binding-${index}`)), stays: [], proofs: [], basis: [] },
  });
}

function someEvent({ below, of }: Dice): RequestEvent {
  const by = of(PEOPLE);
  const common = { by, planHash: of(['hash-1', 'hash-1', 'hash-1', 'hash-2']) };
  const index = below(3);
  return of<RequestEvent>([
    { type: 'approve', ...common },
    { type: 'approve', ...common, lastsMs: of([1, 1800_000, 3600_000, 7200_000]) },
    { type: 'narrow', ...common, to: less() },
    { type: 'deny', ...common },
    { type: 'rule', by, reason: 'on leave', says: of([{ type: 'keep', until: '2026-11-24' }, { type: 'keep', until: '2026-12-24' }, { type: 'not-theirs', users: ['bob'] }]) },
    { type: 'lapse' },
    { type: 'cancel', by },
    { type: 'ask-owner', by, owner: { team: 'Shop', who: 'C0TEAMSHOP' } },
    { type: 'owner-says', by, isKnown: of([true, false]), reason: 'our payment provider' },
    { type: 'expire' },
    { type: 'remind' },
    { type: 'escalate', to: ['S0LEADS001'] },
    { type: 'void', reason: 'changed' },
    { type: 'withdraw', person: by.person ?? '', reason: 'has left' },
    { type: 'begin' },
    { type: 'begin' },
    { type: 'attempt', index },
    { type: 'progress', index, result: of(RESULTS) },
    { type: 'progress', index, result: of(RESULTS) },
    { type: 'achieved', verification: { at: '2026-11-23T09:00:00.000Z', failures: of([[], [], ['still allowed']]), unknown: [] } },
    { type: 'failed', reason: 'no answer' },
    { type: 'retry', by: of([by, CLOCK]) },
    { type: 'undo', by: of([by, CLOCK]) },
    { type: 'taken-back', index, result: of(RESULTS) },
    { type: 'reverted' },
    { type: 'revert-failed', reason: 'no answer' },
  ]);
}

function less(): Narrowed {
  const { subject, card, clusters, namespaces, production } = aRequest();
  return { subject, card, clusters, namespaces, production, plan: { changes: [], stays: [], proofs: [], basis: [] }, planHash: 'hash-1', needed: 2 };
}

/** What must hold of every step, whatever came before. Plain comparisons, since there are very many. */
function faultOf(before: ApprovalRequest, now: ApprovalRequest, event: RequestEvent): string | undefined {
  const isIn = (...states: readonly ApprovalRequest['state'][]) => states.includes(now.state);
  const people = now.approvals.map(({ by }) => by.person);
  const isOwn = (person: string | undefined) => now.ownCase === true && person !== undefined && now.targets.includes(person);
  const wasDecided = before.decision !== undefined && now.decision !== before.decision;
  const isCarriedOut = isIn('approved', 'applying', 'applied', 'failed', 'reverting', 'reverted', 'revert-failed');
  if (now.state !== before.state && !ARROWS[before.state].includes(now.state)) return `goes from ${before.state} to ${now.state}`;
  if (now.version !== before.version + 1) return 'does not grow by one version';
  if (wasDecided && !(before.state === 'approved' && now.state === 'void')) return 'is decided twice';
  if (isCarriedOut && now.decision?.verdict !== 'approved') return 'is carried out without a decision';
  if (isCarriedOut && people.length < now.needed && !people.some(isOwn)) return 'is carried out without enough approvals';
  if (new Set(people).size !== people.length || people.includes(undefined)) return 'counts a person twice, or nobody';
  if (people.some((person) => !isOwn(person) && (person === now.requester.person || now.targets.includes(person ?? '')))) return 'is approved by who asked or whom it is about';
  if (before.journal.some((entry, index) => now.journal[index] !== entry)) return 'rewrites its journal';
  if (now.journal.length !== before.journal.length + (event.type === 'attempt' ? 0 : event.type === 'narrow' ? 2 : 1)) return 'does not note what happened';
  if ((now.lastsMs ?? 0) > (before.lastsMs ?? 0)) return 'lasts longer than before';
  if (before.endsAt !== undefined && now.endsAt !== before.endsAt) return 'moves its end';
  if (isIn('applied') && now.results.some(({ state }) => state !== 'done')) return 'is applied without every change';
  if (isIn('applied') && (now.lastsMs === undefined) !== (now.endsAt === undefined)) return 'is applied for a time without an end';
  if (isIn('reverted') && now.results.some(({ state }) => state === 'done' || state === 'not-taken-back')) return 'is reverted with something left';
  if (now.reminders > 2) return 'reminds too often';
  if (now.ruling !== undefined && (now.state !== 'denied' || now.about === undefined)) return 'is ruled on without being a denied removal';
  if (before.ruling !== undefined && (now.ruling?.type !== before.ruling.type || (before.ruling.ended !== undefined && now.ruling.ended !== before.ruling.ended))) return 'is ruled on twice';
  if (now.ruling?.ended !== undefined && before.ruling?.ended === undefined && (event.type === 'lapse') !== (now.ruling.ended.by === CLOCK)) return 'ends what was ruled before its day';
  if ((event.type === 'ask-owner' || event.type === 'owner-says') && (now.state !== before.state || now.approvals !== before.approvals)) return 'is decided by its owner';
  if (event.type !== 'narrow' && (now.planHash !== before.planHash || now.plan !== before.plan)) return 'changes what was asked';
  if (event.type === 'narrow' && (people.length !== 1 || now.plan.changes.length >= before.plan.changes.length)) return 'counts approvals of more, or is not less';
  return undefined;
}

describe('src/approvals/machine.ts, whatever happens in whatever order', () => {
  const reached = new Set<string>();

  test('keeps every promise at every step', () => {
    for (let seed = 1; seed <= SEQUENCES; seed += 1) {
      const dice = diceOf(seed);
      let request = someRequest(dice);
      let time = Date.parse(request.createdAt);
      const events: string[] = [];
      for (let count = 0; count < EVENTS; count += 1) {
        time += dice.of([0, 1, 60_000, 3600_000]);
        const event = someEvent(dice);
        const outcome = step(request, event, new Date(time));
        if ('refused' in outcome) {
          if (outcome.refused === '') throw new Error(`seed ${seed}: a refusal of ${event.type} says nothing`);
          continue;
        }
        events.push(event.type);
        const fault = faultOf(request, outcome.request, event);
        if (fault !== undefined) throw new Error(`seed ${seed}: after ${events.join(', ')} the request ${fault}`);
        request = outcome.request;
        reached.add(request.state);
      }
    }

    expect([...reached].sort()).toEqual(Object.keys(ARROWS).sort());
  });

  test('leads from every state only to others', () => {
    expect(Object.entries(ARROWS).filter(([state, next]) => next.includes(state as ApprovalRequest['state']))).toEqual([]);
  });
});
