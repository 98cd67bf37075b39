import { describe, expect, test } from '@jest/globals';
import type { Narrowed, RequestEvent } from '#src/approvals/machine.ts';
import { CLOCK } from '#src/approvals/journal.ts';
import type { ApprovalRequest, Observed } from '#src/model/request.ts';
import { after, approval, BO, CY, EVE, made, MOMENT, PROVEN, refusalOf } from '#test/build/approval-events.ts';
import { aRequest, removalOf } from '#test/build/request.ts';

const HOUR_MS = 3600_000;
const denial: RequestEvent = { type: 'deny', by: BO, planHash: 'hash-1', reason: 'use the runbook job' };
const at = (hours: number): Date => new Date(Date.parse('2026-11-23T08:00:00.000Z') + hours * HOUR_MS);

function applied(more: Partial<ApprovalRequest> = {}): ApprovalRequest {
  return after(aRequest(more), [approval(), { type: 'begin' }, ...made(), PROVEN]);
}

describe('src/approvals/machine.ts', () => {
  describe('what traffic shows', () => {
    const blocked = (): ApprovalRequest => {
      const { plan } = aRequest();
      return applied({ plan: { ...plan, traffic: 'dropped' } });
    };
    const observed = (state: Observed['state'], text: string): RequestEvent => ({ type: 'observe', observed: { state, at: MOMENT.toISOString(), text } });

    test('is waited for where the plan says so, and nowhere else', () => {
      expect(blocked().observed).toEqual({ state: 'waiting', at: MOMENT.toISOString(), text: 'no traffic seen yet; verification waits until 09:10 UTC' });
      expect(applied().observed).toBeUndefined();
    });

    test('is noted once, and changes nothing else', () => {
      const before = blocked();
      const after1 = after(before, [observed('proven', 'drops seen')]);

      expect(after1).toEqual({ ...before, version: before.version + 1, observed: { state: 'proven', at: MOMENT.toISOString(), text: 'drops seen' } });
      expect(refusalOf(after1, observed('proven', 'drops seen'))).toBe('This is known already.');
    });

    test('takes back without anybody being asked what does harm, also what was proven', () => {
      const reason = '212 drops to api.example.com:443 after the change';
      const back = after(blocked(), [observed('proven', 'drops seen'), observed('rolled-back', reason)]);

      expect(back).toMatchObject({ state: 'reverting', revert: { by: { name: 'job' }, reason }, observed: { state: 'rolled-back' } });
      expect(back.journal.at(-1)).toMatchObject({ what: 'undo-asked', by: { name: 'job' }, reason });
    });

    test('is nothing to a request that is not carried out', () => {
      expect(refusalOf(aRequest(), observed('proven', 'drops seen'))).toContain('This cannot be done now');
    });
  });

  describe('the owner', () => {
    const OWNER = { team: 'Shop', who: CY.person ?? '' };
    const asking: RequestEvent = { type: 'ask-owner', by: BO, owner: OWNER };
    const saying = (isKnown: boolean): RequestEvent => ({ type: 'owner-says', by: CY, isKnown, reason: 'our payment provider' });

    test('is asked once, and who asked is told to whoever wants to ask again', () => {
      const asked = after(aRequest(), [asking]);

      expect(asked).toMatchObject({ state: 'pending', owner: { ...OWNER, by: BO, at: MOMENT.toISOString() } });
      expect(refusalOf(asked, { ...asking, by: EVE })).toBe('Bo asked the owner (Shop) already, at 09:00 UTC.');
    });

    test.each([
      [true, 'known-by-owner'],
      [false, 'unknown-to-owner'],
    ])('who knows it (%s) decides nothing by that; the first answer stands', (isKnown, what) => {
      const said = after(aRequest(), [asking, saying(isKnown)]);

      expect(said).toMatchObject({ state: 'pending', approvals: [], owner: { answer: { by: CY, isKnown, reason: 'our payment provider' } } });
      expect(said.journal.slice(1).map(({ what: noted, by, reason }) => `${noted} ${by.name}: ${reason ?? ''}`)).toEqual(['owner-asked Bo: Shop', `${what} Cy: our payment provider`]);
      expect(refusalOf(said, saying(!isKnown))).toBe('Cy has answered this already, at 09:00 UTC.');
    });

    test('is neither asked nor heard about what is decided, and not heard without having been asked', () => {
      expect(refusalOf(after(aRequest(), [denial]), asking)).toContain('Already denied by Bo');
      expect(refusalOf(after(aRequest(), [asking, denial]), saying(true))).toContain('Already denied by Bo');
      expect(refusalOf(aRequest(), saying(true))).toBe('No owner was asked about this.');
      expect(refusalOf(aRequest(), asking, at(1000))).toContain('expired');
    });
  });

  describe('an approval', () => {
    test('by as many different people as are needed decides', () => {
      const first = after(aRequest({ needed: 2 }), [approval(BO, { reason: 'left on Friday' })]);
      const second = after(first, [approval(CY)]);

      expect(first).toMatchObject({ state: 'partly-approved', version: 2, approvals: [{ by: BO, reason: 'left on Friday' }] });
      expect(first.decision).toBeUndefined();
      expect(second).toMatchObject({ state: 'approved', version: 3, decision: { verdict: 'approved', by: CY, at: MOMENT.toISOString() } });
      expect(second.journal.map(({ what, by }) => `${what} ${by.name}`)).toEqual(['asked directory', 'approved Bo', 'approved Cy']);
    });

    test.each<[string, Partial<ApprovalRequest>, RequestEvent, string]>([
      ['a second one of the same person', { needed: 2, state: 'partly-approved', approvals: [{ by: BO, at: MOMENT.toISOString() }] }, approval(BO), 'You have already approved this.'],
      ['one of whoever asked', { requester: BO }, approval(BO), 'You asked for this, so somebody else must decide.'],
      ['one of whom it is about', { targets: ['U0BO000001'] }, approval(BO), 'This is about you, so somebody else must decide.'],
      ['a denial of whom it is about', { targets: ['U0BO000001'] }, denial, 'This is about you, so somebody else must decide.'],
      ['one of the bot itself', {}, approval(CLOCK), 'Only people decide.'],
      ['one of another plan', {}, approval(BO, { planHash: 'hash-2' }), 'This is not what is asked for any more, so nothing was decided. Look at the request again.'],
      ['one that comes too late, though nobody has noticed yet', { expiresAt: MOMENT.toISOString() }, approval(BO), 'This request expired at 09:00 UTC.'],
      ['one for longer', { lastsMs: HOUR_MS }, approval(BO, { lastsMs: 2 * HOUR_MS }), 'What is asked for can only be made shorter.'],
      ['one for a time of something lasting', {}, approval(BO, { lastsMs: HOUR_MS }), 'What is asked for can only be made shorter.'],
      ['one for no time', { lastsMs: HOUR_MS }, approval(BO, { lastsMs: 0 }), 'What is asked for can only be made shorter.'],
      ['one after a denial', after(aRequest(), [denial]), approval(CY), 'Already denied by Bo at 09:00 UTC.'],
      ['one after another', after(aRequest(), [approval()]), approval(CY), 'Already approved by Bo at 09:00 UTC.'],
      ['one of the day before', after(aRequest({ expiresAt: at(48).toISOString() }), [approval()], at(0)), approval(CY), 'Already approved by Bo at 08:00 UTC.'],
      ['one after a cancellation', after(aRequest(), [{ type: 'cancel', by: EVE }]), approval(CY), 'Eve canceled this request at 09:00 UTC.'],
      ['one of what is void', after(aRequest(), [{ type: 'void', reason: 'the role changed.', successor: 'r22222' }]), approval(CY), 'This request is void: the role changed (r22222 follows it).'],
    ])('%s is refused', (_name, more, event, reason) => {
      expect(refusalOf(aRequest(more), event)).toBe(reason);
    });

    test('of the own case decides alone, where the kind allows that', () => {
      const own = { ownCase: true, targets: ['U0BO000001'], requester: BO, needed: 2 } as const;

      expect(after(aRequest(own), [approval(BO)]).state).toBe('approved');
      expect(refusalOf(aRequest({ ...own, targets: [] }), approval(BO))).toBe('You asked for this, so somebody else must decide.');
    });

    test('may shorten what another one has shortened, and never lengthens it', () => {
      const first = after(aRequest({ needed: 3, lastsMs: 4 * HOUR_MS }), [approval(BO, { lastsMs: HOUR_MS })]);

      expect(refusalOf(first, approval(CY, { lastsMs: 2 * HOUR_MS }))).toBe('What is asked for can only be made shorter.');
      expect(after(first, [approval(CY), approval(EVE, { lastsMs: HOUR_MS / 2 })])).toMatchObject({ lastsMs: HOUR_MS / 2, state: 'approved' });
    });

    test('may be followed by a denial of the same person, while more are needed', () => {
      expect(after(aRequest({ needed: 2 }), [approval(BO), denial])).toMatchObject({ state: 'denied', decision: { verdict: 'denied', reason: 'use the runbook job' } });
    });
  });

  describe('less than was asked', () => {
    const TWO = aRequest({ needed: 2, plan: { changes: [removalOf('ops-bob'), removalOf('dev-bob')], stays: [], proofs: [], basis: [] }, parts: [['ops'], ['dev']] });
    const { subject, card, clusters, namespaces, production } = TWO;
    const to = { subject, card, clusters, namespaces, production, plan: { changes: [removalOf('dev-bob')], stays: [], proofs: [], basis: [] }, planHash: 'hash-2', needed: 2, parts: [['dev']] };
    const narrow = (by = CY, more: Partial<Narrowed> = {}): RequestEvent => ({ type: 'narrow', by, planHash: 'hash-1', reason: 'the rest is needed', to: { ...to, ...more } });

    test('is a new plan, whose first approval it is; who approved all of it is asked again', () => {
      const request = after(TWO, [approval(BO), narrow()]);

      expect(request).toMatchObject({ state: 'partly-approved', planHash: 'hash-2', plan: to.plan, narrowed: { by: CY, from: 2, dropped: 1 }, approvals: [{ by: CY, reason: 'the rest is needed' }] });
      expect(request.journal.map(({ what, planHash }) => `${what} ${planHash}`)).toEqual(['asked hash-1', 'approved hash-1', 'narrowed hash-2', 'approved hash-2']);
      expect(refusalOf(request, approval(BO))).toContain('This is not what is asked for any more');
      expect(after(request, [approval(BO, { planHash: 'hash-2' })]).state).toBe('approved');
    });

    test('is decided at once where one approval is enough, also of somebody who approved all of it before', () => {
      expect(after({ ...TWO, needed: 1 }, [narrow(BO, { needed: 1 })])).toMatchObject({ state: 'approved', decision: { by: BO } });
      expect(after(TWO, [approval(BO), narrow(BO)])).toMatchObject({ state: 'partly-approved', approvals: [{ by: BO }], narrowed: { dropped: 0 } });
    });

    test.each<[string, ApprovalRequest, RequestEvent, string]>([
      ['by whom it is about', { ...TWO, targets: ['U0CY000001'] }, narrow(), 'This is about you, so somebody else must decide.'],
      ['by whoever asked', { ...TWO, requester: CY }, narrow(), 'You asked for this, so somebody else must decide.'],
      ['of another plan than was shown', { ...TWO, planHash: 'hash-3' }, narrow(), 'This is not what is asked for any more, so nothing was decided. Look at the request again.'],
      ['as all of it', TWO, narrow(CY, { plan: TWO.plan }), 'What is asked for can only be made less.'],
      ['too late', after(TWO, [denial]), narrow(), 'Already denied by Bo at 09:00 UTC.'],
    ])('is refused %s', (_how, request, event, reason) => {
      expect(refusalOf(request, event)).toBe(reason);
    });
  });

  describe('an approval of somebody who has left', () => {
    const gone: RequestEvent = { type: 'withdraw', person: 'U0BO000001', reason: 'Bo has left' };

    test('does not count any more', () => {
      expect(after(aRequest({ needed: 2 }), [approval(BO), gone])).toMatchObject({ state: 'pending', approvals: [] });
      expect(after(aRequest({ needed: 3 }), [approval(BO), approval(CY), gone])).toMatchObject({ state: 'partly-approved', approvals: [{ by: CY }] });
      expect(after(aRequest({ needed: 2 }), [approval(BO), gone]).journal.at(-1)).toMatchObject({ what: 'withdrawn', reason: 'Bo has left' });
    });

    test('stays where it was decided, and where there is none', () => {
      expect(refusalOf(after(aRequest(), [approval(BO)]), gone)).toBe('Already approved by Bo at 09:00 UTC.');
      expect(refusalOf(aRequest(), gone)).toBe('They have not approved this.');
    });
  });

  describe('silence', () => {
    test('ends the request at its time and not before', () => {
      expect(refusalOf(aRequest(), { type: 'expire' }, at(7.9))).toBe('This request has not expired yet.');
      expect(after(aRequest(), [{ type: 'expire' }], at(8))).toMatchObject({ state: 'expired', decision: { verdict: 'expired', by: { name: 'clock' } } });
    });

    test('is broken by a reminder after a quarter and three quarters of the time, once each', () => {
      expect(refusalOf(aRequest(), { type: 'remind' }, at(1.9))).toBe('No reminder is due.');
      const first = after(aRequest(), [{ type: 'remind' }], at(2));
      expect(first.reminders).toBe(1);
      expect(refusalOf(first, { type: 'remind' }, at(5.9))).toBe('No reminder is due.');
      const second = after(first, [{ type: 'remind' }], at(6));
      expect(second.reminders).toBe(2);
      expect(refusalOf(second, { type: 'remind' }, at(7.9))).toBe('No reminder is due.');
    });

    test('of the bot itself costs a reminder rather than making two at once', () => {
      expect(after(aRequest(), [{ type: 'remind' }], at(7))).toMatchObject({ reminders: 2, journal: [{ what: 'asked' }, { what: 'reminded' }] });
    });

    test('of three quarters of the time has others asked as well, once', () => {
      const event: RequestEvent = { type: 'escalate', to: ['S0LEADS001'] };
      const escalated = after(aRequest(), [event], at(6));

      expect(refusalOf(aRequest(), event, at(5.9))).toBe('Nobody else is to be asked now.');
      expect(escalated).toMatchObject({ escalated: true, approvers: ['S0SECAPPR1', 'S0LEADS001'] });
      expect(refusalOf(escalated, event, at(7))).toBe('Nobody else is to be asked now.');
    });
  });

  describe('the effect', () => {
    const two = { plan: { changes: [removalOf('ops-bob'), removalOf('dev-bob', 'dev')], stays: [], proofs: [], basis: [] } };

    test('lasts from when it is achieved, not from when it was asked', () => {
      const request = after(after(aRequest({ lastsMs: HOUR_MS }), [approval(), { type: 'begin' }, ...made()], at(1)), [PROVEN], at(2));

      expect(request).toMatchObject({ state: 'applied', endsAt: at(3).toISOString(), results: [{ state: 'done', uid: 'uid-0' }] });
    });

    test('is not achieved before every change is made', () => {
      const begun = after(aRequest(two), [approval(), { type: 'begin' }, ...made(0)]);

      expect(refusalOf(begun, PROVEN)).toBe('Not every change was made.');
      expect(after(begun, [...made(1), PROVEN]).state).toBe('applied');
    });

    test('is not achieved while a proof turns out otherwise', () => {
      const request = after(aRequest({ lastsMs: HOUR_MS }), [approval(), { type: 'begin' }, ...made(), { type: 'achieved', verification: { at: MOMENT.toISOString(), failures: ['bob may still list secrets'], unknown: [] } }]);

      expect(request).toMatchObject({ state: 'failed', problem: 'every change was made, but bob may still list secrets', verification: { failures: ['bob may still list secrets'] } });
      expect(request.endsAt).toBe(at(2).toISOString());
    });

    test('that could not be proven counts, and says what is not known', () => {
      const request = after(aRequest(), [approval(), { type: 'begin' }, ...made(), { type: 'achieved', verification: { at: MOMENT.toISOString(), failures: [], unknown: ['prod-eu did not answer'] } }]);

      expect(request).toMatchObject({ state: 'applied', verification: { unknown: ['prod-eu did not answer'] } });
    });

    test('that nothing was done for is looked at anew by a retry', () => {
      const failed = after(aRequest({ ...two, lastsMs: HOUR_MS }), [approval(), { type: 'begin' }, { type: 'failed', reason: 'prod-eu does not answer' }]);

      expect(failed).toMatchObject({ state: 'failed', problem: 'prod-eu does not answer' });
      expect(failed.endsAt).toBeUndefined();
      expect(refusalOf(failed, { type: 'undo', by: BO })).toBe('Nothing was changed, so there is nothing to take back.');
      expect(after(failed, [{ type: 'retry', by: BO }])).toMatchObject({ state: 'approved', results: [], decision: { verdict: 'approved' } });
    });

    test('that was partly made is finished by a retry, and its time runs all the while', () => {
      const failed = after(aRequest({ ...two, lastsMs: HOUR_MS }), [approval(), { type: 'begin' }, ...made(0), { type: 'progress', index: 1, result: { state: 'failed', problem: 'conflict' } }, { type: 'failed', reason: '1 of 2 changes failed' }]);
      const again = after(failed, [{ type: 'retry', by: BO }], at(1.5));

      expect(failed.endsAt).toBe(at(2).toISOString());
      expect(again).toMatchObject({ state: 'applying', results: [{ state: 'done' }, { state: 'open' }] });
      expect(after(again, [...made(1), PROVEN], at(1.6))).toMatchObject({ state: 'applied', endsAt: at(2).toISOString() });
      expect(refusalOf(failed, { type: 'retry', by: BO }, at(2))).toBe('Its time is over, so it is taken back.');
    });

    test('of a change that was never heard of again may have to be taken back', () => {
      const failed = after(aRequest(two), [approval(), { type: 'begin' }, { type: 'attempt', index: 0 }, { type: 'failed', reason: 'its worker stopped again and again' }]);

      expect(failed.results).toEqual([{ state: 'failed', problem: 'its worker stopped again and again', uncertain: true }, { state: 'open' }]);
      expect(after(failed, [{ type: 'undo', by: BO }]).state).toBe('reverting');
      expect(after(failed, [{ type: 'retry', by: BO }])).toMatchObject({ state: 'applying', results: [{ state: 'open', uncertain: true }, { state: 'open' }] });
    });

    test('is believed where another worker was told of a failure first', () => {
      const begun = after(aRequest(), [approval(), { type: 'begin' }, { type: 'progress', index: 0, result: { state: 'failed', problem: 'conflict' } }]);
      const done: RequestEvent = { type: 'progress', index: 0, result: { state: 'done' } };

      expect(after(begun, [done]).results).toEqual([{ state: 'done' }]);
      expect(refusalOf(after(begun, [done]), { type: 'progress', index: 0, result: { state: 'failed' } })).toBe('This change has its result already.');
    });
  });

  describe('taking back', () => {
    const back: RequestEvent = { type: 'taken-back', index: 0, result: { state: 'taken-back' } };

    test('by a person says who and why', () => {
      const request = after(applied(), [{ type: 'undo', by: CY, reason: 'wrong person' }, back, { type: 'reverted' }]);

      expect(request).toMatchObject({ state: 'reverted', revert: { by: CY, reason: 'wrong person', at: MOMENT.toISOString() }, results: [{ state: 'taken-back' }] });
    });

    test('by the clock waits for the end', () => {
      const request = applied({ lastsMs: HOUR_MS });

      expect(refusalOf(request, { type: 'undo', by: CLOCK }, at(1.9))).toBe('Its time is not over yet.');
      expect(after(request, [{ type: 'undo', by: CLOCK }], at(2)).state).toBe('reverting');
      expect(refusalOf(applied(), { type: 'undo', by: CLOCK }, at(24_000))).toBe('Its time is not over yet.');
    });

    test('that failed is tried again with all that is known of the change', () => {
      const failed = after(applied(), [{ type: 'undo', by: CY }, { type: 'taken-back', index: 0, result: { state: 'not-taken-back', problem: 'timeout', uid: 'uid-0' } }, { type: 'revert-failed', reason: '1 of 1 changes could not be taken back' }]);

      expect(failed).toMatchObject({ state: 'revert-failed', problem: '1 of 1 changes could not be taken back' });
      const again = after(failed, [{ type: 'retry', by: CY }]);
      expect(again).toMatchObject({ state: 'reverting', results: [{ state: 'done', uid: 'uid-0' }] });
      expect(refusalOf(again, { type: 'reverted' })).toBe('Not every change was taken back.');
    });

    test('that was given up keeps what nobody knows unknown', () => {
      const uncertain = after(aRequest(), [approval(), { type: 'begin' }, { type: 'attempt', index: 0 }, { type: 'failed', reason: 'lost' }, { type: 'undo', by: BO }, { type: 'revert-failed', reason: 'its worker stopped again and again' }]);

      expect(after(uncertain, [{ type: 'retry', by: BO }]).results).toEqual([{ state: 'failed', problem: 'its worker stopped again and again', uncertain: true }]);
    });
  });

  test('what is over stays as it is', () => {
    const ends: Readonly<Record<string, ApprovalRequest>> = {
      denied: after(aRequest(), [denial]),
      canceled: after(aRequest(), [{ type: 'cancel', by: BO }]),
      void: after(aRequest(), [{ type: 'void', reason: 'changed' }]),
      expired: after(aRequest(), [{ type: 'expire' }], at(8)),
    };
    const events: readonly RequestEvent[] = [approval(CY), denial, { type: 'cancel', by: CY }, { type: 'expire' }, { type: 'void', reason: 'again' }, { type: 'begin' }, { type: 'undo', by: CY }, { type: 'retry', by: CY }, PROVEN, { type: 'failed', reason: 'x' }];

    for (const [state, request] of Object.entries(ends)) {
      expect(request.state).toBe(state);
      for (const event of events) expect(refusalOf(request, event, at(9))).not.toBe('');
    }
  });
});
