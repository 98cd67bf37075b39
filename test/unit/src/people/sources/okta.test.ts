import { describe, expect, test } from '@jest/globals';
import { createEmulator } from 'emulate';
import type { Person } from '#src/model/people.ts';
import { source } from '#src/people/sources/okta.ts';
import { createSourceDeps } from '#test/fakes/people/deps.ts';
import { listOnce } from '#test/fakes/people/listing.ts';
import { okta } from '#test/fakes/people/okta.ts';

function user(more: Readonly<Record<string, unknown>>, profile: Readonly<Record<string, unknown>> = {}): object {
  return { id: '00u1', status: 'ACTIVE', statusChanged: null, lastLogin: null, profile: { login: 'sam@example.com', email: 'sam@example.com', ...profile }, ...more };
}

async function personFrom(account: object): Promise<Person | undefined> {
  const { list } = await listOnce(source, okta, ({ query }) => (query.has('filter') ? { body: [] } : { body: [account] }));
  return list.people[0];
}

describe('src/people/sources/okta.ts', () => {
  test.each<[string, Person['state']]>([
    ['STAGED', 'active'],
    ['PROVISIONED', 'active'],
    ['ACTIVE', 'active'],
    ['RECOVERY', 'active'],
    ['PASSWORD_EXPIRED', 'active'],
    ['LOCKED_OUT', 'active'],
    ['SUSPENDED', 'suspended'],
    ['A_STATUS_OF_TOMORROW', 'active'],
  ])('%s is %s', async (status, state) => {
    expect(await personFrom(user({ status }))).toMatchObject({ state, evidence: `status: ${status}` });
  });

  test('tells all that is known of a person, and no address that people set themselves', async () => {
    const account = user({ statusChanged: '2026-02-01T00:00:00.000Z', lastLogin: '2026-11-20T10:00:00.000Z' }, { login: 'sam', firstName: 'Sam', lastName: 'Doe', secondEmail: 'boss@example.com', managerId: '00u9' });

    expect(await personFrom(account)).toEqual({
      id: '00u1', name: 'Sam Doe', emails: ['sam@example.com'], logins: ['sam'], kind: 'person', state: 'active', evidence: 'status: ACTIVE',
      since: '2026-02-01T00:00:00.000Z', lastLogin: '2026-11-20T10:00:00.000Z', manager: '00u9',
    });
  });

  test('asks for those who left, whom the plain list leaves out', async () => {
    const { asked } = await listOnce(source, okta, ({ query }) => ({ body: [user({ id: query.get('filter') ?? 'plain' })] }));

    expect(asked.map(({ method, query }) => [method, query.get('limit'), query.get('filter')])).toEqual([['GET', '200', null], ['GET', '200', 'status eq "DEPROVISIONED"']]);
  });

  test('who was deactivated between the two lists has not left yet', async () => {
    const { list } = await listOnce(source, okta, ({ query }) => ({ body: [user({ status: query.has('filter') ? 'DEPROVISIONED' : 'ACTIVE' })] }));

    expect(list.people.map(({ state }) => state)).toEqual(['active']);
  });

  test('waits until the moment that Okta names, by the clock of Okta', async () => {
    let refusals = 0;
    const { deps } = await listOnce(source, okta, () =>
      refusals++ === 0 ? { status: 429, headers: { 'x-rate-limit-limit': '600', 'x-rate-limit-remaining': '0', 'x-rate-limit-reset': '1795420845', date: 'Mon, 23 Nov 2026 08:00:00 GMT' }, body: { errorCode: 'E0000047' } } : { body: [user({})] },
    );

    expect(deps.waits).toEqual([46_000]);
  });

  test('an OAuth token is presented as such', async () => {
    const { asked } = await listOnce(source, okta, () => ({ body: [user({})] }), { tokenType: 'Bearer' });

    expect(asked[0]?.headers.authorization).toBe(`Bearer ${okta.secretTexts[0] ?? ''}`);
  });

  test('lists the people of an independent stand-in, page by page', async () => {
    const users = Array.from({ length: 65 }, (_, index) => ({ okta_id: `00u${index}`, login: `person${index}@example.com`, status: index === 7 ? 'SUSPENDED' : index === 64 ? 'DEPROVISIONED' : 'ACTIVE' }));
    const emulator = await createEmulator({ service: 'okta', port: 0, seed: { tokens: { 'okta-token': { login: users[0]?.login ?? '' } }, okta: { users } } });
    try {
      const settings = source.settings.parse({ url: emulator.url, token: { env: 'TOKEN' } });
      const { people } = await source.create(settings, 'people', createSourceDeps({ TOKEN: 'okta-token' })).list(new AbortController().signal);
      const listed = new Map(people.map(({ id, state }) => [id, state]));

      expect(users.filter(({ okta_id: id }) => !listed.has(id))).toEqual([]);
      expect([listed.get('00u0'), listed.get('00u7'), listed.get('00u64')]).toEqual(['active', 'suspended', 'departed']);
    } finally {
      await emulator.close();
    }
  });
});
