import { describe, expect, test } from '@jest/globals';
import { manifestOf } from '../support/manifest.ts';
import { call, errorOf, startSlack, workspaceOf, type Json } from '../support/slack.ts';

describe('src/sandbox/slack/api/people.ts', () => {
  test.each<[handle: string, facts: Json]>([
    ['ann', { deleted: false, is_bot: false, is_restricted: false, is_ultra_restricted: false }],
    ['dana', { is_owner: true }],
    ['gus', { is_restricted: true, is_ultra_restricted: false }],
    ['sid', { is_restricted: true, is_ultra_restricted: true }],
    ['stan', { is_stranger: true }],
    ['noa', { is_invited_user: true }],
    ['deploybot', { is_bot: true }],
    ['slackbot', { id: 'USLACKBOT', is_bot: false }],
    ['hal', { deleted: true }],
  ])('users.info tells what %s is', async (handle, facts) => {
    const slack = await startSlack();

    expect(await call(slack, 'users.info', { user: workspaceOf(slack).userId(handle) })).toMatchObject({ ok: true, user: { name: handle, ...facts } });
  });

  test('users.info names the workspace of an outsider', async () => {
    const slack = await startSlack();
    const teamOf = async (handle: string) => ((await call(slack, 'users.info', { user: workspaceOf(slack).userId(handle) })).user as Json).team_id;

    expect(await teamOf('xena')).not.toBe(await teamOf('ann'));
  });

  test('users.info says little of deactivated people', async () => {
    const slack = await startSlack();

    const { user } = await call(slack, 'users.info', { user: workspaceOf(slack).userId('hal') });

    expect(user).not.toHaveProperty('is_restricted');
    expect(errorOf(await call(slack, 'users.info', { user: 'U0NOBODY' }))).toBe('user_not_found');
  });

  test('tells addresses only with the scope for them', async () => {
    const [granted, refused] = [await startSlack(), await startSlack({ optionalScopes: false })];
    const profileOf = async (slack: typeof granted) => ((await call(slack, 'users.info', { user: workspaceOf(slack).userId('ann') })).user as Json).profile;

    expect(await profileOf(granted)).toMatchObject({ email: 'ann@corp.example' });
    expect(await profileOf(refused)).not.toHaveProperty('email');
  });

  test('users.list pages through everybody, the deactivated included', async () => {
    const slack = await startSlack({ furtherPeople: 250 });
    const seen = new Set<unknown>();
    let [cursor, pages]: [unknown, number] = ['', 0];

    do {
      const answer = await call(slack, 'users.list', { limit: 100, cursor });
      for (const { id } of answer.members as Json[]) seen.add(id);
      cursor = (answer.response_metadata as Json).next_cursor;
      pages += 1;
    } while (cursor !== '');

    expect(pages).toBe(3);
    expect(seen.size).toBe(265);
    expect(seen).toContain(workspaceOf(slack).userId('hal'));
  });

  test.each<[people: number, error: string]>([
    [5, 'limit_required'],
    [500, 'ok'],
  ])('users.list without a limit in a workspace where at most %i people may be listed so', async (people, error) => {
    const slack = await startSlack();
    slack.control.behaviour.limitRequiredAbove = people;

    expect(errorOf(await call(slack, 'users.list'))).toBe(error);
  });

  test.each<[email: string, error: string]>([
    ['ann@corp.example', 'ok'],
    ['ANN@corp.example', 'ok'],
    ['hal@corp.example', 'users_not_found'],
    ['typo@corp.example', 'users_not_found'],
    ['xena@acme.example', 'users_not_found'],
  ])('users.lookupByEmail of %s', async (email, error) => {
    const slack = await startSlack();

    expect(errorOf(await call(slack, 'users.lookupByEmail', { email }))).toBe(error);
  });

  test('usergroups.list leaves out groups that are not in use, and members unless they are asked for', async () => {
    const slack = await startSlack();
    const handles = async (args: Json) => ((await call(slack, 'usergroups.list', args)).usergroups as Json[]).map(({ handle, users }) => [handle, users]);
    const { userId } = workspaceOf(slack);

    expect(await handles({})).toEqual([['sec-approvers', undefined], ['sec-leads', undefined], ['operators', undefined]]);
    expect(await handles({ include_users: true })).toContainEqual(['sec-approvers', [userId('bo'), userId('cy')]]);
    expect(await handles({ include_disabled: true })).toHaveLength(4);
  });

  test.each<[group: string, error: string]>([
    ['sec-approvers', 'ok'],
    ['old-team', 'subteam_disabled'],
  ])('usergroups.users.list of %s', async (group, error) => {
    const slack = await startSlack();

    expect(errorOf(await call(slack, 'usergroups.users.list', { usergroup: workspaceOf(slack).groupId(group) }))).toBe(error);
    expect(errorOf(await call(slack, 'usergroups.users.list', { usergroup: 'S0NONE' }))).toBe('no_such_subteam');
  });

  test.each(['users.info', 'users.list', 'users.lookupByEmail', 'usergroups.list', 'usergroups.users.list'])('%s needs its scope', async (method) => {
    const slack = await startSlack({ manifest: manifestOf({ without: ['users:read', 'users:read.email', 'usergroups:read'] }) });

    expect(errorOf(await call(slack, method))).toBe('missing_scope');
  });
});
