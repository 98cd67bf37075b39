import { describe, expect, test } from '@jest/globals';
import type { NeedQuestion } from '#src/model/needs.ts';
import { isFilingDue, isPast, isToBeFiled, newQuestion, outcomeText, standingText, step, stillStands, type NeedEvent } from '#src/people/need-steps.ts';
import { aNeedQuestion, NEED_ASKED_AT } from '#test/build/needs.ts';

const DAY_MS = 24 * 3600_000;
const BOB = { person: 'U0BOB', name: 'bob' };
const KEEP: NeedEvent = { type: 'answer', given: { verdict: 'keep', reason: 'on call again in January', until: '2027-02-01' }, by: BOB };
const GIVE_UP: NeedEvent = { type: 'answer', given: { verdict: 'give-up' }, by: BOB };
const after = (days: number): Date => new Date(Date.parse(NEED_ASKED_AT) + days * DAY_MS);

function stepped(question: NeedQuestion, event: NeedEvent, now = after(1)): NeedQuestion {
  const outcome = step(question, event, now);
  if ('refused' in outcome) throw new Error(outcome.refused);
  return outcome.question;
}

function refusalOf(question: NeedQuestion, event: NeedEvent, now = after(1)): string {
  const outcome = step(question, event, now);
  return 'refused' in outcome ? outcome.refused : 'taken';
}

