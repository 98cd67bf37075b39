import { describe, expect, test } from '@jest/globals';
import { NOTHING_WATCHED, type Activity } from '#src/model/activity.ts';
import type { KnownPerson } from '#src/model/people-view.ts';
import type { RawObject } from '#src/model/raw.ts';
import type { AccessSettings } from '#src/model/settings.ts';
import { activityText, isInactive, reviewAccess, type AccessReview } from '#src/people/review.ts';
import { accessMapOf, accessSettings, aKnownPerson, NOW, withMetadata } from '#test/build/access.ts';
import { binding, role } from '#test/build/rbac.ts';
import { aRuling } from '#test/build/rulings.ts';

const DAY_MS = 24 * 3600_000;
const VIEW = role('view', ['get,list pods']);
const daysAgo = (days: number, offsetMs = 0) => new Date(NOW.getTime() - days * DAY_MS + offsetMs).toISOString();
const seen = (user: string) => binding(`see-${user.split('@')[0] ?? ''}`, 'ClusterRole/view', [`User/${user}`], 'shop');

interface World {
  readonly people?: readonly KnownPerson[];
  readonly settings?: Partial<AccessSettings>;
  readonly activity?: Readonly<Record<string, Activity>>;
  readonly others?: Readonly<Record<string, readonly RawObject[]>>;
}

async function reviewed(objects: readonly RawObject[], { people = [], settings = {}, activity = {}, others = {} }: World = {}): Promise<AccessReview> {
  const maps = await Promise.all([accessMapOf([VIEW, ...objects]), ...Object.entries(others).map(([cluster, more]) => accessMapOf([VIEW, ...more], { cluster }))]);
  const of = async (cluster: string, user: string): Promise<Activity> => activity[user] ?? NOTHING_WATCHED.of(cluster, user);
  return reviewAccess({ people, maps, settings: accessSettings(settings), activity: { of }, now: NOW });
}

const statusesOf = ({ clusters: [first] }: AccessReview) => Object.fromEntries((first?.users ?? []).map(({ user, status }) => [user, status]));
const idsOf = (candidates: readonly { readonly person: KnownPerson }[] | undefined) => candidates?.map(({ person }) => person.id);

