import { describe, expect, test } from '@jest/globals';
import { createHealth } from '#src/app/health.ts';
import type { RequestState } from '#src/model/request.ts';
import type { KnownPerson } from '#src/model/people-view.ts';
import { aKnownPerson } from '#test/build/access.ts';
import { aRequest } from '#test/build/request.ts';
import { createFakeApprovals } from '#test/fakes/approvals.ts';

const OKTA = { source: 'okta', ok: false, text: 'okta: not asked yet' };

function reportOf(states: readonly RequestState[], slackProblem?: string, everybody: readonly KnownPerson[] = []) {
  return createHealth({
    queue: { counts: () => Promise.resolve({ waiting: 1, active: 2, delayed: 3, failed: 4 }) },
    rows: { counts: () => Promise.resolve({ unsent: 5, maybeDouble: 6, failed: 7 }) },
    people: { health: () => Promise.resolve([OKTA]), all: () => Promise.resolve(everybody) },
    named: new Map([['U0BOB', { gives: 'decides requests', section: 'approvals' }], ['U0ANN', { gives: 'has a role', section: 'roles' }]]),
    approvals: createFakeApprovals({ requests: states.map((state, index) => aRequest({ id: `r${index}`, state })) }),
    events: () => Promise.resolve([{ cluster: 'prod', ok: true, text: 'prod audit: 1 event today, last 1 s ago' }]),
    slackProblem: () => slackProblem,
    limits: () => ['Something is off'],
  }).report();
}

describe('src/app/health.ts', () => {
  test('counts requests that wait and effects that could not be taken back, and nothing else among the open ones', async () => {
    const { undecided, notTakenBack } = await reportOf(['pending', 'partly-approved', 'approved', 'applying', 'applied', 'failed', 'reverting', 'revert-failed', 'pending']);

    expect({ undecided, notTakenBack }).toEqual({ undecided: 3, notTakenBack: 1 });
  });

  test('tells how each source of people is', async () => {
    expect((await reportOf([])).people).toEqual([{ ok: false, text: 'okta: not asked yet' }]);
  });

  test.each<readonly [string, Partial<KnownPerson>, readonly string[]]>([
    ['has left and decides', { state: 'departed', slackId: 'U0BOB' }, ['bob (U0BOB) has left and still decides requests: remove them under approvals']],
    ['is suspended and has a role', { state: 'suspended', slackId: 'U0ANN' }, ['bob (U0ANN) is suspended and still has a role: remove them under roles']],
    ['has left and is not named', { state: 'departed', slackId: 'U0EVE' }, []],
    ['has left and has no account in Slack', { state: 'departed' }, []],
    ['is still there', { slackId: 'U0BOB' }, []],
    ['is disputed', { state: 'conflict', slackId: 'U0BOB' }, []],
  ])('tells of whoever %s', async (_, person, leavers) => {
    expect((await reportOf([], undefined, [aKnownPerson('bob', person)])).leavers).toEqual(leavers);
  });

  test('tells how each source of events is', async () => {
    expect((await reportOf([])).events).toEqual([{ cluster: 'prod', ok: true, text: 'prod audit: 1 event today, last 1 s ago' }]);
  });

  test.each([
    [undefined, { slack: 'ok' }],
    ['Slack does not answer', { slack: 'degraded', slackProblem: 'Slack does not answer' }],
  ])('when Slack’s problem is %s, says so', async (problem, expected) => {
    const report = await reportOf([], problem);

    expect(report).toMatchObject(expected);
    expect('slackProblem' in report).toBe(problem !== undefined);
  });
});
