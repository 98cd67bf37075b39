import { describe, expect, test } from '@jest/globals';
import type { Person } from '#src/model/people.ts';
import { source } from '#src/people/sources/gitlab.ts';
import { gitlab } from '#test/fakes/people/gitlab.ts';
import { listOnce } from '#test/fakes/people/listing.ts';

const SAM = { id: 1, username: 'sam', name: 'Sam', state: 'active' };

describe('src/people/sources/gitlab.ts', () => {
  test.each<[string, Person['state']]>([
    ['active', 'active'],
    ['awaiting', 'active'],
    ['blocked', 'suspended'],
    ['ldap_blocked', 'suspended'],
    ['blocked_pending_approval', 'suspended'],
    ['banned', 'suspended'],
    ['deactivated', 'suspended'],
  ])('%s is %s', async (state, expected) => {
    const { list } = await listOnce(source, gitlab, () => ({ body: [{ ...SAM, state }] }));

    expect(list.people).toEqual([{ id: '1', name: 'Sam', emails: [], logins: ['sam'], kind: 'person', state: expected, evidence: `state: ${state}` }]);
  });

  test.each<[string, Person['kind']]>([
    ['group_42_bot_0f3a', 'bot'],
    ['project_42_bot', 'bot'],
    ['project_42_bot1', 'bot'],
    ['service_account_group_42_ab', 'bot'],
    ['group_leader', 'person'],
    ['project_bottom', 'person'],
    ['bot', 'person'],
  ])('%s is a %s', async (username, kind) => {
    const { list } = await listOnce(source, gitlab, () => ({ body: [{ ...SAM, username }] }));

    expect(list.people[0]?.kind).toBe(kind);
  });

  test('e-mail addresses are taken where they are told', async () => {
    const { list } = await listOnce(source, gitlab, () => ({ body: [{ ...SAM, email: 'sam@example.com', public_email: '' }] }));

    expect(list.people[0]?.emails).toEqual(['sam@example.com']);
  });

  test('a group may be named by its number, on a server of one’s own', async () => {
    const { asked } = await listOnce(source, gitlab, () => ({ body: [SAM] }), { group: 42 });

    expect(asked.map(({ path, query }) => [path, query.get('per_page')])).toEqual([['/api/v4/groups/42/members/all', '100']]);
  });

  test.each(['../admin', 'a//b', 'a b', '/a', ''])('%j is no group', (group) => {
    expect(source.settings.safeParse({ ...source.example, group }).success).toBe(false);
  });
});
