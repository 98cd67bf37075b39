import { describe, expect, test } from '@jest/globals';
import { createEmulator } from 'emulate';
import { readSettings } from '#src/repositories/settings.ts';
import { readOnce, type Answers } from '#test/fakes/code-host.ts';
import { createSourceDeps } from '#test/fakes/people/deps.ts';

const AT = '/repos/acme/shop';
const REPOSITORY = { id: 1, full_name: 'acme/shop', private: true, visibility: 'private', default_branch: 'main', owner: { login: 'acme', type: 'Organization' }, permissions: { admin: false, push: true, pull: true } };
const USER = (id: number, login: string, push: boolean, role: string, type = 'User') => ({ id, login, type, role_name: role, permissions: { admin: role === 'admin', maintain: false, push, triage: push, pull: true } });
const COMMIT = (login: string | undefined, email: string) => ({ sha: email, author: login === undefined ? null : { login }, committer: { login: 'web-flow' }, commit: { author: { name: 'x', email } } });
const PROTECTION = {
  required_pull_request_reviews: { dismiss_stale_reviews: true, require_code_owner_reviews: false, required_approving_review_count: 2, require_last_push_approval: false },
  enforce_admins: { url: 'x', enabled: false },
  allow_force_pushes: { enabled: false },
};

/** A repository that shows everything. */
const ALL: Answers = {
  [AT]: REPOSITORY,
  [`${AT}/branches/main`]: { name: 'main', protected: true },
  [`${AT}/branches/main/protection`]: PROTECTION,
  [`${AT}/rules/branches/main`]: [],
  [`${AT}/collaborators?affiliation=all&per_page=100`]: [USER(1, 'ann', true, 'admin'), USER(2, 'ext', true, 'write'), USER(3, 'reader', false, 'read'), USER(4, 'ci', true, 'write', 'Bot')],
  [`${AT}/collaborators?affiliation=outside&per_page=100`]: [USER(2, 'ext', true, 'write')],
  [`${AT}/keys`]: [
    { id: 7, key: 'ssh-ed25519 AAAA', title: 'argo', read_only: true, created_at: '2026-01-02T03:04:05Z', last_used: '2026-11-01T00:00:00Z' },
    { id: 8, key: 'ssh-ed25519 BBBB', title: 'old', read_only: false, created_at: '2026-01-02T03:04:05Z', last_used: null },
    { id: 9, key: 'ssh-ed25519 CCCC', title: 'unsaid', read_only: true, created_at: '2026-01-02T03:04:05Z' },
  ],
  [`${AT}/actions/secrets`]: { total_count: 1, secrets: [{ name: 'AWS_KEY', created_at: '2025-01-01T00:00:00Z', updated_at: '2026-02-03T00:00:00Z' }] },
  [`${AT}/actions/organization-secrets`]: { total_count: 1, secrets: [{ name: 'REGISTRY', created_at: '2025-01-01T00:00:00Z', updated_at: '2025-02-03T00:00:00Z', visibility: 'all' }] },
  [`${AT}/environments`]: { total_count: 2, environments: [{ id: 1, name: 'prod/eu' }, { id: 2, name: 'staging' }] },
  [`${AT}/environments/prod%2Feu/secrets`]: { total_count: 1, secrets: [{ name: 'DB', created_at: '2025-01-01T00:00:00Z', updated_at: '2026-02-04T00:00:00Z' }] },
  [`${AT}/environments/staging/secrets`]: { total_count: 0, secrets: [] },
  [`${AT}/commits`]: [COMMIT('ann', 'ann@example.com'), COMMIT(undefined, 'X@example.com'), COMMIT(undefined, 'x@example.com')],
};

