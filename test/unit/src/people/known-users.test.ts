import { describe, expect, test } from '@jest/globals';
import { NOTHING_WATCHED, type Activity } from '#src/model/activity.ts';
import type { UserStatus } from '#src/model/known-users.ts';
import type { People } from '#src/model/people-service.ts';
import { readKnownUsers } from '#src/people/known-users.ts';
import { accessSettings, aKnownPerson, NOW } from '#test/build/access.ts';

const PEOPLE = [
  aKnownPerson('ann'),
  aKnownPerson('bob', { state: 'departed', since: '2026-11-20T17:02:00.000Z' }),
  aKnownPerson('eve', { state: 'suspended' }),
  aKnownPerson('tom', { state: 'conflict', doubt: 'slack says departed, okta says active' }),
  aKnownPerson('cloud', { state: 'departed' }, { logins: ['arn:aws:iam::1:user/cloud'] }),
];

interface World {
  /** Sources of people that answer, and those that do not. */
  readonly health?: Readonly<Record<string, boolean>>;
  readonly isConfigured?: boolean;
  readonly activity?: Activity;
}

function known({ health = { okta: true }, isConfigured = true, activity = { coverage: 'complete' } }: World = {}): ReturnType<typeof readKnownUsers> {
  const people: Pick<People, 'isConfigured' | 'all' | 'health'> = {
    isConfigured,
    all: () => Promise.resolve(PEOPLE),
    health: () => Promise.resolve(Object.entries(health).map(([source, ok]) => ({ source, ok, text: '' }))),
  };
  const ofAll = () => Promise.resolve({ coverage: activity.coverage, of: () => activity });
  return readKnownUsers('prod', { people, activity: { ofAll }, settings: accessSettings({ inactiveDays: 30 }), now: NOW });
}

describe('src/people/known-users', () => {
  test('knows nobody where no source of people is configured', async () => {
    await expect(known({ isConfigured: false })).resolves.toBeUndefined();
  });

  test.each<readonly [user: string, arns: readonly string[], status: UserStatus]>([
    ['ann@corp.example', [], 'inactive'],
    ['bob@corp.example', [], 'departed'],
    ['eve@corp.example', [], 'suspended'],
    ['tom@corp.example', [], 'conflict'],
    ['ann+ops@corp.example', [], 'unsure'],
    ['stranger', [], 'unknown'],
    ['stranger', ['arn:aws:iam::1:user/other', 'arn:aws:iam::1:user/cloud'], 'departed'],
    ['system:kube-scheduler', [], 'exempt'],
  ])('%s, in the cloud %j, is %s', async (user, arns, status) => {
    expect((await known())?.standingOf(user, arns).status).toBe(status);
  });

  test('says why, and whose the name is', async () => {
    expect((await known())?.standingOf('bob@corp.example', [])).toMatchObject({ why: 'okta: status: DEPARTED since 2026-11-20', person: { id: 'okta/bob' } });
  });

  test('somebody who was seen lately is active, and one who was seen long ago is not', async () => {
    const seen = async (lastSeen: string) => (await known({ activity: { coverage: 'complete', lastSeen } }))?.standingOf('ann@corp.example', []).status;

    expect([await seen('2026-11-01T00:00:00.000Z'), await seen('2026-10-01T00:00:00.000Z')]).toEqual(['active', 'inactive']);
  });

  test.each<readonly [Activity['coverage'], string | undefined]>([
    ['complete', undefined],
    ['none', 'the audit log of the cluster does not come in'],
    ['writes-only', 'the audit log leaves out requests that only read'],
    [{ observedDays: 12, ofDays: 30 }, 'the audit log was watched on 12 of 30 days'],
  ])('watched as %j: %s, and nobody is inactive unless all was', async (coverage, gap) => {
    const users = await known({ activity: { coverage } });

    expect([users?.watchGap, users?.windowDays]).toEqual([gap, 30]);
    expect(users?.standingOf('ann@corp.example', []).status).toBe(gap === undefined ? 'inactive' : 'active');
  });

  test.each<readonly [Readonly<Record<string, boolean>>, string | undefined]>([
    [{ okta: true, slack: true }, undefined],
    [{ okta: true, slack: false }, 'the source of people slack cannot be used'],
    [{ okta: false, slack: false }, 'the sources of people okta, slack cannot be used'],
  ])('with sources that answer or not %j: %s', async (health, gap) => {
    expect((await known({ health }))?.peopleGap).toBe(gap);
  });

  test('an unwatched cluster is one without an audit log', async () => {
    expect((await NOTHING_WATCHED.ofAll('prod')).of('ann')).toEqual({ coverage: 'none' });
  });
});
