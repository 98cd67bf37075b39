import { describe, expect, test } from '@jest/globals';
import { CLOCK } from '#src/approvals/journal.ts';
import type { RequestEvent } from '#src/approvals/machine.ts';
import { lapsesAt } from '#src/approvals/ruling-steps.ts';
import type { ApprovalRequest } from '#src/model/request.ts';
import type { RulingGiven } from '#src/model/rulings.ts';
import { after, approval, BO, CY, EVE, MOMENT, refusalOf } from '#test/build/approval-events.ts';
import { aRequest } from '#test/build/request.ts';
import { ALL_OF_BOB } from '#test/build/rulings.ts';

const KEEP: RulingGiven = { type: 'keep', until: '2027-02-01' };
const NOT_THEIRS: RulingGiven = { type: 'not-theirs', users: ['bob'] };
const DENY: RequestEvent = { type: 'deny', by: BO, planHash: 'hash-1', reason: 'he is on leave' };
const removal = (more: Partial<ApprovalRequest> = {}): ApprovalRequest => aRequest({ about: ALL_OF_BOB, ...more });
const rule = (says: RulingGiven, more: Partial<Extract<RequestEvent, { readonly type: 'rule' }>> = {}): RequestEvent => ({ type: 'rule', by: BO, says, reason: 'he is on leave', ...more });
const last = ({ journal }: ApprovalRequest) => journal.at(-1);

describe('src/approvals/ruling-steps.ts', () => {
  test.each<readonly [RulingGiven, string, string]>([
    [KEEP, 'kept', 'until 2027-02-01: he is on leave'],
    [NOT_THEIRS, 'not-theirs', 'bob: he is on leave'],
  ])('%j is a denial with something that holds from then on, also after a first approval', (says, what, noting) => {
    for (const request of [removal(), after(removal({ needed: 2 }), [approval(CY)])]) {
      const ruled = after(request, [rule(says)]);

      expect(ruled).toMatchObject({ state: 'denied', ruling: says, decision: { by: BO, verdict: 'denied', reason: 'he is on leave' } });
      expect(last(ruled)).toEqual({ at: MOMENT.toISOString(), by: BO, what, reason: noting, planHash: 'hash-1' });
    }
  });

  test('the first decides; who comes later is told what holds', () => {
    const [kept, closed] = [after(removal(), [rule(KEEP)]), after(removal(), [rule(NOT_THEIRS)])];

    expect(refusalOf(kept, rule(NOT_THEIRS, { by: CY }))).toBe('Already kept until 2027-02-01 by Bo at 09:00 UTC.');
    expect(refusalOf(closed, rule(KEEP, { by: CY }))).toBe('Already closed as not their account by Bo at 09:00 UTC.');
    expect(refusalOf(kept, approval(CY))).toMatch(/^Already kept/);
    expect(refusalOf(after(removal(), [DENY]), rule(KEEP, { by: CY }))).toBe('Already denied by Bo at 09:00 UTC.');
  });

  test.each<readonly [what: string, request: ApprovalRequest, event: RequestEvent, why: string]>([
    ['who asked', removal({ requester: BO }), rule(KEEP), 'You asked for this, so somebody else must decide.'],
    ['whom it is about', removal({ targets: ['U0EVE00001'] }), rule(KEEP, { by: EVE }), 'This is about you, so somebody else must decide.'],
    ['the bot', removal(), rule(KEEP, { by: CLOCK }), 'Only people decide.'],
    ['another plan', removal(), rule(KEEP, { planHash: 'hash-2' }), 'This is not what is asked for any more, so nothing was decided. Look at the request again.'],
    ['another kind of request', aRequest(), rule(KEEP), 'This request is not about the access of somebody that could be kept. Approve or deny it.'],
    ['too long', removal(), rule({ type: 'keep', until: '2027-05-23' }), 'It can be kept for 180 days at most, until 2027-05-22.'],
    ['no day', removal(), rule({ type: 'keep', until: 'soon' }), '"soon" is no day such as 2027-05-22.'],
    ['no name', removal(), rule({ type: 'not-theirs', users: [] }), 'Say which user name is not theirs.'],
    ['another name', removal(), rule({ type: 'not-theirs', users: ['bob', 'eve'] }), 'This request is not about the user name eve.'],
  ])('is refused to or for %s', (_what, request, event, why) => {
    expect(refusalOf(request, event)).toBe(why);
  });

  test('a plain denial pauses the question for thirty days, where it is about access of somebody', () => {
    expect(after(removal(), [DENY]).ruling).toEqual({ type: 'pause', until: '2026-12-23' });
    expect(after(aRequest(), [DENY])).not.toHaveProperty('ruling');
  });

  test('less than was asked is ruled on as what it is then', () => {
    const { subject, card, clusters, namespaces, production } = removal();
    const to = { subject, card, clusters, namespaces, production, plan: { changes: [], stays: [], proofs: [], basis: [] }, planHash: 'hash-2', needed: 2 };
    const narrowed = (more: object) => after(removal({ needed: 2 }), [{ type: 'narrow', by: BO, planHash: 'hash-1', to: { ...to, ...more } }]);

    expect(narrowed({ about: { ...ALL_OF_BOB, users: ['bob'] } }).about?.users).toEqual(['bob']);
    expect(narrowed({})).not.toHaveProperty('about');
  });

  test('its last day is over with the end of that day, by the clock, once', () => {
    const kept = after(removal(), [rule(KEEP)]);
    const [before, over] = [new Date('2027-02-01T23:59:59.999Z'), new Date('2027-02-02T00:00:00.000Z')];

    expect(lapsesAt(kept)).toBe(over.getTime());
    expect(refusalOf(kept, { type: 'lapse' }, before)).toBe('There is nothing whose day is over.');
    const lapsed = after(kept, [{ type: 'lapse' }], over);
    expect(lapsed).toMatchObject({ state: 'denied', ruling: { ...KEEP, ended: { by: CLOCK } } });
    expect(last(lapsed)).toMatchObject({ what: 'lapsed', by: CLOCK });
    expect(refusalOf(lapsed, { type: 'lapse' }, over)).toBe('There is nothing whose day is over.');
    expect(refusalOf(lapsed, { type: 'undo', by: CY }, over)).toBe('Its last day ended at 00:00 UTC.');
    expect(lapsesAt(after(removal(), [rule(NOT_THEIRS)]))).toBe(Infinity);
  });

  test.each<[RequestEvent]>([[rule(KEEP)], [rule(NOT_THEIRS)], [DENY]])('what $type has said is taken back by a person, once', (event) => {
    const ruled = after(removal(), [event]);

    expect(refusalOf(ruled, { type: 'undo', by: CLOCK })).toBe('Only people take back what people have said.');
    const undone = after(ruled, [{ type: 'undo', by: EVE, reason: 'he is not coming back' }]);
    expect(undone).toMatchObject({ state: 'denied', ruling: { ended: { by: EVE, reason: 'he is not coming back' } } });
    expect(last(undone)).toMatchObject({ what: 'ruling-undone', by: EVE, reason: 'he is not coming back' });
    expect(refusalOf(undone, { type: 'undo', by: BO })).toBe('Already undone by Eve at 09:00 UTC.');
  });
});
