import { describe, expect, test } from '@jest/globals';
import { NOTHING_WATCHED, type Activity } from '#src/model/activity.ts';
import type { NeedQuestion } from '#src/model/needs.ts';
import type { OutgoingMessage } from '#src/model/outbox.ts';
import type { KnownPerson } from '#src/model/people-view.ts';
import type { RawObject } from '#src/model/raw.ts';
import { NothingToPropose, type ApprovalRequest } from '#src/model/request.ts';
import { job } from '#jobs/review-people.ts';
import { accessSettings, aKnownPerson, clustersOf, NOW, withMetadata } from '#test/build/access.ts';
import { aNeedQuestion } from '#test/build/needs.ts';
import { servicesWith } from '#test/build/queue.ts';
import { aRequest } from '#test/build/request.ts';
import { binding, role } from '#test/build/rbac.ts';
import { aRuling } from '#test/build/rulings.ts';
import { createFakeApprovals } from '#test/fakes/approvals.ts';
import { createFakeNeeds } from '#test/fakes/needs.ts';
import { createKeptLog } from '#test/fakes/log.ts';

const RUN = { signal: new AbortController().signal, attempt: 1, last: false };
const LEFT = aKnownPerson('bob', { state: 'departed' });
const STAYS = aKnownPerson('ann');
const OBJECTS = [role('view', ['get pods']), ...['bob', 'ann'].map((who) => binding(`see-${who}`, 'ClusterRole/view', [`User/${who}@corp.example`], 'shop'))];
const UNANSWERED = aNeedQuestion({ state: 'unanswered', request: 'r1' });

interface World {
  readonly clusters?: Readonly<Record<string, readonly RawObject[] | string>>;
  readonly people?: readonly KnownPerson[];
  readonly refuses?: boolean;
  readonly activity?: Activity;
  readonly questions?: readonly NeedQuestion[];
  /** Kinds that cannot be listed, and why. */
  readonly unlisted?: Readonly<Record<string, string>>;
  /** Whether every source of people answers. */
  readonly ok?: boolean;
  /** Users who were told of before. */
  readonly told?: readonly string[];
  readonly removalsPerReview?: number;
  /** The request that a question has led to. */
  readonly request?: Partial<ApprovalRequest>;
}

function reviewed({ clusters = { prod: OBJECTS, dev: OBJECTS }, people = [LEFT, STAYS], refuses = false, activity, questions = [], ok = true, told = [], removalsPerReview = 5, request = {}, unlisted = {} }: World = {}) {
  const needs = createFakeNeeds(questions);
  const [left, posted, kept]: [unknown[], Pick<OutgoingMessage<unknown>, 'id' | 'channel' | 'data'>[], unknown[]] = [[], [], []];
  const watched = clustersOf(clusters, [], unlisted);
  const asked: unknown[] = [];
  const synced: unknown[] = [];
  const log = createKeptLog();
  const services = servicesWith(
    {
      clock: { now: () => NOW },
      clusters: { ...watched, find: (name) => ({ ...(watched.find(name) ?? { name, production: false, schedule: 'off', timeZone: 'UTC' }), channel: name === 'dev' ? undefined : 'C0PROD' }) },
      accessSettings: accessSettings({ removalsPerReview }),
      activity: activity === undefined ? NOTHING_WATCHED : { ...NOTHING_WATCHED, of: () => Promise.resolve(activity) },
      needs,
      approvalRuns: { leave: async (leavers) => void left.push(...leavers), advance: () => Promise.resolve(), giveUp: () => Promise.resolve(), observe: () => Promise.resolve(), tend: () => Promise.resolve() },
      outbox: { put: async ({ id, channel, data }) => void posted.push({ id, channel, data }), putFile: () => Promise.resolve() },
      unknownUsers: { fresh: async (_, users) => users.filter((user) => !told.includes(user)), told: async (...call) => void kept.push(call) },
      people: { isConfigured: true, all: () => Promise.resolve(people), stateNow: () => Promise.resolve([]), health: () => Promise.resolve([{ source: 'okta', ok, text: '' }]), sync: (_, which) => Promise.resolve(void synced.push(which)).then(() => [{ source: 'okta', ok: false, text: 'okta: refused', departed: 0 }]) },
      approvals: {
        ...createFakeApprovals({ requests: [aRequest({ id: 'r1', state: 'denied', ...request }), aRequest({ id: 'r2', state: 'expired' })] }),
        ask: (kind, subject, opening) => {
          asked.push({ kind, subject, opening });
          return refuses ? Promise.reject(new NothingToPropose('No channel.')) : Promise.resolve({ request: aRequest(), joined: false });
        },
      },
    },
    log,
  );
  return { asked, synced, log, left, posted, kept, calls: needs.calls, run: (payload: { readonly source?: string } = {}) => job.run(payload, services, RUN) };
}

