import { describe, expect, test } from '@jest/globals';
import { createQuestions, type QuestionDeps } from '#src/asked/questions.ts';
import type { DecisionEntry } from '#src/model/decision-log.ts';
import type { Question } from '#src/model/questions.ts';
import { NothingToPropose, type ApprovalRequest } from '#src/model/request.ts';
import { createQuestionStore } from '#src/store/questions.ts';
import { DEED } from '#test/build/question.ts';
import { onEveryRedis } from '#test/build/redis.ts';
import { aRequest } from '#test/build/request.ts';
import { createMovedClock } from '#test/fakes/clock.ts';
import { createKeptLog } from '#test/fakes/log.ts';

const NEW = { fingerprint: 'f1', deed: DEED, person: 'U0ANN00001', channel: 'C0SECPROD1' };
const ANN = { userId: 'U0ANN00001', name: 'ann', teamId: 'T0CORP0001', channelId: 'U0ANN00001', via: 'button' } as const;
const MINUTE_MS = 60_000;
const signal = new AbortController().signal;
const PENDING = aRequest({ kind: 'freeze-user', state: 'pending' });
const DONE = { outcome: 'taken', request: { ...PENDING, state: 'approved' } } as const;
const APPROVALS: QuestionDeps['approvals'] = { ask: () => Promise.resolve({ request: PENDING, joined: false }), decide: () => Promise.resolve(DONE), open: () => Promise.resolve([]) };

