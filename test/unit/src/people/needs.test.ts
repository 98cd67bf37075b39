import { describe, expect, test } from '@jest/globals';
import { NOT_ASKED, type Caller } from '#src/model/access.ts';
import type { NeedQuestion, NewNeed } from '#src/model/needs.ts';
import { createNeeds, type NeedDeps } from '#src/people/needs.ts';
import { createDecisionLog } from '#src/store/decision-log.ts';
import { createNeedStore } from '#src/store/needs.ts';
import { entriesOf } from '#test/build/decisions.ts';
import { aNeedQuestion } from '#test/build/needs.ts';
import { onEveryRedis } from '#test/build/redis.ts';
import { createMovedClock } from '#test/fakes/clock.ts';
import { createKeptLog } from '#test/fakes/log.ts';

const DAY_MS = 24 * 3600_000;
const SIGNAL = new AbortController().signal;
const NEED: NewNeed = { person: 'okta/bob', called: 'Bob', cluster: 'prod', rights: ['edit in shop'], rightCount: 1, why: 'nothing seen', slackId: 'U0BOB', owners: ['U0ANN'] };
/** Of somebody whom nobody can be asked about, so that approvers are asked at once. */
const { slackId: _, ...WITHOUT_SLACK } = NEED;
const NOBODY: NewNeed = { ...WITHOUT_SLACK, owners: [] };
const caller = (userId: string): Caller => ({ userId, name: userId.toLowerCase(), teamId: 'T0HOME0001', channelId: 'D1', via: 'button' });