describe('jobs/review-people.ts', () => {
  test('asks the sources, then for the removal of who has left: one request over all clusters', async () => {
    const { asked, synced, log, run } = reviewed();
    await run();

    expect(synced).toEqual([undefined]);
    expect(asked).toEqual([{ kind: 'remove-user', subject: { person: 'okta/bob', clusters: ['dev', 'prod'], reason: 'departed' }, opening: { requester: { name: 'k8ssec' } } }]);
    expect(JSON.stringify(log)).toContain('okta: refused');
  });

  test('asks one source alone after news from it', async () => {
    const { synced, run } = reviewed();
    await run({ source: 'slack' });

    expect(synced).toEqual([{ source: 'slack' }]);
  });

  test('asks neither approvers nor the person while approvers have kept the access, and again for what they have not', async () => {
    const kept = (state: KnownPerson['state'], cluster: string) => aKnownPerson('bob', { state, rulings: [aRuling({ about: { state, paths: [{ key: `${cluster}/RoleBinding/shop/see-bob#User/bob@corp.example`, rank: 0 }] } })] });
    const [departed, inactive] = [reviewed({ people: [kept('departed', 'prod')] }), reviewed({ people: [kept('active', 'prod')], clusters: { prod: OBJECTS }, activity: { coverage: 'complete' } })];
    await departed.run();
    await inactive.run();

    expect(departed.asked).toMatchObject([{ subject: { person: 'okta/bob', clusters: ['dev'] } }]);
    expect(inactive.calls).toEqual([]);
  });

  test('asks for nothing while everybody is there, and nothing for who is only doubtful', async () => {
    const { asked, run } = reviewed({ people: [STAYS, aKnownPerson('bob', { state: 'conflict' })] });
    await run();

    expect(asked).toEqual([]);
  });

  test('looks again when a cluster did not answer, after having asked about the others', async () => {
    const { asked, run } = reviewed({ clusters: { away: 'the API server refuses connections', prod: OBJECTS } });

    await expect(run()).rejects.toThrow('Could not look at away: the API server refuses connections.');
    expect(asked).toHaveLength(1);
  });

  test('goes on when a removal cannot be proposed, and says why', async () => {
    const { log, run } = reviewed({ refuses: true });
    await run();

    expect(JSON.stringify(log)).toContain('No channel.');
  });

  test('tells requests who has left, so that nothing of theirs goes on', async () => {
    const { left, run } = reviewed({ people: [{ ...LEFT, slackId: 'U0BOB' }, STAYS] });
    await run();

    expect(left).toEqual([{ person: 'U0BOB', name: 'bob', why: 'okta: status: DEPARTED' }]);
  });

  test('asks who is inactive instead of proposing anything, so many in one review of a cluster', async () => {
    const people = [STAYS, aKnownPerson('bob', { slackId: 'U0BOB', manager: 'ann@corp.example' })];
    const { calls, asked, run } = reviewed({ people, clusters: { prod: OBJECTS }, activity: { coverage: 'complete' }, removalsPerReview: 1 });
    await run();

    expect(asked).toEqual([]);
    expect(calls).toEqual([['ask', expect.objectContaining({ person: 'okta/ann', cluster: 'prod', owners: [] })]]);
    const both = reviewed({ people, clusters: { prod: OBJECTS }, activity: { coverage: 'complete' } });
    await both.run();
    expect(both.calls).toHaveLength(2);
    expect(both.calls[1]?.[1]).toEqual({ person: 'okta/bob', called: 'bob (bob@corp.example)', cluster: 'prod', rights: ['view in shop (RoleBinding shop/see-bob)'], rightCount: 1, why: 'nothing seen for 60 days, all of them watched', slackId: 'U0BOB', owners: [] });
  });

  test.each<[string, World, unknown[]]>([
    ['who was seen again', { activity: { coverage: { observedDays: 3, ofDays: 60 }, lastSeen: NOW.toISOString(), lastDeed: 'exec in shop' } }, ['close', 'n1', 'seen again: 2026-11-23 (exec in shop)']],
    ['who was given something lately', { clusters: { prod: OBJECTS.map((object) => withMetadata(object, { creationTimestamp: '2026-11-22T08:00:00Z' })) }, activity: { coverage: 'complete' } }, ['close', 'n1', 'RoleBinding shop/see-bob was made or its subjects were changed on 2026-11-22']],
    ['who has no access any more', { clusters: { prod: [] } }, ['close', 'n1', 'there is no access any more']],
    ['who has left', { people: [LEFT] }, ['close', 'n1', 'the person is departed (okta: status: DEPARTED), and the removal is asked for by that']],
    ['about whom approvers have not decided in their time, who are asked once more', { questions: [UNANSWERED], request: { state: 'expired' } }, ['filed', 'n1', undefined]],
    ['about whom approvers were asked anew, and have not decided either', { questions: [UNANSWERED], request: { state: 'void', successor: 'r2' } }, ['filed', 'n1', undefined]],
    ['who gave it up and canceled that', { questions: [aNeedQuestion({ state: 'given-up', request: 'r1' })], request: { state: 'canceled', decision: { verdict: 'canceled', by: { person: 'U0BOB', name: 'bob' }, at: NOW.toISOString() } } }, ['close', 'n1', 'bob canceled this request at 08:00 UTC']],
    ['whose access approvers keep for a time, after which they are asked anew', { questions: [UNANSWERED], request: { ruling: { type: 'keep', until: '2027-01-01' } } }, ['close', 'n1', 'approvers keep the access until 2027-01-01']],
    ['whose access approvers did not want taken away', { questions: [UNANSWERED], request: { ruling: { type: 'pause', until: '2026-12-23' } } }, ['close', 'n1', 'approvers have denied to take the access away, which may be asked again after 2026-12-23']],
    ['whose the user name is not', { questions: [UNANSWERED], request: { ruling: { type: 'not-theirs', users: ['bob'] } } }, ['close', 'n1', 'the user name is not theirs, as approvers have said']],
    ['for whom somebody asked who has left', { questions: [UNANSWERED], request: { state: 'void', decision: { verdict: 'void', by: { name: 'job' }, at: NOW.toISOString(), reason: 'ann, who asked for this, has left' } } }, ['close', 'n1', 'This request is void: ann, who asked for this, has left']],
    ['whom nobody knows any more', { people: [STAYS] }, ['close', 'n1', 'no source of people knows them by that id any more']],
  ])('looks after the question to somebody %s', async (_who, more, call) => {
    const { calls, run } = reviewed({ clusters: { prod: OBJECTS }, people: [aKnownPerson('bob')], questions: [aNeedQuestion()], ...more });
    await run();

    expect(calls).toEqual([call]);
  });

  test.each<[string, World]>([
    ['while nobody can tell whether they were seen', { activity: { coverage: { observedDays: 3, ofDays: 60 } } }],
    ['while the cluster does not answer', { clusters: { prod: 'away' } }],
    ['while not all of the access can be looked at', { clusters: { prod: [] }, unlisted: { RoleBinding: 'forbidden' } }],
    ['while approvers have denied it', { questions: [UNANSWERED] }],
  ])('leaves a question as it is %s', async (_when, more) => {
    const { calls, run } = reviewed({ clusters: { prod: OBJECTS }, people: [aKnownPerson('bob')], questions: [aNeedQuestion()], ...more });
    await run().catch((error: unknown) => expect(String(error)).toContain('away'));

    expect(calls).toEqual([]);
  });

  test('tells the channel of a cluster of users who match nobody, new ones alone', async () => {
    const { posted, kept, asked, run } = reviewed({ people: [STAYS], clusters: { prod: [...OBJECTS, binding('old', 'ClusterRole/view', ['User/legacy'], 'shop')] }, told: ['legacy'] });
    await run();

    expect(posted).toEqual([{ id: 'unknown-users/prod/2026-11-23/bob@corp.example', channel: 'C0PROD', data: { cluster: 'prod', users: ['bob@corp.example: view in shop (RoleBinding shop/see-bob)'], count: 1 } }]);
    expect(kept).toEqual([['prod', expect.arrayContaining(['bob@corp.example', 'legacy']), true]]);
    expect(asked).toEqual([]);
  });

  test.each<[string, World]>([
    ['while a source of people does not answer', { ok: false, clusters: { prod: OBJECTS } }],
    ['where the cluster has no channel', { clusters: { dev: OBJECTS } }],
  ])('tells of no users %s, and counts them as untold', async (_when, more) => {
    const { posted, kept, run } = reviewed({ people: [STAYS], ...more });
    await run();

    expect([posted, kept]).toEqual([[], []]);
  });
});
