import { beforeEach, describe, expect, test } from '@jest/globals';
import { SourceFailed } from '#src/model/people.ts';
import { NothingToPropose, type Proposal } from '#src/model/request.ts';
import type { ApprovalRuns, Approvals, DecisionGiven } from '#src/model/approvals.ts';
import type { Change } from '#src/model/plan.ts';
import { keys } from '#src/store/keys.ts';
import { createRequestStore } from '#src/store/requests.ts';
import { ANN, anOutside, aProcess, asked, ATTEMPTS, caller, later, logged, quiet, REQUESTER, STRANGER, stored, twoChanges, work, type Outside } from '#test/build/approvals-world.ts';
import { onRealRedis } from '#test/build/redis.ts';
import { aRequest, removalOf } from '#test/build/request.ts';
import { ALL_OF_BOB, aRuling } from '#test/build/rulings.ts';

const SIGNAL = new AbortController().signal;
const HOUR_MS = 3600_000;
const DAY_MS = 24 * HOUR_MS;

const MOMENT = '2026-11-23T08:05:00.000Z';

describe('src/approvals/approvals.ts', () => {
  onRealRedis(({ redis }) => {
    let outside: Outside;
    let bot: Approvals & ApprovalRuns;
    beforeEach(() => {
      outside = anOutside(redis());
      bot = aProcess(outside);
    });
    const whats = async (id: string) => (await logged(outside)).filter(({ request }) => request === id).map(({ kind, who }) => `${kind} ${who}`);
    const approve = async (id: string, by = caller('bo')) => {
      const { planHash } = await stored(outside, id);
      return bot.decide(id, { verdict: 'approve', planHash, reason: 'left on Friday' }, by);
    };

    describe('asking', () => {
      test('shows what is stored, and logs it', async () => {
        const { id } = await asked(bot);

        expect(id).toMatch(/^r[2-9a-z]{5}$/);
        expect(outside.shown.get(id)).toMatchObject({ state: 'pending', version: 1, needed: 1, approvers: ['S0SECAPPR1'] });
        expect(await stored(outside, id)).toMatchObject({ published: 1, logged: 1 });
        expect(await whats(id)).toEqual([`asked ${ANN.userId}`]);
      });

      test('again joins what is open, also fifty times at once', async () => {
        const all = await Promise.all(Array.from({ length: 50 }, () => aProcess(outside).ask('remove-person', { person: 'bob' }, { requester: REQUESTER }, SIGNAL)));

        expect(new Set(all.map(({ request }) => request.id)).size).toBe(1);
        expect(all.filter(({ joined }) => !joined)).toHaveLength(1);
        expect(outside.shown.size).toBe(1);
        expect((await asked(bot, 'eve')).id).not.toBe(all[0]?.request.id);
      });

      test('again after a denial is a new request', async () => {
        const first = await asked(bot);
        await bot.decide(first.id, { verdict: 'deny', planHash: first.planHash }, caller('bo'));

        expect((await asked(bot)).id).not.toBe(first.id);
      });

      test('can be looked at before: that stores and shows nothing, and is what is open already where there is that', async () => {
        const preview = () => bot.preview('remove-person', { person: 'bob' }, { requester: REQUESTER }, SIGNAL);
        const looked = await preview();

        expect(looked).toMatchObject({ state: 'pending', version: 0, identity: 'bob' });
        expect([await bot.open(), outside.shown.size, await logged(outside)]).toEqual([[], 0, []]);
        const { id } = await asked(bot);
        expect(await preview()).toMatchObject({ id, planHash: looked.planHash, version: 1 });
      });

      test('for what there is nothing to do stores nothing', async () => {
        outside.wish = 'Bob has no rights.';

        await expect(asked(bot)).rejects.toThrow(new NothingToPropose('Bob has no rights.'));
        expect(await bot.open()).toEqual([]);
      });

      test('in production needs a reason, one more person for what is sensitive, and goes to the channel of the cluster', async () => {
        outside.wish = { clusters: ['prod-eu'], sensitive: true };
        const request = await asked(bot);

        expect(request).toMatchObject({ production: true, reasonNeeded: true, needed: 2, channel: 'C0SECPROD1' });
        expect(await bot.decide(request.id, { verdict: 'approve', planHash: request.planHash, reason: 'too short' }, caller('bo'))).toMatchObject({ outcome: 'refused', reason: 'This takes a reason of at least 10 characters.' });
        expect((await stored(outside, request.id)).state).toBe('pending');
      });

      test('without a channel says what to configure', async () => {
        outside.wish = { clusters: ['dev'] };
        outside.settings = { channel: undefined, kinds: {}, delegates: [] };

        await expect(aProcess(outside).ask('remove-person', { person: 'bob' }, { requester: REQUESTER }, SIGNAL)).rejects.toThrow('Name one as approvals.channel');
      });

      test('goes by the settings of the kind', async () => {
        outside.settings = { channel: 'C0OTHER001', kinds: { 'remove-person': { approvals: 3, expiresAfterMs: HOUR_MS } }, delegates: [] };
        const request = await asked(aProcess(outside));

        expect(request).toMatchObject({ needed: 3, channel: 'C0OTHER001', expiresAt: '2026-11-23T09:00:00.000Z' });
      });
    });

    test('S28: fifty clicks of five people at once lead to one decision, one effect and one entry; everybody is answered', async () => {
      const { id, planHash } = await asked(bot);
      const people = ['bo', 'cy', 'dan', 'eve', 'fay'].map(caller);
      const clicks = Array.from({ length: 50 }, (_, index) => ({ by: people[index % 5] ?? ANN, verdict: index % 3 === 0 ? ('deny' as const) : ('approve' as const) }));

      const answers = await Promise.all(clicks.map(({ by, verdict }) => aProcess(outside).decide(id, { verdict, planHash, reason: 'because of this' }, by)));
      await quiet(outside, bot);

      expect(answers.filter(({ outcome }) => outcome === 'taken')).toHaveLength(1);
      const winner = (await stored(outside, id)).decision;
      for (const answer of answers) if (answer.outcome === 'refused') expect(answer.reason).toBe(`Already ${winner?.verdict ?? ''} by ${winner?.by.name ?? ''} at 08:00 UTC.`);
      expect((await whats(id)).filter((entry) => /^(approved|denied) /.test(entry))).toEqual([`${winner?.verdict ?? ''} ${winner?.by.person ?? ''}`]);
      expect(outside.deeds).toEqual(winner?.verdict === 'approved' ? [`made ${id}/ops-bob`] : []);
      expect(outside.shown.get(id)).toMatchObject({ state: winner?.verdict === 'approved' ? 'applied' : 'denied' });
    });

    test.each(['approve', 'deny'] as const)('S28: whoever comes first with "%s" wins', async (verdict) => {
      const { id, planHash } = await asked(bot);
      const other = verdict === 'approve' ? 'deny' : 'approve';

      expect(await bot.decide(id, { verdict, planHash }, caller('bo'))).toMatchObject({ outcome: 'taken' });
      expect(await bot.decide(id, { verdict: other, planHash }, caller('cy'))).toMatchObject({ outcome: 'refused' });
    });

    test('S29: the message shows the decision before anything is done about it', async () => {
      const { id } = await asked(bot);
      const order: string[] = [];
      const watching = aProcess(outside, (call, run) => {
        if (/publish|queue|executor/.test(call)) order.push(call);
        return run();
      });
      await watching.decide(id, { verdict: 'approve', planHash: (await stored(outside, id)).planHash }, caller('bo'));

      expect(order).toEqual(['publish', 'queue.add']);
      expect(outside.shown.get(id)?.state).toBe('approved');
    });

    test('S32: who may not decide is told so and nothing else, and the log says that they tried', async () => {
      const { id, planHash } = await asked(bot);

      expect(await bot.decide(id, { verdict: 'approve', planHash }, STRANGER)).toEqual({ outcome: 'refused', reason: 'You are no approver.', ask: ['S0SECAPPR1'] });
      expect(await bot.may(STRANGER, 'decide', await stored(outside, id))).toEqual({ allowed: false, reason: 'You are no approver.', ask: ['S0SECAPPR1'] });
      expect((await logged(outside)).at(-1)).toMatchObject({ kind: 'refused', who: STRANGER.userId, what: 'decide', request: id, reason: 'You are no approver.' });
    });

    test('S31: an unknown request is answered', async () => {
      expect(await bot.decide('r00000', { verdict: 'approve', planHash: 'x' }, caller('bo'))).toEqual({ outcome: 'refused', reason: 'There is no request r00000 (any more).', ask: [] });
    });

    describe('S33: what would be done is looked at again', () => {
      test('and what has changed makes the approval void; a new request says what', async () => {
        const { id } = await asked(bot);
        await approve(id);
        outside.wish = twoChanges();
        await quiet(outside, bot);

        const old = await stored(outside, id);
        expect(old).toMatchObject({ state: 'void', decision: { verdict: 'void' } });
        const next = await stored(outside, old.successor ?? '');
        expect(next).toMatchObject({ state: 'pending', approvals: [], follows: { id } });
        expect(next.follows?.changed).toEqual(['To be changed now: cluster-admin in the whole cluster (dev).']);
        expect(outside.deeds).toEqual([]);
        expect([outside.shown.get(id)?.state, outside.shown.get(next.id)?.state]).toEqual(['void', 'pending']);
        expect((await asked(bot)).id).toBe(next.id);
      });

      test.each<[string, object]>([
        ['it is about other people', { targets: ['U0CY'] }],
        ['it needs more approvals', { sensitive: true }],
        ['what it rests on has changed', { plan: { changes: [removalOf('ops-bob')], stays: [], proofs: [], basis: ['verbs: *'] } }],
      ])('also when %s', async (_name, wish) => {
        const { id } = await asked(bot);
        await approve(id);
        outside.wish = wish;
        await quiet(outside, bot);

        expect(await stored(outside, id)).toMatchObject({ state: 'void' });
        expect(outside.deeds).toEqual([]);
      });

      describe('and when no change is needed any more for what was approved', () => {
        const NONE = { changes: [], stays: [], proofs: [], basis: [] };

        async function approvedOnce(holdsWithoutChanges: boolean, wish: Partial<Proposal>) {
          outside.holdsWithoutChanges = holdsWithoutChanges;
          const process = aProcess(outside);
          const { id, planHash } = await asked(process);
          await process.decide(id, { verdict: 'approve', planHash, reason: 'he has left us' }, caller('bo'));
          outside.wish = wish;
          await quiet(outside, process);
          expect(outside.deeds).toEqual([]);
          return stored(outside, id);
        }

        test('the approval counts, the message tells how it is now, and so does the log', async () => {
          const card = { ...aRequest().card, ask: 'Nothing is in the way' };
          const request = await approvedOnce(true, { card, plan: NONE });

          expect(request).toMatchObject({ state: 'applied', card, plan: NONE, results: [] });
          expect(await logged(outside)).toEqual(expect.arrayContaining([expect.objectContaining({ kind: 'applying', reason: 'nothing has to be changed for it any more' })]));
        });

        test.each<readonly [string, boolean, Partial<Proposal>]>([
          ['the kind is about the changes themselves', false, { plan: NONE }],
          ['something else is in the way', true, { plan: { ...NONE, stays: ['It is blocked by a policy of somebody else.'] } }],
          ['what it rests on has changed', true, { plan: { ...NONE, basis: ['verbs: *'] } }],
          ['it needs more approvals', true, { plan: NONE, sensitive: true }],
          ['it is about other people', true, { plan: NONE, targets: ['U0CY'] }],
        ])('people are asked anew where %s', async (_, holdsWithoutChanges, wish) => {
          expect(await approvedOnce(holdsWithoutChanges, wish)).toMatchObject({ state: 'void', successor: expect.any(String) });
        });
      });

      describe('of a kind that holds for any plan', () => {
        const CHANGED = ['To be changed now: cluster-admin in the whole cluster.'];
        const planOf = (...changes: readonly Change[]) => ({ plan: { changes, stays: [], proofs: [], basis: [] } });
        const inShop = (name: string): Change => ({ ...removalOf(name, 'dev'), address: { ...removalOf(name, 'dev').address, namespace: 'shop' } });

        async function filedWith(wish: Partial<Proposal>) {
          outside.holdsForAnyPlan = true;
          outside.wish = wish;
          return asked(aProcess(outside));
        }
        const decided = (id: string, given: Partial<DecisionGiven>) => aProcess(outside).decide(id, { verdict: 'approve', planHash: 'shown-before', reason: 'laptop stolen', ...given }, caller('bo'));

        test('the approval of what was shown counts for what is filed, which the request and the log tell', async () => {
          const { id, planHash } = await filedWith(twoChanges());
          expect(await decided(id, { changedSince: CHANGED })).toMatchObject({ outcome: 'taken', request: { state: 'approved', changedSince: CHANGED } });
          await work(outside, aProcess(outside));

          expect(outside.deeds).toEqual([`made ${id}/ops-bob`, `made ${id}/dev-bob`]);
          expect(await logged(outside)).toContainEqual(expect.objectContaining({ kind: 'approved', planHash, reason: 'laptop stolen Changed since it was shown: To be changed now: cluster-admin in the whole cluster.' }));
        });

        test.each<readonly [string, Partial<Proposal>, Partial<DecisionGiven>]>([
          ['nobody says what has changed', {}, {}],
          ['only places are named of what was shown', twoChanges(), { changedSince: CHANGED, only: [0] }],
          ['it is denied', {}, { verdict: 'deny', changedSince: CHANGED }],
          ['something could not be taken back', planOf({ ...removalOf('ops-bob', 'dev'), irreversible: 'the key is gone' }), { changedSince: CHANGED }],
        ])('nothing is decided on another plan where %s', async (_, wish, given) => {
          const { id } = await filedWith(wish);

          expect(await decided(id, given)).toMatchObject({ outcome: 'refused', reason: expect.stringContaining('not what is asked for any more') });
          expect(await stored(outside, id)).toMatchObject({ state: 'pending' });
        });

        test('what changes after the approval is done too, and told', async () => {
          const { id, planHash } = await filedWith(planOf(removalOf('ops-bob', 'dev')));
          await decided(id, { planHash });
          outside.wish = planOf(removalOf('ops-bob', 'dev'), removalOf('new-bob', 'dev'));
          await work(outside, aProcess(outside));

          expect(await stored(outside, id)).toMatchObject({ state: 'applied', changedSince: ['To be changed now: cluster-admin in the whole cluster (dev).'] });
          expect(outside.deeds).toEqual([`made ${id}/ops-bob`, `made ${id}/new-bob`]);
        });

        test.each<readonly [string, Partial<Proposal>]>([
          ['it reaches into places of others', planOf(inShop('a'), removalOf('b', 'dev'))],
          ['something could not be taken back', planOf({ ...inShop('b'), irreversible: 'the key is gone' })],
          ['it is about other people', { ...planOf(inShop('b')), targets: ['U0CY'] }],
        ])('people are asked anew where %s', async (_, wish) => {
          const { id, planHash } = await filedWith(planOf(inShop('a')));
          await decided(id, { planHash });
          outside.wish = wish;
          await work(outside, aProcess(outside));

          expect(await stored(outside, id)).toMatchObject({ state: 'void', successor: expect.any(String) });
          expect(outside.deeds).toEqual([]);
        });
      });

      test('and when there is nothing left to do, it is void without another', async () => {
        const { id } = await asked(bot);
        await approve(id);
        outside.wish = 'Bob has no rights any more.';
        await quiet(outside, bot);

        const old = await stored(outside, id);
        expect(old).toMatchObject({ state: 'void', decision: { reason: 'Bob has no rights any more.' } });
        expect(old.successor).toBeUndefined();
      });

      test('and a click on another plan decides nothing', async () => {
        const { id } = await asked(bot);

        expect(await bot.decide(id, { verdict: 'approve', planHash: 'stale' }, caller('bo'))).toMatchObject({ outcome: 'refused' });
        expect((await stored(outside, id)).state).toBe('pending');
      });
    });

    describe('carrying out', () => {
      test('is asked about once more: what does not hold any more is void', async () => {
        const { id } = await asked(bot);
        await approve(id);
        outside.doubt = new NothingToPropose('Bob is not departed any more: okta says now status: ACTIVE.');
        await quiet(outside, bot);

        expect(await stored(outside, id)).toMatchObject({ state: 'void', decision: { reason: 'Bob is not departed any more: okta says now status: ACTIVE.' } });
        expect(outside.deeds).toEqual([]);
      });

      test('changes nothing while nobody can say whether it still holds; a retry asks again', async () => {
        const { id } = await asked(bot);
        await approve(id);
        outside.doubt = new SourceFailed('unreachable', 'Okta cannot be reached');
        await quiet(outside, bot);
        expect(await stored(outside, id)).toMatchObject({ state: 'failed', problem: 'nothing was changed, because nobody could say whether it is still so: Okta cannot be reached', results: [] });

        outside.doubt = undefined;
        await bot.retry(id, caller('bo'));
        await quiet(outside, bot);
        expect(await stored(outside, id)).toMatchObject({ state: 'applied' });
      });

      test('makes every change in order, then says so', async () => {
        outside.wish = twoChanges();
        const { id } = await asked(bot);
        await approve(id);
        await quiet(outside, bot);

        expect(outside.deeds).toEqual([`made ${id}/ops-bob`, `made ${id}/dev-bob`]);
        expect(await stored(outside, id)).toMatchObject({ state: 'applied', results: [{ state: 'done' }, { state: 'done' }] });
        expect(await whats(id)).toEqual([`asked ${ANN.userId}`, 'approved U0BO', 'applying job', 'changed job', 'changed job', 'applied job']);
      });

      test('by several workers at once does everything once', async () => {
        outside.wish = twoChanges();
        const { id } = await asked(bot);
        await approve(id);

        await Promise.all(Array.from({ length: 8 }, () => aProcess(outside).advance(id, SIGNAL, false)));

        expect(outside.deeds).toEqual([`made ${id}/ops-bob`, `made ${id}/dev-bob`]);
        expect(await stored(outside, id)).toMatchObject({ state: 'applied' });
        expect(new Set((await whats(id)).filter((entry) => entry === 'applied job')).size).toBe(1);
      });

      test('goes on past a change that fails; a retry makes the rest', async () => {
        outside.wish = twoChanges();
        outside.faults.set('ops-bob', 'conflict');
        const { id } = await asked(bot);
        await approve(id);
        await quiet(outside, bot);
        expect(await stored(outside, id)).toMatchObject({ state: 'failed', problem: '1 of 2 changes failed', results: [{ state: 'failed', problem: 'conflict' }, { state: 'done' }] });

        outside.faults.clear();
        expect(await bot.retry(id, caller('bo'))).toMatchObject({ outcome: 'taken' });
        await quiet(outside, bot);

        expect(outside.deeds).toEqual([`made ${id}/dev-bob`, `made ${id}/ops-bob`]);
        expect((await stored(outside, id)).state).toBe('applied');
      });

      test('leaves a cluster that does not answer for the next attempts, and tells in the end', async () => {
        outside.wish = twoChanges();
        outside.away.add('dev');
        const { id } = await asked(bot);
        await approve(id);
        await quiet(outside, bot);

        expect(await stored(outside, id)).toMatchObject({ state: 'failed', results: [{ state: 'failed', problem: 'dev does not answer' }, { state: 'done' }] });
        expect(outside.deeds).toEqual([`made ${id}/dev-bob`]);
      });

      test('tells when not even a look was possible, and a retry looks again', async () => {
        outside.away.add('prod-eu');
        const { id } = await asked(bot);
        await approve(id);
        await quiet(outside, bot);
        expect(await stored(outside, id)).toMatchObject({ state: 'failed', results: [{ state: 'failed', problem: 'prod-eu does not answer' }] });

        outside.away.clear();
        outside.wish = twoChanges();
        await bot.retry(id, caller('bo'));
        await quiet(outside, bot);

        expect((await stored(outside, id)).state).toBe('void');
      });

      test('is not done where a proof turns out otherwise', async () => {
        outside.verification.failures = ['bob may still list secrets in shop'];
        const { id } = await asked(bot);
        await approve(id);
        await quiet(outside, bot);

        expect(await stored(outside, id)).toMatchObject({ state: 'failed', problem: 'every change was made, but bob may still list secrets in shop' });
      });

      test('stops when the process stops, and goes on in the next', async () => {
        outside.wish = twoChanges();
        const { id } = await asked(bot);
        await approve(id);
        const stopping = new AbortController();
        const stopped = aProcess(outside, async (call, run) => {
          const answer = await run();
          if (call === 'executor.makeChange') stopping.abort(new Error('the process stops'));
          return answer;
        });

        await expect(stopped.advance(id, stopping.signal, false)).rejects.toThrow('the process stops');
        expect((await stored(outside, id)).state).toBe('applying');
        await work(outside, aProcess(outside));

        expect(outside.deeds).toEqual([`made ${id}/ops-bob`, `made ${id}/dev-bob`]);
      });
    });

    describe('taking back', () => {
      const active = async (wish: object = {}) => {
        outside.wish = { ...twoChanges(), ...wish };
        const { id } = await asked(bot);
        await approve(id);
        await quiet(outside, bot);
        return id;
      };

      test('undoes in the reverse order, and tells who wanted it', async () => {
        const id = await active();
        expect(await bot.undo(id, caller('cy'), 'wrong person')).toMatchObject({ outcome: 'taken' });
        await quiet(outside, bot);

        expect(outside.deeds.slice(2)).toEqual([`took back ${id}/dev-bob`, `took back ${id}/ops-bob`]);
        expect(outside.shown.get(id)).toMatchObject({ state: 'reverted', revert: { by: { person: 'U0CY' }, reason: 'wrong person' } });
        expect(await bot.undo(id, caller('cy'))).toMatchObject({ outcome: 'refused' });
      });

      const awaited = () => active({ plan: { ...aRequest().plan, traffic: 'dropped' as const } });

      test('happens by itself when traffic shows that the effect does harm', async () => {
        const id = await awaited();
        const text = '212 drops to api.example.com:443 after the change';

        await bot.observe(id, { state: 'rolled-back', at: MOMENT, text });
        await quiet(outside, bot);

        expect(outside.deeds.filter((deed) => deed.startsWith('took back'))).toHaveLength(aRequest().plan.changes.length);
        expect(outside.shown.get(id)).toMatchObject({ state: 'reverted', observed: { state: 'rolled-back', text }, revert: { by: { name: 'job' }, reason: text } });
      });

      test('does not happen because no traffic comes, which is said when it was waited for', async () => {
        const id = await awaited();
        expect(await stored(outside, id)).toMatchObject({ state: 'applied', observed: { state: 'waiting' } });

        await later(outside, bot, 10 * 60_000 - 1);
        expect(await stored(outside, id)).toMatchObject({ observed: { state: 'waiting' } });
        outside.clock.advance(300);
        await work(outside, bot);
        expect(outside.shown.get(id)).toMatchObject({ state: 'applied', observed: { state: 'unproven', text: 'no traffic has shown it within 10 minutes' } });
      });

      test('S36: happens by itself when the time is over, which began when the effect was there', async () => {
        const id = await active({ lastsMs: HOUR_MS });
        expect(await stored(outside, id)).toMatchObject({ endsAt: '2026-11-23T09:00:00.000Z' });

        await later(outside, bot, HOUR_MS - 1);
        expect((await stored(outside, id)).state).toBe('applied');
        outside.clock.advance(300);
        await work(outside, bot);

        expect(await stored(outside, id)).toMatchObject({ state: 'reverted', revert: { by: { name: 'clock' } } });
        expect([...outside.made]).toEqual([]);
      });

      test('is announced ten minutes before, once, and not before', async () => {
        const id = await active({ lastsMs: HOUR_MS });
        await later(outside, bot, 50 * 60_000 - 1);
        expect((await stored(outside, id)).warned).toBeUndefined();
        await later(outside, bot, 1);
        const warned = await stored(outside, id);
        await later(outside, bot, 60_000);

        expect(warned).toMatchObject({ state: 'applied', warned: true });
        expect(outside.shown.get(id)).toMatchObject({ warned: true });
        expect((await stored(outside, id)).version).toBe(warned.version);
      });

      test('is proven, where the plan says by what; who still has the right has it by something else', async () => {
        const proof = { question: { cluster: 'dev', user: 'bob', groups: [], verb: 'get', group: '', resource: 'pods' }, expect: 'denied' } as const;
        const id = await active({ plan: { ...twoChanges().plan, undone: [proof] }, lastsMs: HOUR_MS });
        outside.verification.failures = ['bob may still get pods'];
        await later(outside, bot, HOUR_MS + 300);

        expect(await stored(outside, id)).toMatchObject({ state: 'reverted', undoneVerification: { failures: ['bob may still get pods'] } });
      });

      test('S36: happens also when the queue has lost everything', async () => {
        const id = await active({ lastsMs: HOUR_MS });
        outside.jobs.clear();
        await later(outside, aProcess(outside), HOUR_MS);

        expect((await stored(outside, id)).state).toBe('reverted');
      });

      test('of what is over its time is tried again until it succeeds, less and less often', async () => {
        const id = await active({ lastsMs: HOUR_MS });
        outside.away.add('dev');
        await later(outside, bot, HOUR_MS + 300);
        expect(await stored(outside, id)).toMatchObject({ state: 'revert-failed', results: [{ state: 'not-taken-back', problem: 'dev does not answer' }, { state: 'taken-back' }] });

        for (let minutes = 0; minutes < 300; minutes += 1) await later(outside, bot, 60_000);
        const failures = (await whats(id)).filter((entry) => entry === 'revert-failed job').length;
        expect(failures).toBeGreaterThan(6);
        expect(failures).toBeLessThan(14);
        outside.away.clear();
        await later(outside, bot, HOUR_MS);

        expect((await stored(outside, id)).state).toBe('reverted');
        expect(outside.deeds.filter((deed) => deed.startsWith('took back'))).toHaveLength(2);
      });

      test('of a lasting effect that failed waits for a person', async () => {
        const id = await active();
        outside.faults.set('ops-bob', 'there is a new one');
        await bot.undo(id, caller('cy'));
        await quiet(outside, bot);
        expect((await stored(outside, id)).state).toBe('revert-failed');
        await later(outside, bot, 10 * HOUR_MS);
        expect((await stored(outside, id)).state).toBe('revert-failed');

        outside.faults.clear();
        await bot.retry(id, caller('cy'));
        await quiet(outside, bot);

        expect((await stored(outside, id)).state).toBe('reverted');
      });

      test('finds a change that may have been made before every attempt was lost', async () => {
        outside.wish = { lastsMs: HOUR_MS };
        const { id } = await asked(bot);
        await approve(id);
        const dying = aProcess(outside, async (call, run) => {
          await run().catch(() => undefined);
          if (call === 'executor.makeChange') throw new Error('the worker was killed');
          return run();
        });
        for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) await dying.advance(id, SIGNAL, false).catch(() => undefined);
        await bot.giveUp(id, 'its worker stopped again and again');
        outside.jobs.clear();

        expect(await stored(outside, id)).toMatchObject({ state: 'failed', results: [{ state: 'failed', uncertain: true }], endsAt: '2026-11-23T09:00:00.000Z' });
        await later(outside, bot, HOUR_MS);
        expect((await stored(outside, id)).state).toBe('reverted');
        expect([...outside.made]).toEqual([]);
      });
    });

    describe('S35: the clock', () => {
      test('reminds twice, escalates once, then ends it; nothing is changed by silence', async () => {
        outside.settings = { channel: 'C0OTHER001', kinds: { 'remove-person': { escalateTo: ['S0LEADS001'] } }, delegates: [] };
        bot = aProcess(outside);
        const { id } = await asked(bot);
        const states: string[] = [];
        for (let half = 0; half <= 18; half += 1) {
          const { reminders, escalated, state } = await stored(outside, id);
          const shown = `${state} ${reminders}${escalated ? ' escalated' : ''}`;
          if (states.at(-1) !== shown) states.push(shown);
          await later(outside, bot, HOUR_MS / 2);
        }

        expect(states).toEqual(['pending 0', 'pending 1', 'pending 2 escalated', 'expired 2 escalated']);
        expect(await whats(id)).toEqual([`asked ${ANN.userId}`, 'reminded clock', 'escalated clock', 'reminded clock', 'expired clock']);
        expect(outside.shown.get(id)).toMatchObject({ state: 'expired', approvers: ['S0SECAPPR1', 'S0LEADS001'] });
        expect(outside.deeds).toEqual([]);
        expect(await bot.decide(id, { verdict: 'approve', planHash: (await stored(outside, id)).planHash }, caller('bo'))).toMatchObject({ reason: 'This request expired at 16:00 UTC.' });
      });

      test('is done once by two replicas that do it at once', async () => {
        const { id } = await asked(bot);
        outside.clock.advance(2 * HOUR_MS);
        await Promise.all([aProcess(outside).tend(SIGNAL), aProcess(outside).tend(SIGNAL)]);

        expect((await whats(id)).filter((entry) => entry === 'reminded clock')).toHaveLength(1);
      });

      test('looks at nothing that is not due', async () => {
        await asked(bot);
        const calls: string[] = [];
        await aProcess(outside, (call, run) => {
          calls.push(call);
          return run();
        }).tend(SIGNAL);

        expect(calls).toEqual(['store.due']);
      });
    });

    describe('what is said in place of a removal', () => {
      const KEEP = { says: { type: 'keep', until: '2026-12-23' }, reason: 'on parental leave' } as const;
      const rulings = () => createRequestStore(redis(), 3600_000).rulings();
      beforeEach(() => {
        outside.wish = { about: ALL_OF_BOB };
      });

      test('holds from that moment, is shown and logged, and is decided by the first of many', async () => {
        const { id } = await asked(bot);
        const all = await Promise.all(['bo', 'cy', 'dana'].flatMap((who) => [bot.rule(id, KEEP, caller(who)), bot.rule(id, { ...KEEP, says: { type: 'not-theirs', users: ['bob'] } }, caller(who))]));

        expect(all.filter(({ outcome }) => outcome === 'taken')).toHaveLength(1);
        expect(all.filter((one) => one.outcome === 'refused' && /^Already (kept|closed)/.test(one.reason))).toHaveLength(5);
        expect(await rulings()).toHaveLength(1);
        expect((await whats(id)).filter((entry) => /kept|not-theirs/.test(entry))).toHaveLength(1);
        expect(outside.shown.get(id)).toMatchObject({ state: 'denied', version: 2 });
      });

      test('is for whoever may deny it, and takes a reason', async () => {
        const { id } = await asked(bot);

        expect(await bot.rule(id, KEEP, STRANGER)).toMatchObject({ outcome: 'refused', reason: 'You are no approver.' });
        expect(await bot.rule(id, { ...KEEP, reason: ' short ' }, caller('bo'))).toMatchObject({ reason: 'This takes a reason of at least 10 characters.' });
        expect(await rulings()).toEqual([]);
        expect(await whats(id)).toEqual([`asked ${ANN.userId}`, `refused ${STRANGER.userId}`]);
      });

      test('is over after its last day, is logged as such, and goes on telling what was said until the request is forgotten', async () => {
        const { id } = await asked(bot);
        await bot.rule(id, KEEP, caller('bo'));
        await later(outside, bot, 30 * DAY_MS);
        expect((await stored(outside, id)).ruling).toEqual(KEEP.says);

        await later(outside, bot, DAY_MS);
        expect(outside.shown.get(id)?.ruling).toMatchObject({ ...KEEP.says, ended: { by: { name: 'clock' } } });
        expect(await whats(id)).toEqual([`asked ${ANN.userId}`, `kept ${caller('bo').userId}`, 'lapsed clock']);
        expect(await rulings()).toEqual([{ ...aRuling({ request: id, clusters: ['dev'], by: 'bo', at: '2026-11-23T08:00:00.000Z', reason: KEEP.reason }), about: ALL_OF_BOB }]);

        await redis().del(keys.request(id));
        await later(outside, bot, 31 * DAY_MS);
        expect(await rulings()).toEqual([]);
      });

      test('is kept with its request as long as it holds, and not listed among the open ones for long', async () => {
        const { id } = await asked(bot);
        await bot.rule(id, { says: { type: 'not-theirs', users: ['bob'] }, reason: 'it is a build robot' }, caller('bo'));

        expect(await redis().pttl(keys.request(id))).toBe(-1);
        expect((await bot.open()).map((request) => request.id)).toEqual([id]);
        await later(outside, bot, 31 * DAY_MS);
        expect(await bot.open()).toEqual([]);
        expect(await bot.undo(id, caller('cy'), 'it is his after all')).toMatchObject({ outcome: 'taken', request: { state: 'denied', ruling: { ended: { by: { name: 'cy' } } } } });
        expect(await rulings()).toEqual([]);
        expect(await redis().pttl(keys.request(id))).toBeGreaterThan(0);
        expect((await whats(id)).at(-1)).toBe(`ruling-undone ${caller('cy').userId}`);
      });

      test('follows from a plain denial too, for thirty days, and only where access of somebody is meant', async () => {
        const { id, planHash } = await asked(bot);
        await bot.decide(id, { verdict: 'deny', planHash }, caller('bo'));
        outside.wish = {};
        const other = await asked(bot, 'eve');
        await bot.decide(other.id, { verdict: 'deny', planHash: other.planHash }, caller('bo'));

        expect((await rulings()).map(({ request, says }) => [request, says])).toEqual([[id, { type: 'pause', until: '2026-12-23' }]]);
        expect(await bot.open()).toEqual([]);
      });
    });

    describe('less than all of it', () => {
      const decide = async (id: string, who: string, only?: readonly number[]) => bot.decide(id, { verdict: 'approve', planHash: (await stored(outside, id)).planHash, reason: 'left on Friday', ...(only && { only }) }, caller(who));

      test('is carried out by the one who approves it, and nothing else', async () => {
        outside.wish = twoChanges();
        const { id, identity } = await asked(bot);
        expect(await decide(id, 'bo', [1])).toMatchObject({ outcome: 'taken', request: { state: 'approved', subject: { only: ['dev-bob'] }, narrowed: { from: 2, dropped: 0 } } });
        await work(outside, bot);

        expect(outside.deeds).toEqual([`made ${id}/dev-bob`]);
        expect(await stored(outside, id)).toMatchObject({ state: 'applied', identity });
      });

      test('stands for all of it, so that what follows it ends for repeats as well', async () => {
        outside.wish = twoChanges();
        const { id, identity } = await asked(bot);
        await decide(id, 'bo', [1]);
        outside.wish = { plan: { ...twoChanges().plan, changes: [removalOf('ops-bob', 'dev'), removalOf('dev-bob', 'prod-eu')], stays: ['Something is new.'], proofs: [], basis: [] } };
        await work(outside, bot);
        const { successor = '' } = await stored(outside, id);
        expect(await stored(outside, successor)).toMatchObject({ state: 'pending', identity, subject: { only: ['dev-bob'] } });
        expect((await asked(bot)).id).toBe(successor);

        await bot.decide(successor, { verdict: 'deny', planHash: (await stored(outside, successor)).planHash, reason: 'it is still needed' }, caller('bo'));

        expect((await asked(bot)).id).not.toBe(successor);
      });

      test('needs everybody anew where several are needed, of the same plan', async () => {
        outside.wish = { ...twoChanges(), sensitive: true };
        const { id, planHash } = await asked(bot);
        await decide(id, 'bo');
        expect(await decide(id, 'cy', [0])).toMatchObject({ outcome: 'taken', request: { state: 'partly-approved', approvals: [{ by: { name: 'cy' } }] } });

        expect(await bot.decide(id, { verdict: 'approve', planHash, reason: 'left on Friday' }, caller('bo'))).toMatchObject({ outcome: 'refused' });
        expect(await decide(id, 'bo')).toMatchObject({ request: { state: 'approved' } });
        await work(outside, bot);
        expect(outside.deeds).toEqual([`made ${id}/ops-bob`]);
      });

      test.each<[string, readonly number[], string]>([
        ['nothing', [], 'Choose at least one change, or deny the request.'],
        ['what is not there', [0, 2], 'This request has 2 changes.'],
      ])('is refused for %s', async (_what, only, reason) => {
        outside.wish = twoChanges();
        const { id } = await asked(bot);

        expect(await decide(id, 'bo', only)).toMatchObject({ outcome: 'refused', reason });
        expect((await stored(outside, id)).state).toBe('pending');
      });

      test('is all of it when everything is chosen', async () => {
        outside.wish = twoChanges();
        const { id, planHash } = await asked(bot);

        expect(await decide(id, 'bo', [1, 0])).toMatchObject({ outcome: 'taken', request: { state: 'approved', planHash } });
      });

      test('is refused when it is not what was shown any more', async () => {
        outside.wish = twoChanges();
        const { id } = await asked(bot);
        outside.wish = { plan: { changes: [removalOf('dev-bob', 'dev')], stays: [], proofs: [], basis: [] } };

        expect(await decide(id, 'bo', [1])).toMatchObject({ outcome: 'refused', reason: expect.stringContaining('not as it was when it was shown') });
        outside.wish = 'Bob has no rights.';
        expect(await decide(id, 'bo', [1])).toMatchObject({ outcome: 'refused', reason: 'Bob has no rights.' });
        expect(outside.deeds).toEqual([]);
      });

      test('is looked at only for who may decide', async () => {
        outside.wish = twoChanges();
        const { id } = await asked(bot);
        outside.wish = 'nobody may learn this';

        expect(await bot.decide(id, { verdict: 'approve', planHash: (await stored(outside, id)).planHash, only: [0] }, STRANGER)).toMatchObject({ reason: 'You are no approver.' });
      });
    });

    describe('of the rights of an administrator', () => {
      const BOB = 'oidc:bob@corp.example';
      const decide = async (id: string, more: Partial<DecisionGiven>, who = 'bo') => bot.decide(id, { verdict: 'approve', planHash: (await stored(outside, id)).planHash, ...more }, caller(who));

      test.each<[string, Partial<DecisionGiven>]>([
        ['no user name', {}],
        ['an empty one', { user: ' ' }],
        ['another one', { user: 'oidc:ann@corp.example' }],
        ['another spelling', { user: BOB.toUpperCase() }],
      ])('%s approves nothing, and denies', async (_what, given) => {
        outside.wish = { retype: BOB };
        const { id } = await asked(bot);

        expect(await decide(id, given)).toMatchObject({ outcome: 'refused', reason: `This takes the rights of an administrator away, so nothing was decided without their user name, typed exactly: ${BOB}.` });
        expect((await stored(outside, id)).approvals).toEqual([]);
        expect(await decide(id, { ...given, verdict: 'deny' })).toMatchObject({ outcome: 'taken', request: { state: 'denied' } });
      });

      test('their user name approves, and who comes late or with an old plan is told that', async () => {
        outside.wish = { retype: BOB };
        const { id } = await asked(bot);

        expect(await decide(id, { planHash: 'old' })).toMatchObject({ outcome: 'refused', reason: expect.stringContaining('not what is asked for any more') });
        expect(await decide(id, { user: ` ${BOB}` })).toMatchObject({ outcome: 'taken', request: { state: 'approved' } });
        expect(await decide(id, {}, 'cy')).toMatchObject({ outcome: 'refused', reason: expect.stringContaining('Already approved by bo') });
      });

      test('less of it that leaves them administrator is approved by the next one without it', async () => {
        outside.wish = { ...twoChanges(), sensitive: true, retype: BOB };
        const { id } = await asked(bot);
        outside.wish = { ...twoChanges(), sensitive: true };
        expect(await decide(id, { only: [1] })).toMatchObject({ outcome: 'refused' });
        const narrowed = await decide(id, { only: [1], user: BOB });

        expect(narrowed).toMatchObject({ outcome: 'taken', request: { state: 'partly-approved' } });
        expect(await stored(outside, id)).not.toHaveProperty('retype');
        expect(await decide(id, {}, 'cy')).toMatchObject({ outcome: 'taken', request: { state: 'approved' } });
      });

      test('less of it takes the name of whose rights go then, and nobody approves what was not shown', async () => {
        outside.wish = { ...twoChanges(), sensitive: true, retype: BOB };
        const known = await asked(bot);
        outside.wish = { ...twoChanges(), sensitive: true, retype: 'legacy-bob' };
        expect(await decide(known.id, { only: [1], user: BOB })).toMatchObject({ request: { retype: 'legacy-bob' } });

        outside.wish = twoChanges();
        const plain = await asked(bot, 'eve');
        outside.wish = { ...twoChanges(), retype: BOB };
        expect(await decide(plain.id, { only: [1], user: BOB })).toMatchObject({ outcome: 'refused', reason: expect.stringContaining('not as it was when it was shown') });
      });
    });

    describe('of people who have left', () => {
      const BO_LEFT = { person: caller('bo').userId, name: 'Bo', why: 'okta: status: DEPROVISIONED' };

      test('what they asked for is void, and says why', async () => {
        const { id } = await asked(bot);
        await bot.leave([{ person: ANN.userId, name: 'Ann', why: 'okta: status: DEPROVISIONED' }]);
        await bot.leave([{ person: ANN.userId, name: 'Ann', why: 'okta: status: DEPROVISIONED' }]);

        expect(outside.shown.get(id)).toMatchObject({ state: 'void', decision: { reason: 'Ann, who asked for this, has left (okta: status: DEPROVISIONED)' } });
        expect(await whats(id)).toEqual([`asked ${ANN.userId}`, 'voided job']);
      });

      test('what they approved needs another approval', async () => {
        outside.wish = { sensitive: true };
        const { id } = await asked(bot);
        await approve(id);
        await bot.leave([BO_LEFT]);

        expect(outside.shown.get(id)).toMatchObject({ state: 'pending', approvals: [] });
        expect(await approve(id, caller('cy'))).toMatchObject({ request: { state: 'partly-approved' } });
        expect(await approve(id, caller('dan'))).toMatchObject({ request: { state: 'approved' } });
      });

      test('what is done stays done', async () => {
        const { id } = await asked(bot);
        await approve(id);
        await work(outside, bot);
        await bot.leave([BO_LEFT, { person: ANN.userId, name: 'Ann', why: 'gone' }]);

        expect((await stored(outside, id)).state).toBe('applied');
      });
    });

    test('a cancellation ends it for everybody', async () => {
      const { id } = await asked(bot);
      expect(await bot.cancel(id, ANN)).toMatchObject({ outcome: 'taken' });

      expect(outside.shown.get(id)?.state).toBe('canceled');
      expect(await approve(id)).toMatchObject({ reason: 'ann canceled this request at 08:00 UTC.' });
      expect(await bot.open()).toEqual([]);
    });

    test('what is open is listed, newest first; a lasting effect for as long as it can be taken back', async () => {
      const first = await asked(bot, 'bob');
      outside.clock.advance(1000);
      const second = await asked(bot, 'eve');
      await approve(first.id);
      await quiet(outside, bot);
      expect((await bot.open()).map(({ id }) => id)).toEqual([second.id, first.id]);

      await later(outside, bot, 31 * 24 * HOUR_MS);
      expect(await bot.open()).toEqual([]);
    });

    test('what a request is followed by may fail without the decision being lost or taken twice', async () => {
      const { id, planHash } = await asked(bot);
      const broken = aProcess(outside, (call, run) => (/publish|decisions|queue/.test(call) ? Promise.reject(new Error('no')) : run()));

      expect(await broken.decide(id, { verdict: 'approve', planHash }, caller('bo'))).toMatchObject({ outcome: 'taken' });
      expect(outside.log.texts('warn')).toHaveLength(3);
      await later(outside, bot, 60_000);

      expect(await stored(outside, id)).toMatchObject({ state: 'applied' });
      expect(outside.shown.get(id)?.state).toBe('applied');
      expect(await whats(id)).toEqual([`asked ${ANN.userId}`, 'approved U0BO', 'applying job', 'changed job', 'applied job']);
    });

    test.each(['publish', 'decisions.append'])('an end that could not be told, because %s failed, is told by the next sweep', async (failing) => {
      const { id, planHash } = await asked(bot);
      const broken = aProcess(outside, (call, run) => (call === failing ? Promise.reject(new Error('no')) : run()));
      await broken.decide(id, { verdict: 'deny', planHash }, caller('bo'));
      await later(outside, bot, 30_000);

      expect(outside.shown.get(id)?.state).toBe('denied');
      expect(await whats(id)).toEqual([`asked ${ANN.userId}`, 'denied U0BO']);
    });
  });
});