describe('src/people/needs.ts', () => {
  onEveryRedis(({ redis }) => {
    /** What outlasts processes, and one process more each time. */
    function world() {
      const [clock, log, shown, filed] = [createMovedClock(), createKeptLog(), [] as NeedQuestion[], [] as string[]];
      const decisions = createDecisionLog(redis());
      const process = (more: Partial<NeedDeps> = {}) =>
        createNeeds({ store: createNeedStore(redis()), publish: async (question) => void shown.push(question), file: async ({ id }) => void filed.push(id), decisions, clock, log, askDays: 14, ...more });
      const one = async (): Promise<NeedQuestion> => (await createNeedStore(redis()).all())[0] ?? aNeedQuestion({ id: 'none' });
      const kinds = async () => (await entriesOf(decisions)).map(({ text }) => (JSON.parse(text) as { readonly kind: string }).kind);
      return { clock, log, shown, filed, process, one, kinds };
    }

    test('asks once for a person and a cluster, whatever the number of processes', async () => {
      const { process, shown, kinds, clock } = world();
      const asked = await Promise.all(Array.from({ length: 8 }, () => process().ask(NEED)));

      expect(asked.filter(Boolean)).toHaveLength(1);
      expect(shown).toHaveLength(1);
      expect(await kinds()).toEqual(['need-asked']);
      expect(await process().ask({ ...NEED, cluster: 'dev' })).toBe(true);
      clock.advance(DAY_MS);
      expect(await process().ask(NEED)).toBe(false);
    });

    test('takes one of many answers, and only of those who were asked', async () => {
      const { process, one, kinds } = world();
      await process().ask(NEED);
      const { id } = await one();

      expect(await process().answer(id, { verdict: 'give-up' }, caller('U0EVE'))).toEqual({ refused: NOT_ASKED });
      const answers = await Promise.all(['U0BOB', 'U0ANN', 'U0BOB'].map((who) => process().answer(id, { verdict: 'give-up' }, caller(who))));

      expect(answers.filter((answer) => 'taken' in answer)).toHaveLength(1);
      expect((await kinds()).filter((kind) => kind !== 'need-asked')).toEqual(['refused', 'need-given-up']);
      expect(await process().answer('n0', { verdict: 'give-up' }, caller('U0BOB'))).toEqual({ refused: 'This question is not asked any more.' });
    });

    test('an answer to a question in whose place another one has come has no effect', async () => {
      const { process, one, clock } = world();
      await process().ask(NEED);
      const { id } = await one();
      await process().close(NEED, 'seen again');
      clock.advance(100 * DAY_MS);
      await process().ask(NEED);

      expect(await process().answer(id, { verdict: 'give-up' }, caller('U0BOB'))).toEqual({ refused: 'This question is not asked any more.' });
      expect((await one()).state).toBe('open');
    });

    test('forgets what is long past, and not before', async () => {
      const { process, one, clock } = world();
      await process().ask(NEED);
      await process().close(NEED, 'seen again');
      clock.advance(89 * DAY_MS);
      await process().tend(SIGNAL);
      expect((await one()).state).toBe('closed');

      clock.advance(DAY_MS);
      await process().tend(SIGNAL);

      expect(await process().all()).toEqual([]);
    });

    test('shows and logs later what could not be shown at once, each thing once', async () => {
      const { process, one, shown, kinds, log } = world();
      await process({ publish: () => Promise.reject(new Error('Redis is away')) }).ask(NEED);
      expect([shown.length, (await one()).published]).toEqual([0, 0]);
      expect(log.texts('warn')).toHaveLength(1);

      await Promise.all([process().tend(SIGNAL), process().tend(SIGNAL)]);
      await process().tend(SIGNAL);

      expect((await one()).published).toBe(1);
      expect(shown.length).toBeGreaterThanOrEqual(1);
      expect(await kinds()).toEqual(['need-asked']);
    });

    test('after a failure approvers are asked again when it is time, and not by every sweep; every process and the message know why', async () => {
      const { process, one, clock, filed, shown, kinds } = world();
      await process().ask(NOBODY);
      const question = await one();
      expect(filed).toHaveLength(1);
      const sweep = async (): Promise<number> => {
        await process().tend(SIGNAL);
        await process().tend(SIGNAL);
        return filed.length;
      };

      await process().hindered(question, 'no permission to list rolebindings');
      expect(shown.at(-1)?.hindrance).toEqual({ why: 'no permission to list rolebindings', tries: 1, nextAt: new Date(clock.now().getTime() + 5 * 60_000).toISOString() });
      const told = shown.length;
      expect(await sweep()).toBe(1);
      clock.advance(5 * 60_000 - 1);
      expect(await sweep()).toBe(1);
      clock.advance(1);
      expect(await sweep()).toBeGreaterThan(1);
      expect(shown).toHaveLength(told);

      const count = filed.length;
      await process().hindered(question, 'no permission to list rolebindings');
      clock.advance(9 * 60_000);
      expect(await sweep()).toBe(count);
      await process().hindered({ ...question, id: 'n0' }, 'of a question in whose place this one has come');
      expect((await one()).hindrance?.tries).toBe(2);

      await process().filed(NEED, 'r1');
      expect(await one()).toMatchObject({ request: 'r1', published: 4 });
      expect(await one()).not.toHaveProperty('hindrance');
      expect(await kinds()).toEqual(['need-unanswered', 'need-removal-asked']);
    });

    test('what approvers could not be asked about is not forgotten, however long that lasts', async () => {
      const { process, one, clock } = world();
      await process().ask(NOBODY);
      clock.advance(91 * DAY_MS);
      await process().hindered(await one(), 'prod is away');

      await process().tend(SIGNAL);

      expect((await one()).state).toBe('unanswered');
    });

    test('reminds twice, ends without an answer, and has approvers asked until they are', async () => {
      const { process, one, clock, filed, kinds } = world();
      await process().ask(NEED);
      for (const days of [3.5, 7, 3.5]) {
        clock.advance(days * DAY_MS);
        await process().tend(SIGNAL);
      }
      expect(await one()).toMatchObject({ state: 'unanswered', reminders: 2 });
      await process().tend(SIGNAL);
      expect(filed.length).toBeGreaterThanOrEqual(2);

      await process().filed(NEED, 'r1');
      const count = filed.length;
      await process().tend(SIGNAL);
      expect([filed.length, (await one()).request]).toEqual([count, 'r1']);
      expect(await kinds()).toEqual(['need-asked', 'need-reminded', 'need-reminded', 'need-unanswered', 'need-removal-asked']);
    });
  });
});
