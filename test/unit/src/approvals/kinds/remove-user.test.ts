import { describe, expect, test } from '@jest/globals';
import { kind, type RemoveUser } from '#src/approvals/kinds/remove-user.ts';
import { ClusterUnreachable } from '#src/model/clusters.ts';
import { NO_CONNECTIONS } from '#src/model/connection.ts';
import { NOTHING_WATCHED, type Activity } from '#src/model/activity.ts';
import { SourceFailed, type Person } from '#src/model/people.ts';
import type { KnownPerson } from '#src/model/people-view.ts';
import type { RawObject } from '#src/model/raw.ts';
import { NothingToPropose } from '#src/model/request.ts';
import { accessSettings, aKnownPerson, clustersOf } from '#test/build/access.ts';
import { installation } from '#test/build/installation.ts';
import { aPerson } from '#test/build/people.ts';
import { binding, role } from '#test/build/rbac.ts';
import { aRuling } from '#test/build/rulings.ts';
import { createMovedClock } from '#test/fakes/clock.ts';

const BOB = aKnownPerson('bob', { state: 'departed', since: '2026-11-20T17:02:00.000Z', slackId: 'U0BOB', manager: 'ann@corp.example' }, { name: 'Bob Brown' });
const USER = 'User/bob@corp.example';
const OBJECTS = [role('view', ['get pods']), role('cluster-admin', ['* *:*']), binding('see', 'ClusterRole/view', [USER], 'shop'), binding('all', 'ClusterRole/cluster-admin', [USER]), binding('ann', 'ClusterRole/cluster-admin', ['User/ann'])];
const DEPARTED: RemoveUser = { person: 'okta/bob', reason: 'departed' };

interface World {
  readonly clusters?: Readonly<Record<string, readonly RawObject[] | string>>;
  readonly people?: readonly KnownPerson[];
  readonly activity?: Activity;
  readonly unlisted?: Readonly<Record<string, string>>;
  /** Whose user names are. */
  readonly aliases?: ReadonlyMap<string, string>;
}

function proposed(wish: RemoveUser, { clusters = { prod: OBJECTS }, people = [BOB], activity, unlisted, aliases = new Map<string, string>() }: World = {}) {
  const watched = clustersOf(clusters, [], unlisted);
  const world = {
    clock: createMovedClock(),
    clusters: watched,
    people: { all: () => Promise.resolve(people) },
    activity: activity === undefined ? NOTHING_WATCHED : { ...NOTHING_WATCHED, of: () => Promise.resolve(activity) },
    connections: NO_CONNECTIONS,
    settings: accessSettings({ aliases }),
    installation,
  };
  return { watched, world, proposal: kind.propose(wish, world, new AbortController().signal) };
}

