import { describe, expect, test } from '@jest/globals';
import { createEmulator } from 'emulate';
import { source } from '#src/people/sources/github.ts';
import { createSourceDeps } from '#test/fakes/people/deps.ts';
import { github } from '#test/fakes/people/github.ts';
import { listOnce } from '#test/fakes/people/listing.ts';

const SAM = { id: 1, login: 'sam', type: 'User' };

describe('src/people/sources/github.ts', () => {
  test('tells members, guests and bots apart', async () => {
    const { list } = await listOnce(source, github, ({ path }) => {
      if (path.endsWith('/members')) return { body: [SAM, { id: 2, login: 'renovate', type: 'Bot' }, { id: 3, login: 'deploy[bot]', type: 'User' }] };
      return path.endsWith('/outside_collaborators') ? { body: [{ id: 4, login: 'ext', type: 'User' }, SAM] } : undefined;
    });

    expect(list.people.map(({ id, logins, kind, evidence }) => [id, logins, kind, evidence])).toEqual([
      ['1', ['sam'], 'person', 'organization member'],
      ['2', ['renovate'], 'bot', 'organization member'],
      ['3', ['deploy[bot]'], 'bot', 'organization member'],
      ['4', ['ext'], 'guest', 'outside collaborator'],
    ]);
  });

  test('a token that would be shown public members only lists nobody', async () => {
    const listing = listOnce(source, github, ({ path }) => (path.endsWith('/teams') ? { status: 403, body: { message: 'Resource not accessible by personal access token' } } : { body: [SAM] }));

    await expect(listing).rejects.toMatchObject({ fault: 'forbidden' });
    await expect(listing).rejects.toThrow('Members (read)');
  });

  test('outside collaborators who cannot be listed are a failure, unless they are not wanted', async () => {
    const answer = ({ path }: { readonly path: string }) => (path.endsWith('/outside_collaborators') ? { status: 403, body: {} } : path.endsWith('/members') ? { body: [SAM] } : undefined);

    await expect(listOnce(source, github, answer)).rejects.toMatchObject({ fault: 'forbidden' });
    const { list, asked } = await listOnce(source, github, answer, { outsideCollaborators: false });
    expect(list.people.map(({ id }) => id)).toEqual(['1']);
    expect(asked.map(({ path }) => path)).toEqual(['/orgs/example/teams', '/orgs/example/members']);
  });

  test.each<[string, Readonly<Record<string, string>>, number]>([
    ['the primary limit', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1795420810', date: 'Mon, 23 Nov 2026 08:00:00 GMT' }, 11_000],
    ['the secondary limit', { 'retry-after': '60', 'x-ratelimit-remaining': '4900' }, 60_000],
    ['the secondary limit without headers', {}, 60_000],
  ])('%s is waited for', async (_name, headers, ms) => {
    let refusals = 0;
    const { list, deps } = await listOnce(source, github, ({ path }) => {
      if (!path.endsWith('/members')) return undefined;
      return refusals++ === 0 ? { status: 403, headers, body: { message: 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.' } } : { body: [SAM] };
    });

    expect(list.people).toHaveLength(1);
    expect(deps.waits).toEqual([ms]);
  });

  test('lists the members of an independent stand-in, page by page', async () => {
    const users = Array.from({ length: 130 }, (_, index) => ({ login: `person${index}` }));
    const emulator = await createEmulator({
      service: 'github',
      port: 0,
      seed: { tokens: { 'github-token': { login: 'person0', scopes: ['read:org'] } }, github: { users: [...users, { login: 'stranger' }], orgs: [{ login: 'example', members: users }] } },
    });
    try {
      const settings = source.settings.parse({ organization: 'example', token: { env: 'TOKEN' }, url: emulator.url, outsideCollaborators: false });
      const { people } = await source.create(settings, 'people', createSourceDeps({ TOKEN: 'github-token' })).list(new AbortController().signal);

      expect(people.map(({ name }) => name).sort()).toEqual(users.map(({ login }) => login).sort());
    } finally {
      await emulator.close();
    }
  });

  test('an organisation that does not exist in an independent stand-in is a failure', async () => {
    const emulator = await createEmulator({ service: 'github', port: 0, seed: { tokens: { 'github-token': { login: 'person0' } }, github: { users: [{ login: 'person0' }] } } });
    try {
      const settings = source.settings.parse({ organization: 'nowhere', token: { env: 'TOKEN' }, url: emulator.url });

      await expect(source.create(settings, 'people', createSourceDeps({ TOKEN: 'github-token' })).list(new AbortController().signal)).rejects.toMatchObject({ fault: 'forbidden' });
    } finally {
      await emulator.close();
    }
  });
});