describe('src/repositories/github.ts', () => {
  test('reads all parts, with the token and the version of the API', async () => {
    const { settings, asked } = await readOnce('github', ALL);

    expect(settings).toEqual({
      name: 'acme/shop',
      host: 'github',
      readAt: '2026-11-23T08:00:00.000Z',
      visibility: 'private',
      branch: 'main',
      rules: [{ source: 'branch protection', approvals: 2, dismissesStale: true, blocksForcePush: true, exempt: ['administrators'] }],
      writers: [{ login: 'ann', role: 'admin', outside: false }, { login: 'ext', role: 'write', outside: true }, { login: 'ci', role: 'write', bot: true, outside: false }],
      authors: { since: '2026-08-25T08:00:00.000Z', logins: ['ann', 'web-flow'], unknown: 1 },
      deployKeys: [
        { id: '7', title: 'argo', write: false, createdAt: '2026-01-02T03:04:05.000Z', lastUsedAt: '2026-11-01T00:00:00.000Z' },
        { id: '8', title: 'old', write: true, createdAt: '2026-01-02T03:04:05.000Z', lastUsedAt: 'never' },
        { id: '9', title: 'unsaid', write: false, createdAt: '2026-01-02T03:04:05.000Z' },
      ],
      secrets: [{ name: 'AWS_KEY', changedAt: '2026-02-03T00:00:00.000Z' }],
      organizationSecrets: [{ name: 'REGISTRY', changedAt: '2025-02-03T00:00:00.000Z' }],
      environmentSecrets: [{ name: 'DB', environment: 'prod/eu', changedAt: '2026-02-04T00:00:00.000Z' }],
      unseen: {},
    });
    expect(new Set(asked.map(({ method, headers }) => [method, headers.authorization, headers['x-github-api-version']].join()))).toEqual(new Set(['GET,Bearer canary-token,2022-11-28']));
    expect(asked.find(({ path }) => path.endsWith('/commits'))?.query.toString()).toBe('sha=main&since=2026-08-25T08%3A00%3A00.000Z&per_page=100');
  });

  test('marks who has left, whatever the case of the login', async () => {
    const { settings } = await readOnce('github', ALL, { departed: new Map([['ann', 'okta: status: DEPROVISIONED']]) });

    expect(settings.writers?.map(({ login, left }) => [login, left])).toEqual([['ann', 'okta: status: DEPROVISIONED'], ['ext', undefined], ['ci', undefined]]);
    expect((await readOnce('github', ALL, { departed: 'no source of people' })).settings.unseen).toEqual({ departed: 'no source of people' });
  });

  test.each<[string, Answers, string[]]>([
    ['keys', { [`${AT}/keys`]: 403 }, ['deployKeys', 'Administration (read)']],
    ['secrets', { [`${AT}/actions/secrets`]: 404 }, ['secrets', 'Secrets (read)']],
    ['secrets of the organisation', { [`${AT}/actions/organization-secrets`]: 403 }, ['organizationSecrets', 'Secrets (read)']],
    ['environments', { [`${AT}/environments`]: 404 }, ['environmentSecrets', 'Actions (read)']],
    ['secrets of one environment', { [`${AT}/environments/staging/secrets`]: 403 }, ['environmentSecrets', 'Environments (read)']],
    ['people', { [`${AT}/collaborators?affiliation=all&per_page=100`]: 403 }, ['writers', 'of somebody who may write']],
    ['outsiders', { [`${AT}/collaborators?affiliation=outside&per_page=100`]: 403 }, ['outside', 'Metadata (read)']],
    ['commits', { [`${AT}/commits`]: 403 }, ['authors', 'Contents (read)']],
    ['the protection', { [`${AT}/branches/main/protection`]: 403 }, ['protection', 'Administration (read)']],
    ['the protection, hidden', { [`${AT}/branches/main/protection`]: 404 }, ['protection', 'Administration (read)']],
    ['rulesets', { [`${AT}/rules/branches/main`]: 403 }, ['rulesets', 'Metadata (read)']],
  ])('where it does not show %s, it says what is missing and reads the rest', async (_, refused, [part = '', right = '']) => {
    const { settings } = await readOnce('github', { ...ALL, ...refused });

    expect(Object.keys(settings.unseen)).toEqual([part]);
    expect(Object.values(settings.unseen)[0]).toContain(right);
    expect(settings).not.toHaveProperty(part);
    expect(settings.visibility).toBe('private');
    expect(JSON.stringify(settings)).not.toMatch(/canary/);
  });

  test('a repository that is not shown leaves nothing that would pass for healthy', async () => {
    const { settings } = await readOnce('github', {});

    expect(settings).toEqual({ name: 'acme/shop', host: 'github', readAt: '2026-11-23T08:00:00.000Z', unseen: expect.anything() as unknown });
    expect(Object.keys(settings.unseen).sort()).toEqual(['authors', 'deployKeys', 'environmentSecrets', 'organizationSecrets', 'protection', 'secrets', 'visibility', 'writers']);
  });

  test('a branch without protection is known to have none, and so is one that an administrator is told so of', async () => {
    const { settings, asked } = await readOnce('github', { ...ALL, [`${AT}/branches/main`]: { name: 'main', protected: false } });
    expect([settings.rules, settings.unseen]).toEqual([[], {}]);
    expect(asked.some(({ path }) => path.endsWith('/protection'))).toBe(false);

    const admin = { ...ALL, [AT]: { ...REPOSITORY, permissions: { admin: true } }, [`${AT}/branches/main/protection`]: 404 };
    expect((await readOnce('github', admin)).settings).toMatchObject({ rules: [], unseen: {} });
  });

  test('puts the rules of each ruleset together, and says who is exempt from those that ask for a review', async () => {
    const rules = [
      { type: 'pull_request', ruleset_source_type: 'Organization', ruleset_source: 'acme', ruleset_id: 42, parameters: { required_approving_review_count: 1, dismiss_stale_reviews_on_push: false, require_last_push_approval: true, require_code_owner_review: false, required_review_thread_resolution: false } },
      { type: 'non_fast_forward', ruleset_source_type: 'Repository', ruleset_source: 'acme/shop', ruleset_id: 43 },
      { type: 'deletion', ruleset_source_type: 'Organization', ruleset_source: 'acme', ruleset_id: 42 },
      { type: 'commit_message_pattern', ruleset_id: 44, parameters: { operator: 'starts_with', pattern: 'x' } },
    ];
    const bypass = [{ actor_id: 5, actor_type: 'RepositoryRole', bypass_mode: 'always' }, { actor_id: null, actor_type: 'OrganizationAdmin', bypass_mode: 'always' }, { actor_id: 9, actor_type: 'Team', bypass_mode: 'pull_request' }, { actor_id: 3, actor_type: 'Integration', bypass_mode: 'always' }];
    const answers = { ...ALL, [`${AT}/branches/main`]: { protected: false }, [`${AT}/rules/branches/main`]: rules, [`${AT}/rulesets/42`]: { id: 42, bypass_actors: bypass } };

    const { settings, asked } = await readOnce('github', answers);
    expect(settings.rules).toEqual([
      { source: 'ruleset 42', approvals: 1, dismissesStale: true, blocksForcePush: true, exempt: ['administrators', 'owners of the organisation', 'the team 9', 'the app 3'] },
      { source: 'ruleset 43', approvals: 0, dismissesStale: false, blocksForcePush: true },
      { source: 'ruleset 44', approvals: 0, dismissesStale: false, blocksForcePush: false },
    ]);
    expect(asked.filter(({ path }) => path.includes('/rulesets/'))).toHaveLength(1);

    const hidden = (await readOnce('github', { ...answers, [`${AT}/rulesets/42`]: { id: 42 } })).settings;
    expect(hidden.rules?.[0]).not.toHaveProperty('exempt');
    expect(hidden.unseen).toEqual({ exemptions: 'GitHub tells who is exempt from a ruleset only to a token that may change it' });
  });

  test('the repository of a person has no outside collaborators, and that is said', async () => {
    const { settings } = await readOnce('github', { ...ALL, [AT]: { ...REPOSITORY, owner: { login: 'ann', type: 'User' } } });

    expect(settings.unseen.outside).toMatch(/belongs to a person/);
    expect(settings.writers?.[0]).not.toHaveProperty('outside');
    expect(settings.organizationSecrets).toEqual([]);
    expect(settings.environmentSecrets).toHaveLength(1);
  });

  test('reads lists page by page', async () => {
    const keys = Array.from({ length: 3 }, (_, index) => ({ id: index, title: `key${index}`, read_only: true, created_at: '2026-01-01T00:00:00Z', last_used: null }));
    const commits = ['ann', 'bea', 'cy'].map((login) => COMMIT(login, `${login}@example.com`));
    const paged = (list: readonly object[], path: string, page: number, url: string) => ({ body: [list[page - 1]], headers: page < list.length ? { link: `<${url}${path}?page=${page + 1}>; rel="next"` } : {} });
    const { settings } = await readOnce('github', ALL, {
      answer: ({ path, query }, url) => {
        const list = path.endsWith('/keys') ? keys : path.endsWith('/commits') ? commits : undefined;
        return list && paged(list, path, Number(query.get('page') ?? 1), url);
      },
    });

    expect(settings.deployKeys?.map(({ title }) => title)).toEqual(['key0', 'key1', 'key2']);
    expect(settings.authors?.logins).toEqual(['ann', 'bea', 'cy', 'web-flow']);
  });

  test('waits when it is asked too often', async () => {
    let refusals = 0;
    const { settings, deps } = await readOnce('github', ALL, { answer: ({ path }) => (path === AT && refusals++ === 0 ? { status: 429, headers: { 'retry-after': '9' }, body: {} } : undefined) });

    expect(deps.waits).toEqual([9000]);
    expect(settings.unseen).toEqual({});
  });

  test('stops asking when waiting does not help, and says so of every part', async () => {
    const { settings, asked } = await readOnce('github', ALL, { answer: ({ path }) => (path.endsWith('/keys') ? { status: 429, headers: { 'retry-after': '3600' }, body: {} } : undefined) });

    expect(new Set(Object.values(settings.unseen))).toEqual(new Set(['GitHub was asked too often (HTTP 429)']));
    expect(Object.keys(settings.unseen).sort()).toEqual(['authors', 'deployKeys', 'environmentSecrets', 'organizationSecrets', 'protection', 'rulesets', 'secrets']);
    expect(asked.filter(({ path }) => path.endsWith('/secrets'))).toEqual([]);
  });

  test('reads an independent stand-in', async () => {
    const emulator = await createEmulator({
      service: 'github',
      port: 0,
      seed: { tokens: { 'github-token': { login: 'ann', scopes: ['repo'] } }, github: { users: [{ login: 'ann', email: 'ann@example.com' }], orgs: [], repos: [{ owner: 'ann', name: 'shop', private: true, auto_init: true }] } },
    });
    try {
      const headers = { authorization: 'Bearer github-token', 'content-type': 'application/json' };
      const put = (path: string, body: object) => fetch(`${emulator.url}/repos/ann/shop/${path}`, { method: 'PUT', headers, body: JSON.stringify(body) });
      expect((await put('branches/main/protection', { required_pull_request_reviews: { required_approving_review_count: 1, dismiss_stale_reviews: true }, enforce_admins: true, required_status_checks: null, restrictions: null })).status).toBe(200);
      expect((await put('actions/secrets/REGISTRY', { encrypted_value: 'canary-3f9c', key_id: '1' })).status).toBeLessThan(300);

      const repository = { name: 'ann/shop', host: 'github', url: emulator.url, token: { env: 'TOKEN' }, channel: undefined, schedule: 'off', timeZone: 'UTC' } as const;
      const settings = await readSettings(repository, { deps: createSourceDeps({ TOKEN: 'github-token' }), signal: new AbortController().signal, departed: new Map() });

      expect(settings).toMatchObject({ visibility: 'private', branch: 'main', rules: [{ source: 'branch protection', approvals: 1, dismissesStale: true, blocksForcePush: true, exempt: [] }], secrets: [{ name: 'REGISTRY' }] });
      expect(JSON.stringify(settings)).not.toContain('canary-3f9c');
    } finally {
      await emulator.close();
    }
  });
});