describe('src/people/review', () => {
  test('tells of every user what is to be thought of it', async () => {
    const people = [
      aKnownPerson('gone', { state: 'departed', since: '2026-11-20T17:02:00.000Z' }),
      aKnownPerson('away', { state: 'suspended' }),
      aKnownPerson('torn', { state: 'conflict', doubt: 'slack says departed, okta says active' }),
      aKnownPerson('here'),
      aKnownPerson('robot', { kind: 'bot' }),
      aKnownPerson('guest', { state: 'departed', kind: 'guest' }),
      aKnownPerson('twin', {}, { logins: ['twins'] }),
      aKnownPerson('twin2', {}, { logins: ['twins'] }),
    ];
    const names = [...people.slice(0, 6).map(({ emails }) => emails[0] ?? ''), 'twins', 'stranger', 'here+admin@corp.example', 'fire', 'ci', 'deployer', 'system:someone'];
    const review = await reviewed(names.map(seen), { people, settings: { breakGlass: ['fire'], exempt: ['ci'], aliases: new Map([['deployer', '-']]) } });

    expect(statusesOf(review)).toEqual({
      'gone@corp.example': 'departed',
      'guest@corp.example': 'departed',
      'away@corp.example': 'suspended',
      'here+admin@corp.example': 'unsure',
      'torn@corp.example': 'conflict',
      twins: 'conflict',
      stranger: 'unknown',
      'robot@corp.example': 'exempt',
      fire: 'exempt',
      ci: 'exempt',
      deployer: 'exempt',
      'here@corp.example': 'active',
    });
    expect(idsOf(review.clusters[0]?.proposable)).toEqual(['okta/away', 'okta/gone', 'okta/guest']);
    expect(review.clusters[0]?.users.find(({ person }) => person?.id === 'okta/gone')?.why).toBe('okta: status: DEPARTED since 2026-11-20');
  });

  test('a name that matches nobody is reported once, and nobody is proposed for it', async () => {
    const review = await reviewed([seen('eve'), binding('two', 'ClusterRole/view', ['User/eve'], 'blog')], { others: { dev: [seen('eve')] } });

    expect(review.unknown).toEqual([{ user: 'eve', clusters: ['prod', 'dev'] }]);
    expect(review.clusters.flatMap(({ proposable }) => proposable)).toEqual([]);
  });

  test('without anybody known nobody has left', async () => {
    expect(statusesOf(await reviewed([seen('bob@corp.example')]))).toEqual({ 'bob@corp.example': 'unknown' });
  });

  test('proposes so many in each cluster and no more, the most dangerous first', async () => {
    const people = ['a', 'b', 'c', 'd'].map((id) => aKnownPerson(id, { state: 'departed' }));
    const keys = [role('keys', ['get secrets']), binding('keys', 'ClusterRole/keys', ['User/d@corp.example'])];
    const { clusters: [prod, dev] } = await reviewed([...people.map(({ emails }) => seen(emails[0] ?? '')), ...keys], { people, settings: { removalsPerReview: 2 }, others: { dev: [seen('c@corp.example')] } });

    expect([idsOf(prod?.proposable), idsOf(prod?.beyondLimit)]).toEqual([['okta/d', 'okta/a'], ['okta/b', 'okta/c']]);
    expect(idsOf(dev?.proposable)).toEqual(['okta/c']);
  });

  test('somebody of whom nothing can be taken away is not proposed', async () => {
    const bob = aKnownPerson('bob', { state: 'departed' });
    const review = await reviewed([binding('all', 'ClusterRole/cluster-admin', ['User/bob@corp.example'])], { people: [bob] });

    expect(statusesOf(review)).toEqual({ 'bob@corp.example': 'departed' });
    expect(review.clusters[0]?.proposable).toEqual([]);
  });

  test('whose access approvers have kept is neither proposed nor asked, does not count, and is listed', async () => {
    const kept = (id: string, state: 'departed' | 'active') => aKnownPerson(id, { state, rulings: [aRuling({ about: { person: `okta/${id}`, state, paths: [{ key: `prod/RoleBinding/shop/see-${id}#User/${id}@corp.example`, rank: 0 }] } })] });
    const people = [kept('a', 'departed'), kept('b', 'active'), aKnownPerson('c', { state: 'departed' })];
    const { clusters: [prod] } = await reviewed(['a', 'b', 'c'].map((id) => seen(`${id}@corp.example`)), { people, settings: { removalsPerReview: 1 }, activity: { 'b@corp.example': { coverage: 'complete' } } });

    expect([idsOf(prod?.proposable), idsOf(prod?.inactive), idsOf(prod?.beyondLimit)]).toEqual([['okta/c'], [], []]);
    expect(prod?.kept.map(({ person, reason, ruling }) => [person.id, reason, ruling.by])).toEqual([['okta/a', 'departed', 'Bo'], ['okta/b', 'inactive', 'Bo']]);
  });

  test('a name that is not theirs, as approvers have said, is of nobody, and what they said is told', async () => {
    const bob = aKnownPerson('bob', { state: 'departed', rulings: [aRuling({ says: { type: 'not-theirs', users: ['bob@corp.example'] } })] });
    const review = await reviewed([seen('bob@corp.example')], { people: [bob] });

    expect(statusesOf(review)).toEqual({ 'bob@corp.example': 'unknown' });
    expect(review.clusters[0]?.proposable).toEqual([]);
    expect(review.unknown).toEqual([{ user: 'bob@corp.example', clusters: ['prod'], said: expect.stringMatching(/^not the account of Bob Brown/) }]);
  });

  test('ServiceAccounts that do not exist are dangling', async () => {
    const { clusters: [prod] } = await reviewed([binding('ci', 'ClusterRole/view', ['ServiceAccount/ci/gone'], 'shop')]);

    expect(prod?.dangling.map(({ principal }) => principal.name)).toEqual(['system:serviceaccount:ci:gone']);
    expect(prod?.users).toEqual([]);
  });

  test('nobody is inactive where nothing is watched', async () => {
    expect(statusesOf(await reviewed([seen('here@corp.example')], { people: [aKnownPerson('here')] }))).toEqual({ 'here@corp.example': 'active' });
  });

  test('whoever was not seen in the whole time, all of it watched, is inactive, and is to be asked and not proposed', async () => {
    const review = await reviewed([seen('here@corp.example')], { people: [aKnownPerson('here')], activity: { 'here@corp.example': { coverage: 'complete' } } });

    expect(statusesOf(review)).toEqual({ 'here@corp.example': 'inactive' });
    expect([idsOf(review.clusters[0]?.proposable), idsOf(review.clusters[0]?.inactive)]).toEqual([[], ['okta/here']]);
  });

  describe('whoever was not seen', () => {
    const given = (metadata: RawObject) => withMetadata(seen('here@corp.example'), metadata);
    const wrote = (time: string, { manager = 'kubectl-edit', field = 'f:subjects' } = {}) => ({ manager, operation: 'Update', time, fieldsType: 'FieldsV1', fieldsV1: { [field]: {} } });
    const old = { creationTimestamp: '2025-01-02T03:04:05Z' };

    test.each<readonly [string, RawObject, string | undefined]>([
      ['by a binding that is younger', { creationTimestamp: daysAgo(60, 1) }, '2026-09-24'],
      ['by a binding that is just as old', { creationTimestamp: daysAgo(60) }, undefined],
      ['by an old binding whose subjects were changed', { ...old, managedFields: [wrote(daysAgo(90)), wrote(daysAgo(1))] }, '2026-11-22'],
      ['by an old binding whose subjects were changed long ago', { ...old, managedFields: [wrote(daysAgo(61))] }, undefined],
      ['by an old binding from which the bot took somebody', { ...old, managedFields: [wrote(daysAgo(1), { manager: 'k8ssec' })] }, undefined],
      ['by an old binding whose labels were changed', { ...old, managedFields: [wrote(daysAgo(1), { field: 'f:metadata' })] }, undefined],
    ])('and has rights %s, is inactive or was given them lately', async (_, metadata, day) => {
      const { clusters: [prod] } = await reviewed([given(metadata)], { people: [aKnownPerson('here')], activity: { 'here@corp.example': { coverage: 'complete' } } });

      const lately = day && `RoleBinding shop/see-here was made or its subjects were changed on ${day}`;
      expect(prod?.users[0]).toMatchObject(lately ? { status: 'active', why: `nothing seen for 60 days, all of them watched, but ${lately}`, lately } : { status: 'inactive' });
      expect(prod?.inactive).toHaveLength(lately ? 0 : 1);
    });

    test('and was given something by another name lately, is not to be asked', async () => {
      const here = aKnownPerson('here', {}, { logins: ['here-admin'] });
      const other = withMetadata(binding('other', 'ClusterRole/view', ['User/here-admin'], 'shop'), { creationTimestamp: daysAgo(1) });
      const { clusters: [prod] } = await reviewed([given(old), other], { people: [here], activity: { 'here@corp.example': { coverage: 'complete' }, 'here-admin': { coverage: 'complete' } } });

      expect(prod?.inactive).toEqual([]);
    });

    test('and has left, is to be removed however young the binding is', async () => {
      const gone = aKnownPerson('here', { state: 'departed' });
      const { clusters: [prod] } = await reviewed([given({ creationTimestamp: daysAgo(1) })], { people: [gone], activity: { 'here@corp.example': { coverage: 'complete' } } });

      expect(idsOf(prod?.proposable)).toEqual(['okta/here']);
    });
  });

  test('nobody is to be asked who was seen by another name of theirs', async () => {
    const here = aKnownPerson('here', {}, { logins: ['here-admin'] });
    const review = await reviewed([seen('here@corp.example'), binding('other', 'ClusterRole/view', ['User/here-admin'], 'shop')], { people: [here], activity: { 'here@corp.example': { coverage: 'complete' } } });

    expect(statusesOf(review)).toEqual({ 'here@corp.example': 'inactive', 'here-admin': 'active' });
    expect(review.clusters[0]?.inactive).toEqual([]);
  });

  test.each<readonly [what: string, activity: Activity, inactive: boolean, text: string]>([
    ['nothing is watched', { coverage: 'none' }, false, 'not observed'],
    ['a day is missing', { coverage: { observedDays: 59, ofDays: 60 } }, false, 'cannot tell: 59 of 60 days were watched'],
    ['nothing that only reads is in the log', { coverage: 'writes-only' }, false, 'cannot tell: the audit log leaves out what only reads'],
    ['days are missing and it was seen long ago', { coverage: { observedDays: 57, ofDays: 60 }, lastSeen: daysAgo(90) }, false, '2026-08-25'],
    ['nothing was seen', { coverage: 'complete' }, true, 'nothing seen'],
    ['it was seen a millisecond after the window began', { coverage: 'complete', lastSeen: daysAgo(60, 1) }, false, '2026-09-24'],
    ['it was seen when the window began', { coverage: 'complete', lastSeen: daysAgo(60), lastDeed: 'exec in shop' }, true, '2026-09-24 (exec in shop)'],
  ])('inactivity when %s', (_what, activity, inactive, text) => {
    expect(isInactive(activity, 60, NOW)).toBe(inactive);
    expect(activityText(activity)).toBe(text);
  });
});