describe('src/asked/questions.ts', () => {
  onEveryRedis(({ redis }) => {
  function scene(differs: Partial<QuestionDeps> = {}) {
    const shown: Question[] = [];
    const entries: DecisionEntry[] = [];
    const clock = createMovedClock('2026-11-23T08:00:00.000Z');
    const questions = createQuestions({
      store: createQuestionStore(redis()),
      approvals: APPROVALS,
      publish: (question) => Promise.resolve(void shown.push(question)),
      decisions: { append: (entry) => Promise.resolve(void entries.push(entry)) },
      clock,
      log: createKeptLog(),
      ...differs,
    });
    const last = () => shown.at(-1);
    return { questions, shown, entries, clock, last };
  }

  async function denied(differs: Partial<QuestionDeps> = {}) {
    const all = scene(differs);
    const { id = '' } = (await all.questions.ask(NEW)) ?? {};
    await all.questions.answer(id, { verdict: 'no' }, ANN);
    return { ...all, id };
  }

  test('without an answer for 30 minutes it is told as such, once', async () => {
    const { questions, shown, clock, last } = scene();
    await questions.ask(NEW);
    clock.advance(29 * MINUTE_MS);
    await questions.tend(signal);
    expect(last()?.state).toBe('asked');

    clock.advance(MINUTE_MS);
    await questions.tend(signal);
    await questions.tend(signal);

    expect(shown.map(({ state }) => state)).toEqual(['asked', 'unanswered']);
  });

  test('of a yes and a no at once one counts, and the other one is told so', async () => {
    const { questions, entries } = scene();
    const { id = '' } = (await questions.ask(NEW)) ?? {};

    const outcomes = await Promise.all([questions.answer(id, { verdict: 'yes' }, ANN), questions.answer(id, { verdict: 'no' }, ANN)]);

    expect(outcomes.filter((outcome) => 'taken' in outcome)).toHaveLength(1);
    expect(entries.map(({ kind }) => kind)).toHaveLength(2);
  });

  test('what was confirmed is not asked about for the next pod of the same, but from another network', async () => {
    const { questions } = scene();
    const { id = '' } = (await questions.ask(NEW)) ?? {};
    await questions.answer(id, { verdict: 'yes', ticket: 'OPS-12' }, ANN);
    // Half an hour later.
    await redis().del(await redis().keys('*asked-topic*'));

    const elsewhere = { ...DEED, address: '198.51.100.7' };
    expect(await questions.ask({ ...NEW, fingerprint: 'f2' })).toBeUndefined();
    expect(await questions.ask({ ...NEW, fingerprint: 'f3', deed: elsewhere })).toBeDefined();
  });

  test('a no is locked in the name of the person, and logged', async () => {
    const { questions, id, entries, last } = await denied();

    await questions.lock(id, ANN, signal);
    await questions.lock(id, ANN, signal);

    expect(last()).toMatchObject({ state: 'denied', request: PENDING.id });
    expect(entries.map(({ kind }) => kind)).toEqual(['question-asked', 'question-denied', 'question-locking']);
  });

  test('why nothing can be locked is told', async () => {
    const { questions, id, last } = await denied({ approvals: { ...APPROVALS, ask: () => Promise.reject(new NothingToPropose('It is kept for emergencies.')) } });

    await questions.lock(id, ANN, signal);

    expect(last()).toMatchObject({ problem: 'It is kept for emergencies.' });
  });

  test('of two locks at once each takes the decision of the other for its own', async () => {
    const again = { outcome: 'refused', reason: 'Already approved by ann.', ask: [], request: DONE.request } as const;
    const { questions, id, last } = await denied({ approvals: { ...APPROVALS, decide: () => Promise.resolve(again) } });

    await questions.lock(id, ANN, signal);

    expect(last()).toMatchObject({ request: PENDING.id });
    expect(last()).not.toHaveProperty('problem');
  });

  test('a lock that whoever was asked may not decide is left to somebody who may', async () => {
    const refused = { outcome: 'refused', reason: 'You do not belong to the organisation any more.', ask: [], request: PENDING } as const;
    const { questions, id, last } = await denied({ approvals: { ...APPROVALS, decide: () => Promise.resolve(refused) } });

    await questions.lock(id, ANN, signal);

    expect(last()?.problem).toMatch(/has to be approved by somebody, because it was refused: You do not belong/);
  });

  test('a lock whose process died is asked for again, and left to somebody who may approve', async () => {
    const { questions, clock, last } = await denied();
    await questions.tend(signal);
    expect(last()?.request).toBeUndefined();

    clock.advance(3 * MINUTE_MS);
    await questions.tend(signal);

    expect(last()).toMatchObject({ request: PENDING.id, problem: `request ${PENDING.id} has to be approved by somebody` });
  });

  test('a lock that was carried out before its process died is found again, although nothing is left to ask for', async () => {
    const why = `It was not me: ${DEED.title} (question `;
    const begun: ApprovalRequest[] = [];
    const { questions, id, clock, last } = await denied({ approvals: { ...APPROVALS, ask: () => Promise.reject(new NothingToPropose('Nothing was found.')), open: () => Promise.resolve(begun) } });
    const lock = (request: string, question: string, more: Partial<ApprovalRequest> = { ownCase: true, targets: [ANN.userId] }) => aRequest({ id: request, kind: 'freeze-user', state: 'applied', card: { ...PENDING.card, facts: [['Why', `${why}${question}).`]] }, ...more });
    // Of another question, and what somebody has written so.
    begun.push(lock('r0', 'q0'), lock('r9', id, { targets: [ANN.userId] }), lock('r1', id));

    clock.advance(3 * MINUTE_MS);
    await questions.tend(signal);

    expect(last()).toMatchObject({ state: 'denied', request: 'r1' });
    expect(last()).not.toHaveProperty('problem');
  });

  test('a denial that was stored by a process that died over it is logged before what follows from it', async () => {
    let isBroken = false;
    const entries: DecisionEntry[] = [];
    const decisions = { append: (entry: DecisionEntry) => (isBroken ? Promise.reject(new Error('Redis is away')) : Promise.resolve(void entries.push(entry))) };
    const { questions, clock } = scene({ decisions });
    const { id = '' } = (await questions.ask(NEW)) ?? {};
    isBroken = true;
    await expect(questions.answer(id, { verdict: 'no' }, ANN)).rejects.toThrow('Redis is away');

    isBroken = false;
    clock.advance(10 * MINUTE_MS);
    await questions.tend(signal);

    expect([...new Set(entries.map(({ kind }) => kind))]).toEqual(['question-asked', 'question-denied', 'question-not-locked']);
  });

  test('a cluster that cannot be reached for an hour ends the tries, which the channel is told', async () => {
    const { questions, clock, last } = await denied({ approvals: { ...APPROVALS, ask: () => Promise.reject(new Error('no answer')) } });
    clock.advance(10 * MINUTE_MS);
    await questions.tend(signal);
    expect(last()?.problem).toBeUndefined();

    clock.advance(50 * MINUTE_MS);
    await questions.tend(signal);

    expect(last()).toMatchObject({ problem: 'the cluster could not be looked at for an hour' });
  });

  test('what a process did not publish, the next one does', async () => {
    let isBroken = true;
    const shown: Question[] = [];
    const { questions } = scene({ publish: (question) => (isBroken ? Promise.reject(new Error('Redis is away')) : Promise.resolve(void shown.push(question))) });
    await expect(questions.ask(NEW)).rejects.toThrow('Redis is away');

    isBroken = false;
    await questions.tend(signal);

    expect(shown.map(({ state }) => state)).toEqual(['asked']);
  });
  });
});