describe('src/approvals/kinds/remove-user', () => {
  test('asks with what speaks for it, for exactly what would be taken away', async () => {
    const { proposal, watched } = proposed(DEPARTED, { clusters: { prod: OBJECTS, dev: [role('view', ['get pods']), binding('see', 'ClusterRole/view', [USER], 'blog')] } });

    await expect(proposal).resolves.toMatchObject({
      card: {
        header: 'Departed user still has access',
        ask: 'Remove the access of bob@corp.example: 3 bindings in 2 clusters',
        facts: [
          ['Person', 'Bob Brown (bob@corp.example)'],
          ['User name', 'bob@corp.example'],
          ['Signal', 'okta: status: DEPARTED since 2026-11-20'],
          ['Confidence', 'high'],
          ['Last activity', 'not observed'],
          ['Manager', 'ann@corp.example'],
        ],
        effect: 'Would be removed',
        undo: 'Restore',
      },
      plan: { changes: [{ address: { name: 'all' } }, { address: { cluster: 'dev' } }, { address: { cluster: 'prod', namespace: 'shop' } }] },
      clusters: ['prod', 'dev'],
      namespaces: ['blog', 'shop'],
      targets: ['U0BOB'],
      sensitive: true,
      retype: 'bob@corp.example',
    });
    expect(watched.opened()).toBe(0);
  });

  test('is not sensitive without cluster-admin, and only what was chosen goes', async () => {
    const { proposal } = proposed({ ...DEPARTED, bindings: [`prod/RoleBinding/shop/see#${USER}`] });

    await expect(proposal).resolves.toMatchObject({ sensitive: false, plan: { changes: [{ address: { name: 'see' } }] } });
    expect(await proposal).not.toHaveProperty('retype');
  });

  test('whose rights of an administrator go is part of the plan, with what equals cluster-admin too', async () => {
    const under = (rules: readonly string[]) => proposed(DEPARTED, { clusters: { prod: [role('root', rules), binding('all', 'ClusterRole/root', [USER]), binding('ann', 'ClusterRole/root', ['User/ann'])] } }).proposal;
    const [few, all] = await Promise.all([under(['get pods']), under(['* *:*'])]);

    expect([few.retype, all.retype]).toEqual([undefined, 'bob@corp.example']);
    expect([few, all].map(({ plan }) => plan.basis.includes('what is taken away makes bob@corp.example a cluster administrator'))).toEqual([false, true]);
  });

  test('what nobody sees in a user name is typed as it is shown', async () => {
    const hidden = 'oidc:bob\u200b';
    const { proposal } = proposed(DEPARTED, { clusters: { prod: [role('cluster-admin', ['* *:*']), binding('all', 'ClusterRole/cluster-admin', [`User/${hidden}`]), binding('ann', 'ClusterRole/cluster-admin', ['User/ann'])] }, aliases: new Map([[hidden, 'bob@corp.example']]) });

    expect((await proposal).retype).toBe('oidc:bob\\u{200b}');
  });

  test('says whose access it is about, by which names and in which places', async () => {
    const { proposal } = proposed({ ...DEPARTED, bindings: [`prod/RoleBinding/shop/see#${USER}`] });

    expect((await proposal).about).toEqual({ person: 'okta/bob', called: 'Bob Brown (bob@corp.example)', state: 'departed', users: ['bob@corp.example'], paths: [{ key: `prod/RoleBinding/shop/see#${USER}`, rank: expect.any(Number) }] });
  });

  test('what approvers have kept is not proposed again by what the sources say, only when somebody asks for it', async () => {
    const { about } = await proposed(DEPARTED).proposal;
    const kept = (until: string, more: Partial<NonNullable<typeof about>> = {}): World => ({ people: [{ ...BOB, rulings: [aRuling({ says: { type: 'keep', until }, about: { ...about, ...more } })] }] });
    const before = ['Before', 'kept until 2026-11-22, said Bo on 2026-11-22 (r7k2m9): “on parental leave”'];

    await expect(proposed(DEPARTED, kept('2026-12-23')).proposal).rejects.toThrow(new NothingToPropose('The access of Bob Brown is kept until 2026-12-23, said Bo on 2026-11-22 (r7k2m9): “on parental leave”.'));
    await expect(proposed({ ...DEPARTED, reason: 'asked' }, kept('2026-12-23')).proposal).resolves.toMatchObject({ sensitive: true });
    await expect(proposed(DEPARTED, kept('2026-12-23', { paths: [] })).proposal).resolves.toMatchObject({ sensitive: true });
    expect((await proposed(DEPARTED, kept('2026-11-22')).proposal).card.facts.at(-1)).toEqual(before);
    expect((await proposed(DEPARTED).proposal).card.facts.map(([name]) => name)).not.toContain('Before');
  });

  test('says which cluster did not answer, and goes on with the others', async () => {
    const { proposal } = proposed(DEPARTED, { clusters: { prod: OBJECTS, dev: 'the API server did not answer' } });

    expect((await proposal).plan.stays).toContain('Could not look at dev: the API server did not answer.');
  });

  test('gives the same plan when it is asked again', async () => {
    const [first, second] = await Promise.all([proposed(DEPARTED).proposal, proposed(DEPARTED, { people: [aKnownPerson('ann'), { ...BOB, testimonies: BOB.testimonies.map((told) => ({ ...told, asOf: '2026-11-24T07:00:00.000Z' })) }] }).proposal]);

    expect(second.plan).toEqual(first.plan);
  });

  test.each<readonly [what: string, wish: RemoveUser, world: World, why: string | RegExp]>([
    ['nobody knows the person any more', DEPARTED, { people: [] }, 'No source of people knows that person any more.'],
    ['they are back', DEPARTED, { people: [aKnownPerson('bob')] }, 'bob is not departed: okta: status: ACTIVE.'],
    ['they are not suspended', { ...DEPARTED, reason: 'suspended' }, { people: [aKnownPerson('bob')] }, /is not suspended/],
    ['systems disagree', DEPARTED, { people: [aKnownPerson('bob', { state: 'conflict', doubt: 'slack says departed' })] }, 'Systems disagree about bob: slack says departed. Nothing is proposed until they agree.'],
    ['nothing was watched', { ...DEPARTED, reason: 'inactive' }, { people: [aKnownPerson('bob')] }, 'Nobody can tell that bob is inactive. Last activity: not observed.'],
    ['it was not watched all the time', { ...DEPARTED, reason: 'inactive' }, { people: [aKnownPerson('bob')], activity: { coverage: { observedDays: 51, ofDays: 60 } } }, /51 of 60 days/],
    ['the cluster is not watched', { ...DEPARTED, clusters: ['nowhere'] }, {}, 'Could not look at nowhere: it is not watched.'],
    ['they have no access', DEPARTED, { clusters: { prod: [] } }, 'No access of Bob Brown was found in prod.'],
  ])('proposes nothing when %s', async (_what, wish, world, why) => {
    const thrown: unknown = await proposed(wish, world).proposal.catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(NothingToPropose);
    expect(() => { throw thrown; }).toThrow(why);
  });

  test('what could not be looked at does not say that there is nothing to propose', async () => {
    await expect(proposed(DEPARTED, { clusters: { prod: 'it is away' } }).proposal).rejects.toThrow(new ClusterUnreachable('Could not look at prod: it is away'));
    await expect(proposed(DEPARTED, { clusters: { prod: [] }, unlisted: { RoleBinding: 'no permission to list rolebindings' } }).proposal).rejects.toThrow(new ClusterUnreachable('Could not look at rolebindings in prod: no permission to list rolebindings'));
  });

  test.each<readonly [reason: RemoveUser['reason'], person: KnownPerson, activity: Activity | undefined]>([
    ['inactive', aKnownPerson('bob'), { coverage: 'complete' }],
    ['suspended', aKnownPerson('bob', { state: 'suspended' }), undefined],
    ['suspended', aKnownPerson('bob', { state: 'departed' }), undefined],
    ['asked', aKnownPerson('bob'), undefined],
    ['asked', aKnownPerson('bob', { state: 'conflict' }), undefined],
    ['given-up', aKnownPerson('bob'), undefined],
    ['given-up', aKnownPerson('bob', { state: 'conflict' }), undefined],
  ])('the reason %s holds', async (reason, person, activity) => {
    const { proposal } = proposed({ person: 'okta/bob', reason }, { people: [person], ...(activity && { activity }) });

    expect((await proposal).plan.changes).toHaveLength(2);
  });

  test('what somebody gives up themselves needs one approval, and the card says what they were asked', async () => {
    const { proposal } = proposed({ person: 'okta/bob', reason: 'given-up', asked: 'Not needed any more, says bob' }, { people: [aKnownPerson('bob')] });

    expect(await proposal).toMatchObject({ consented: true, card: { header: 'Access that is not needed any more', facts: expect.arrayContaining([['Signal', 'says that it is not needed any more'], ['Answer', 'Not needed any more, says bob']]) } });
    expect(await proposed(DEPARTED).proposal).not.toHaveProperty('consented');
  });

  test('its changes can be wished for one by one, and are then the same changes', async () => {
    const { plan, parts = [] } = await proposed(DEPARTED).proposal;
    expect(parts).toHaveLength(plan.changes.length);

    for (const [place, part] of parts.entries()) {
      const one = await proposed(kind.narrow?.(DEPARTED, part) ?? DEPARTED).proposal;
      expect(one.plan.changes).toEqual([plan.changes[place]]);
    }
  });

  describe('asked once more right before anything is done', () => {
    const back = (state: Person['state']): Person => ({ ...aPerson('bob'), state, evidence: `status: ${state.toUpperCase()}` });
    const confirmed = (reason: RemoveUser['reason'], now: Person | undefined | Error, { people = [BOB], told = 'departed' }: { readonly people?: readonly KnownPerson[]; readonly told?: Person['state'] } = {}) => {
      const asked: string[] = [];
      const stateNow = ({ id }: KnownPerson) => {
        asked.push(id);
        return now instanceof Error ? Promise.reject(now) : Promise.resolve([{ source: 'okta', told, person: now }]);
      };
      const world = { ...proposed(DEPARTED).world, people: { all: () => Promise.resolve(people), stateNow } };
      return { asked, done: kind.confirm?.({ ...DEPARTED, reason }, world, new AbortController().signal) };
    };

    test.each<readonly [RemoveUser['reason'], Person | undefined]>([
      ['departed', back('departed')],
      ['departed', undefined],
      ['suspended', back('suspended')],
      ['suspended', back('departed')],
      ['suspended', undefined],
    ])('%s goes on while the system says so, or has nobody of that id', async (reason, now) => {
      await expect(confirmed(reason, now).done).resolves.toBeUndefined();
    });

    test.each<readonly [RemoveUser['reason'], Person, string]>([
      ['departed', back('active'), 'Bob Brown is not departed any more: okta says now status: ACTIVE.'],
      ['departed', back('suspended'), 'Bob Brown is not departed any more: okta says now status: SUSPENDED.'],
      ['suspended', back('active'), 'Bob Brown is not suspended any more: okta says now status: ACTIVE.'],
    ])('%s ends when the person is back', async (reason, now, why) => {
      await expect(confirmed(reason, now).done).rejects.toThrow(new NothingToPropose(why));
    });

    test('who was suspended in a system before, and is, has left by what another one says', async () => {
      await expect(confirmed('departed', back('suspended'), { told: 'suspended' }).done).resolves.toBeUndefined();
      await expect(confirmed('departed', back('active'), { told: 'suspended' }).done).rejects.toThrow(NothingToPropose);
    });

    test('that nobody could be asked says nothing about the person', async () => {
      await expect(confirmed('departed', new SourceFailed('unreachable', 'Okta cannot be reached')).done).rejects.toThrow(SourceFailed);
    });

    test.each<RemoveUser['reason']>(['asked', 'inactive', 'given-up'])('%s does not depend on what systems say', async (reason) => {
      const { asked, done } = confirmed(reason, new Error('nobody asks'));
      await done;

      expect(asked).toEqual([]);
    });
  });

  test('the same wish is the same request, in whatever order it is said', () => {
    expect(kind.identity({ ...DEPARTED, clusters: ['a', 'b'] })).toBe(kind.identity({ ...DEPARTED, clusters: ['b', 'a'] }));
    expect(kind.identity({ ...DEPARTED, clusters: ['a'] })).not.toBe(kind.identity(DEPARTED));
    expect(kind.identity({ ...DEPARTED, bindings: ['x'] })).not.toBe(kind.identity(DEPARTED));
  });

  test('refuses a subject with anything unknown in it', () => {
    expect(kind.subject.safeParse({ ...DEPARTED, more: 1 }).success).toBe(false);
    expect(kind.subject.safeParse({ ...DEPARTED, reason: 'mood' }).success).toBe(false);
    expect(kind.subject.safeParse({ ...DEPARTED, bindings: [] }).success).toBe(false);
  });
});
