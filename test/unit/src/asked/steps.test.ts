import { describe, expect, test } from '@jest/globals';
import { step, type QuestionEvent } from '#src/asked/steps.ts';
import { isToBeLocked, type Question } from '#src/model/questions.ts';
import { aQuestion, DEED } from '#test/build/question.ts';

const NOW = new Date('2026-11-23T08:20:00.000Z');
const LATE = new Date('2026-11-23T08:30:00.000Z');
const BY = { person: 'U0ANN00001', name: 'ann' };
const YES: QuestionEvent = { type: 'yes', by: BY };
const NO: QuestionEvent = { type: 'no', by: BY };

describe('src/asked/steps.ts', () => {
  test.each<[string, Partial<Question>, QuestionEvent, Partial<Question>]>([
    ['a yes with a ticket closes it', {}, { ...YES, ticket: 'OPS-12' }, { state: 'confirmed', staysListed: [], answer: { by: BY, at: NOW.toISOString(), ticket: 'OPS-12' } }],
    ['production without a ticket stays listed', {}, YES, { state: 'confirmed', staysListed: ['production without a ticket'] }],
    ['outside production no ticket is needed', { deed: { ...DEED, production: false } }, YES, { staysListed: [] }],
    ['what is critical stays listed', { deed: { ...DEED, severity: 'critical', production: false } }, YES, { staysListed: ['it is critical'] }],
    ['a read of Secrets stays listed', { deed: { ...DEED, detection: 'audit/secrets-bulk-read', production: false } }, YES, { staysListed: ['Secrets were read'] }],
    ['a late yes stays listed', { state: 'unanswered', deed: { ...DEED, production: false } }, YES, { state: 'confirmed', staysListed: ['the answer came late'] }],
    ['a no tells the channel', {}, NO, { state: 'denied', alarmed: true }],
    ['a late no counts', { state: 'unanswered', alarmed: true }, NO, { state: 'denied' }],
    ['a lock is noted', { state: 'denied' }, { type: 'locking', request: 'r7k2m9' }, { state: 'denied', request: 'r7k2m9' }],
    ['so is why there is none', { state: 'denied' }, { type: 'not-locked', problem: 'for emergencies' }, { state: 'denied', problem: 'for emergencies' }],
  ])('%s', (_, from, event, to) => {
    expect(step(aQuestion(from), event, NOW)).toEqual({ question: expect.objectContaining({ ...to, version: 2 }) as unknown });
  });

  test.each<[string, Partial<Question>, QuestionEvent, string]>([
    ['a second yes', { state: 'confirmed' }, YES, 'it was you'],
    ['a no after a yes', { state: 'confirmed' }, NO, 'it was you'],
    ['a yes after a no', { state: 'denied' }, YES, 'it was not you'],
    ['the end of the time after an answer', { state: 'confirmed' }, { type: 'time-over' }, 'already'],
    ['the end of the time before its time', {}, { type: 'time-over' }, 'still time'],
    ['a lock of what was confirmed', { state: 'confirmed' }, { type: 'locking', request: 'r7k2m9' }, 'nothing to lock'],
    ['a second lock', { state: 'denied', request: 'r7k2m9' }, { type: 'locking', request: 'r2k2m9' }, 'nothing to lock'],
  ])('%s changes nothing', (_, from, event, says) => {
    expect(step(aQuestion(from), event, NOW)).toEqual({ refused: expect.stringContaining(says) as unknown });
  });

  test('without an answer in its time the channel is told', () => {
    expect(step(aQuestion(), { type: 'time-over' }, LATE)).toEqual({ question: aQuestion({ state: 'unanswered', alarmed: true, version: 2 }) });
  });

  test('only what was denied is to be locked, once', () => {
    expect(isToBeLocked(aQuestion({ state: 'denied' }))).toBe(true);
    for (const no of [{}, { state: 'confirmed' }, { state: 'denied', request: 'r7k2m9' }, { state: 'denied', problem: 'no' }] as const) expect(isToBeLocked(aQuestion(no))).toBe(false);
  });
});
