import { describe, expect, test } from '@jest/globals';
import { readOnce, type Answers } from '#test/fakes/code-host.ts';

const AT = '/api/v4/projects/acme%2Fshop';
const LEVEL = (level: number | null, more: object = {}) => ({ id: 1, access_level: level, access_level_description: 'x', user_id: null, group_id: null, deploy_key_id: null, ...more });
const BRANCH = (name: string, push: readonly object[], force = false) => ({ id: name.length, name, push_access_levels: push, merge_access_levels: [LEVEL(40)], allow_force_push: force });
const MEMBER = (id: number, username: string, level: number, state = 'active') => ({ id, username, name: username, state, access_level: level });

/** A project that shows everything. */
const ALL: Answers = {
  [AT]: { id: 1, path_with_namespace: 'acme/shop', visibility: 'private', default_branch: 'main' },
  [`${AT}/members/all`]: [MEMBER(1, 'ann', 50), MEMBER(2, 'bea', 30), MEMBER(3, 'guest', 20), MEMBER(4, 'gone', 40, 'blocked'), MEMBER(5, 'project_1_bot_abc', 40)],
  [`${AT}/events`]: [{ id: 1, action_name: 'pushed to', author_username: 'bea' }, { id: 2, action_name: 'pushed to', author_username: 'bea' }],
  [`${AT}/deploy_keys`]: [
    { id: 7, title: 'argo', key: 'ssh-ed25519 AAAA', created_at: '2026-01-02T03:04:05.678Z', expires_at: null, can_push: true },
    { id: 8, title: 'flux', key: 'ssh-ed25519 BBBB', created_at: '2026-01-02T03:04:05.678Z', can_push: false, last_used_at: null },
  ],
  [`${AT}/protected_branches`]: [BRANCH('main', [LEVEL(0)]), BRANCH('release/*', [LEVEL(30)], true)],
  [`${AT}/approvals`]: { approvals_before_merge: 0, reset_approvals_on_push: true, merge_requests_author_approval: false },
  [`${AT}/approval_rules`]: [
    { id: 1, name: 'All', rule_type: 'any_approver', approvals_required: 1, protected_branches: [] },
    { id: 2, name: 'Releases', rule_type: 'regular', approvals_required: 5, protected_branches: [{ id: 9, name: 'release/*' }] },
    { id: 3, name: 'Coverage', rule_type: 'report_approver', approvals_required: 2, protected_branches: [] },
  ],
};
const NEVER_SHOWN = ['outside', 'secrets'];

describe('src/repositories/gitlab.ts', () => {
  test('reads all parts that GitLab tells, and says what it does not tell', async () => {
    const { settings, asked } = await readOnce('gitlab', ALL);

    expect(settings).toEqual({
      name: 'acme/shop',
      host: 'gitlab',
      readAt: '2026-11-23T08:00:00.000Z',
      visibility: 'private',
      branch: 'main',
      rules: [{ source: 'protected branch', approvals: 1, authorMayApprove: false, dismissesStale: true, blocksForcePush: true, exempt: [] }],
      writers: [{ login: 'ann', role: 'Owner' }, { login: 'bea', role: 'Developer' }, { login: 'project_1_bot_abc', role: 'Maintainer', bot: true }],
      authors: { since: '2026-08-25T08:00:00.000Z', logins: ['bea'], unknown: 0 },
      deployKeys: [{ id: '7', title: 'argo', write: true, createdAt: '2026-01-02T03:04:05.678Z' }, { id: '8', title: 'flux', write: false, createdAt: '2026-01-02T03:04:05.678Z', lastUsedAt: 'never' }],
      unseen: { outside: 'GitLab tells only administrators who is an external user', secrets: expect.stringContaining('does not tell when a variable was changed') as unknown },
    });
    expect(asked.find(({ path }) => path.endsWith('/events'))?.query.toString()).toBe('action=pushed&after=2026-08-25&per_page=100');
  });

  test('never asks for variables, whose values would come with them', async () => {
    expect((await readOnce('gitlab', ALL)).asked.filter(({ path }) => path.includes('variables'))).toEqual([]);
  });

  test('of several protections that fit, whatever one allows is allowed', async () => {
    const branches = [BRANCH('main', [LEVEL(0)]), BRANCH('m*', [LEVEL(40), LEVEL(null, { user_id: 9 }), LEVEL(null, { deploy_key_id: 3 })], true), BRANCH('m.in', [LEVEL(30)])];

    const { settings } = await readOnce('gitlab', { ...ALL, [`${AT}/protected_branches`]: branches });

    expect(settings.rules).toMatchObject([{ blocksForcePush: false, exempt: ['everybody from Maintainer up', 'the user 9', 'a deploy key'] }]);
  });

  test('a branch that nothing protects has no rules', async () => {
    const { settings } = await readOnce('gitlab', { ...ALL, [`${AT}/protected_branches`]: [] });

    expect([settings.rules, Object.keys(settings.unseen)]).toEqual([[], NEVER_SHOWN]);
  });

  test('without approvals, which cost money, the rule is known but for them', async () => {
    const { settings } = await readOnce('gitlab', { ...ALL, [`${AT}/approvals`]: 404 });

    expect(settings.rules).toEqual([{ source: 'protected branch', blocksForcePush: true, exempt: [] }]);
    expect(settings.unseen.approvals).toContain('GitLab Premium');
  });

  test.each<[string, string, string]>([
    ['protected_branches', 'protection', 'of a member'],
    ['deploy_keys', 'deployKeys', 'of a Maintainer'],
    ['members/all', 'writers', 'of a member'],
    ['events', 'authors', 'of a member'],
  ])('where it does not show %s, it says what is missing and reads the rest', async (path, part, right) => {
    const { settings } = await readOnce('gitlab', { ...ALL, [`${AT}/${path}`]: 403 });

    expect(Object.keys(settings.unseen).sort()).toEqual([...NEVER_SHOWN, part].sort());
    expect(settings.unseen[part as 'writers']).toContain(right);
    expect(JSON.stringify(settings)).not.toMatch(/canary/);
  });

  test('a project that is not shown, or has no branch, leaves nothing that would pass for healthy', async () => {
    const { settings } = await readOnce('gitlab', {});
    expect(Object.keys(settings.unseen).sort()).toEqual(['authors', 'deployKeys', 'outside', 'protection', 'secrets', 'visibility', 'writers']);
    expect(settings).not.toHaveProperty('rules');

    expect((await readOnce('gitlab', { ...ALL, [AT]: { visibility: 'public', default_branch: null } })).settings).toMatchObject({ visibility: 'public', unseen: { protection: 'the project has no default branch' } });
  });
});