describe('src/people/need-steps.ts', () => {
  test('begins open with its time to answer, and unanswered where there is nobody to ask', () => {
    const { person, called, cluster, rights, rightCount, why } = aNeedQuestion();
    const need = { person, called, cluster, rights, rightCount, why };

    expect(newQuestion({ ...need, slackId: 'U0BOB', owners: [] }, 'n1', 14, after(0))).toMatchObject({ state: 'open', answerBy: '2026-12-07T08:00:00.000Z', journal: [{ what: 'asked' }] });
    const nobody = newQuestion({ ...need, owners: [] }, 'n1', 14, after(0));
    expect([nobody.state, isToBeFiled(nobody), standingText(nobody, after(1))]).toEqual(['unanswered', true, 'Nobody could be asked; approvers are asked to take it away.']);
  });

  test('is kept until a day, or given up, each with who and when', () => {
    expect(stepped(aNeedQuestion(), KEEP)).toMatchObject({ state: 'kept', version: 2, answer: { by: BOB, at: '2026-11-24T08:00:00.000Z', until: '2027-02-01', reason: 'on call again in January' } });
    expect(stepped(aNeedQuestion(), GIVE_UP)).toMatchObject({ state: 'given-up', answer: { by: BOB } });
    expect(stepped(aNeedQuestion(), KEEP).journal.at(-1)).toEqual({ at: '2026-11-24T08:00:00.000Z', by: BOB, what: 'kept', reason: 'until 2027-02-01: on call again in January' });
  });

  test.each<[string, NeedQuestion, NeedEvent, Date, string]>([
    ['an answer after another', stepped(aNeedQuestion(), KEEP), GIVE_UP, after(2), 'Kept until 2027-02-01, says bob: “on call again in January”.'],
    ['an answer in the moment in which the time ends', aNeedQuestion(), GIVE_UP, after(14), 'The time to answer ended on 2026-12-07.'],
    ['the end before its time', aNeedQuestion(), { type: 'expire' }, after(13.9), 'There is still time to answer.'],
    ['a reminder before its time', aNeedQuestion(), { type: 'remind' }, after(3.4), 'No reminder is due.'],
    ['a second reminder in the time of the first', aNeedQuestion({ reminders: 1 }), { type: 'remind' }, after(10.4), 'No reminder is due.'],
    ['closing what is kept', stepped(aNeedQuestion(), KEEP), { type: 'close', why: 'seen again' }, after(2), 'Kept until 2027-02-01, says bob: “on call again in January”.'],
    ['a request for what is kept', stepped(aNeedQuestion(), KEEP), { type: 'filed', request: 'r1' }, after(2), 'Kept until 2027-02-01, says bob: “on call again in January”.'],
    ['a second request', aNeedQuestion({ state: 'unanswered', request: 'r1' }), { type: 'filed', request: 'r2' }, after(15), 'Approvers are asked already.'],
  ])('%s changes nothing', (_what, question, event, now, reason) => {
    expect(refusalOf(question, event, now)).toBe(reason);
  });

  test('is reminded of after a quarter and three quarters of its time; after a long silence one reminder stands for both', () => {
    const first = stepped(aNeedQuestion(), { type: 'remind' }, after(3.5));
    expect([first.reminders, stepped(first, { type: 'remind' }, after(10.5)).reminders]).toEqual([1, 2]);
    expect(stepped(aNeedQuestion(), { type: 'remind' }, after(13)).reminders).toBe(2);
  });

  test('without an answer approvers are to be asked, once more when their time was over', () => {
    const unanswered = stepped(aNeedQuestion(), { type: 'expire' }, after(14));
    const filed = stepped(unanswered, { type: 'filed', request: 'r1' }, after(14));
    expect([isToBeFiled(aNeedQuestion()), isToBeFiled(unanswered), isToBeFiled(filed), isToBeFiled(stepped(filed, { type: 'filed', request: undefined }))]).toEqual([false, true, false, true]);
  });

  test('what keeps approvers from being asked is told, and tried again ever more seldom, at least every 6 hours', () => {
    let question = stepped(aNeedQuestion(), GIVE_UP);
    const waits = [];
    let now = after(1);
    for (let tries = 1; tries <= 9; tries += 1) {
      question = stepped(question, { type: 'hindered', why: 'no permission to list rolebindings' }, now);
      const next = new Date(question.hindrance?.nextAt ?? '');
      expect([isToBeFiled(question), isFilingDue(question, new Date(next.getTime() - 1)), isFilingDue(question, next)]).toEqual([true, false, true]);
      waits.push((next.getTime() - now.getTime()) / 60_000);
      now = next;
    }

    expect(waits).toEqual([5, 10, 20, 40, 80, 160, 320, 360, 360]);
    expect(question.hindrance).toMatchObject({ why: 'no permission to list rolebindings', tries: 9 });
    expect(standingText(question, now)).toBe('Not needed any more, says bob; approvers could not be asked yet to take it away: no permission to list rolebindings. It is tried again by itself. Whoever looks after k8ssec can run “k8ssec doctor” to see what it lacks.');
    expect(question.journal.map(({ what }) => what)).toEqual(['asked', 'given-up']);
  });

  test('nothing hinders any more what is filed or closed', () => {
    const hindered = stepped(stepped(aNeedQuestion(), GIVE_UP), { type: 'hindered', why: 'prod is away' });
    const filed = stepped(hindered, { type: 'filed', request: 'r1' });

    expect(filed).toMatchObject({ request: 'r1' });
    expect([filed, stepped(hindered, { type: 'close', why: 'seen again' })].filter((question) => 'hindrance' in question)).toEqual([]);
    expect(refusalOf(filed, { type: 'hindered', why: 'late news' })).toBe('Not needed any more, says bob; approvers are asked to take it away: r1.');
    expect(refusalOf(aNeedQuestion(), { type: 'hindered', why: 'late news' })).toContain('can be answered until');
  });

  test('what was given up is closed when nothing came of it, and asked anew then', () => {
    const filed = stepped(stepped(aNeedQuestion(), GIVE_UP), { type: 'filed', request: 'r1' });
    const closed = stepped(filed, { type: 'close', why: 'bob canceled this request' });

    expect([closed.state, closed.closedWhy, stillStands(closed, after(1))]).toEqual(['closed', 'bob canceled this request', false]);
    expect(refusalOf(closed, { type: 'close', why: 'again' })).toBe('Closed: bob canceled this request.');
  });

  test.each<[string, Partial<NeedQuestion>, number, boolean]>([
    ['closed long ago', { state: 'closed' }, 90, true],
    ['closed lately', { state: 'closed' }, 89.9, false],
    ['waiting', { state: 'open' }, 900, false],
    ['still kept', { state: 'kept', answer: { by: BOB, at: NEED_ASKED_AT, until: '2027-02-21', reason: 'x' } }, 90, false],
    ['given up long ago', { state: 'given-up', request: 'r1' }, 90, true],
  ])('a question that is %s may be forgotten: %p after %d days is %s', (_what, more, days, past) => {
    expect(isPast(aNeedQuestion(more), after(days))).toBe(past);
  });

  test.each<[string, Partial<NeedQuestion>, string]>([
    ['given up by somebody with a name like a sentence', { state: 'given-up', answer: { by: { person: 'U0BOB', name: 'Bob; Builder' }, at: NEED_ASKED_AT } }, 'Not needed any more, says Bob; Builder'],
    ['not answered', { state: 'unanswered' }, 'Not answered by 2026-12-07'],
    ['put to nobody', { state: 'unanswered', answerBy: NEED_ASKED_AT }, 'Nobody could be asked'],
  ])('approvers are told what came of a question that was %s', (_what, more, text) => {
    expect(outcomeText(aNeedQuestion(more))).toBe(text);
  });

  test.each<[string, Partial<NeedQuestion>, number, boolean]>([
    ['while it waits', {}, 20, true],
    ['on the last day that it is kept', { state: 'kept', answer: { by: BOB, at: NEED_ASKED_AT, until: '2026-12-23', reason: 'x' } }, 30.6, true],
    ['on the day after', { state: 'kept', answer: { by: BOB, at: NEED_ASKED_AT, until: '2026-12-23', reason: 'x' } }, 30.7, false],
    ['while approvers decide', { state: 'unanswered', request: 'r1' }, 89.9, true],
    ['long after they were asked', { state: 'given-up', request: 'r1' }, 90, false],
    ['when it was closed', { state: 'closed' }, 0, false],
  ])('answers for the person %s: %p after %d days is %s', (_what, more, days, stands) => {
    expect(stillStands(aNeedQuestion(more), after(days))).toBe(stands);
  });
});
