import { describe, expect, test } from '@jest/globals';
import { ClusterUnreachable } from '#src/model/clusters.ts';
import type { NeedQuestion } from '#src/model/needs.ts';
import { NothingToPropose } from '#src/model/request.ts';
import { job } from '#jobs/ask-removal.ts';
import { aNeedQuestion } from '#test/build/needs.ts';
import { servicesWith } from '#test/build/queue.ts';
import { aRequest } from '#test/build/request.ts';
import { createFakeApprovals } from '#test/fakes/approvals.ts';
import { createFakeNeeds } from '#test/fakes/needs.ts';
import { createMovedClock } from '#test/fakes/clock.ts';

const RUN = { signal: new AbortController().signal, attempt: 1, last: false };
const BOB = { person: 'U0BOB', name: 'bob' };
const ANN = { person: 'U0ANN', name: 'ann' };
const AT = '2026-11-24T08:00:00.000Z';

async function run(question: NeedQuestion | undefined, refuses?: Error, more: Partial<typeof RUN> = {}) {
  const asked: unknown[] = [];
  const needs = createFakeNeeds(question === undefined ? [] : [question]);
  const approvals = {
    ...createFakeApprovals(),
    ask: (kind: string, subject: unknown, { requester }: { readonly requester: unknown }) => {
      asked.push({ kind, subject, requester });
      return refuses === undefined ? Promise.resolve({ request: aRequest({ id: 'r1' }), joined: false }) : Promise.reject(refuses);
    },
  };
  await job.run({ question: 'n1' }, servicesWith({ needs, approvals, clock: createMovedClock() }), { ...RUN, ...more });
  return { asked, calls: needs.calls };
}

describe('jobs/ask-removal.ts', () => {
  test('asks approvers in the name of the bot when nobody has answered, and notes the request', async () => {
    const { asked, calls } = await run(aNeedQuestion({ state: 'unanswered' }));

    expect(asked).toEqual([{ kind: 'remove-user', subject: { person: 'okta/bob', clusters: ['prod'], reason: 'inactive', asked: 'Not answered by 2026-12-07' }, requester: { name: 'k8ssec' } }]);
    expect(calls).toEqual([['filed', 'n1', 'r1']]);
  });

  test('counts as consent only what the person has said themselves', async () => {
    const own = await run(aNeedQuestion({ state: 'given-up', answer: { by: BOB, at: AT } }));
    const owner = await run(aNeedQuestion({ state: 'given-up', answer: { by: ANN, at: AT } }));

    expect(own.asked).toMatchObject([{ subject: { reason: 'given-up', asked: 'Not needed any more, says bob' }, requester: BOB }]);
    expect(owner.asked).toMatchObject([{ subject: { reason: 'inactive', asked: 'Not needed any more, says ann' }, requester: ANN }]);
  });

  test.each<[string, NeedQuestion | undefined]>([
    ['waits', aNeedQuestion()],
    ['is answered with keeping', aNeedQuestion({ state: 'kept' })],
    ['has its request', aNeedQuestion({ state: 'unanswered', request: 'r1' })],
    ['is forgotten', undefined],
  ])('asks nobody while the question %s', async (_how, question) => {
    expect(await run(question)).toEqual({ asked: [], calls: [] });
  });

  test('closes the question when there is nothing to take away, and leaves it when a cluster does not answer', async () => {
    const { calls } = await run(aNeedQuestion({ state: 'unanswered' }), new NothingToPropose('No access of Bob was found in prod.'));
    expect(calls).toEqual([['close', 'n1', 'No access of Bob was found in prod']]);

    await expect(run(aNeedQuestion({ state: 'unanswered' }), new Error('prod is away'))).rejects.toThrow('prod is away');
  });

  test('notes what a cluster says as the reason when no attempt is left, and only then', async () => {
    const forbidden = new ClusterUnreachable('Could not look at rolebindings in prod: no permission to list rolebindings');

    await expect(run(aNeedQuestion({ state: 'unanswered' }), forbidden)).rejects.toThrow(forbidden);
    expect((await run(aNeedQuestion({ state: 'unanswered' }), forbidden, { last: true })).calls).toEqual([['hindered', 'n1', forbidden.message]]);
    await expect(run(aNeedQuestion({ state: 'unanswered' }), forbidden, { last: true, signal: AbortSignal.abort() })).rejects.toThrow(forbidden);
    await expect(run(aNeedQuestion({ state: 'unanswered' }), new Error('a fault'), { last: true })).rejects.toThrow('a fault');
  });

  test('when it is given up it is noted too, and a question that is forgotten is left alone', async () => {
    const needs = createFakeNeeds([aNeedQuestion({ state: 'unanswered' })]);
    for (const question of ['n1', 'n0']) await job.onGivenUp?.({ question }, servicesWith({ needs }), 'the bot has a fault');

    expect(needs.calls).toEqual([['hindered', 'n1', 'the bot has a fault']]);
  });
});
