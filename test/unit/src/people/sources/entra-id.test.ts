import { describe, expect, test } from '@jest/globals';
import type { Person } from '#src/model/people.ts';
import { source } from '#src/people/sources/entra-id.ts';
import { entraId } from '#test/fakes/people/entra-id.ts';
import { listOnce } from '#test/fakes/people/listing.ts';

const ID = '6ea91a8d-e32e-41a1-b7bd-d2d185eed0e0';
const SAM = { id: ID, displayName: 'Sam Doe', userPrincipalName: 'sam@example.com', mail: 'Sam.Doe@example.com', proxyAddresses: [], accountEnabled: true, userType: 'Member' };

async function listed(present: readonly object[], deleted: readonly object[] = []): Promise<readonly Person[]> {
  const { list } = await listOnce(source, entraId, ({ path }) => (path.includes('/deletedItems/') ? { body: { value: deleted } } : path === '/v1.0/users' ? { body: { value: present } } : undefined));
  return list.people;
}

describe('src/people/sources/entra-id.ts', () => {
  test('tells all that is known of a person', async () => {
    const people = await listed([{ ...SAM, proxyAddresses: ['SMTP:Sam.Doe@example.com', 'smtp:sd@example.com', 'SIP:sam@example.com', 'x500:/o=x'], manager: { '@odata.type': '#microsoft.graph.user', id: 'boss' } }]);

    expect(people).toEqual([
      { id: ID, name: 'Sam Doe', emails: ['Sam.Doe@example.com', 'sd@example.com'], logins: ['sam@example.com'], kind: 'person', state: 'active', evidence: 'accountEnabled: true', manager: 'boss' },
    ]);
  });

  test.each<[string, object, Partial<Person>]>([
    ['a disabled account is suspended', { accountEnabled: false }, { state: 'suspended', evidence: 'accountEnabled: false' }],
    ['a guest is a guest', { userType: 'Guest', userPrincipalName: 'sam_other.org#EXT#@example.onmicrosoft.com', mail: 'sam@other.org' }, { kind: 'guest', emails: ['sam@other.org'] }],
    ['an account without mail has a login only', { mail: null, proxyAddresses: null, userType: null, manager: null }, { emails: [], logins: ['sam@example.com'], kind: 'person' }],
    ['a name that begins with the id of another account is left alone', { userPrincipalName: 'ffffffffffffffffffffffffffffffffsam@example.com' }, { logins: ['ffffffffffffffffffffffffffffffffsam@example.com'] }],
  ])('%s', async (_name, more, expected) => {
    expect((await listed([{ ...SAM, ...more }]))[0]).toMatchObject(expected);
  });

  test('who was deleted has left, since then, and under the name of before', async () => {
    const gone = { ...SAM, accountEnabled: false, userPrincipalName: `${ID.replaceAll('-', '')}sam@example.com`, deletedDateTime: '2026-11-02T09:30:00Z' };

    expect(await listed([{ ...SAM, id: 'other', userPrincipalName: 'o@example.com', mail: null }], [gone])).toContainEqual({
      id: ID, name: 'Sam Doe', emails: ['Sam.Doe@example.com'], logins: ['sam@example.com'], kind: 'person', state: 'departed', evidence: 'deletedDateTime: 2026-11-02T09:30:00Z', since: '2026-11-02T09:30:00.000Z',
    });
  });

  test('a name that was given to a new account is not that of the deleted one', async () => {
    const people = await listed([SAM], [{ ...SAM, id: 'old', deletedDateTime: '2026-11-02T09:30:00Z' }]);

    expect(people.find(({ id }) => id === 'old')).toMatchObject({ state: 'departed', emails: [], logins: [] });
  });

  test('an account whose state is not told is a failure', async () => {
    await expect(listed([{ ...SAM, accountEnabled: null }])).rejects.toMatchObject({ fault: 'garbled', message: 'Entra ID answered in another form than expected (at value.0.accountEnabled)' });
  });

  test('a client that is refused is told by the word of the standard, without its secret', async () => {
    const listing = listOnce(source, entraId, () => undefined, { clientId: 'another' });

    await expect(listing).rejects.toMatchObject({ fault: 'refused', message: 'Entra ID refuses the credentials (HTTP 401, invalid_client)' });
  });

  test('a tenant that does not exist is refused credentials', async () => {
    const listing = listOnce(source, entraId, ({ method }) => (method === 'POST' ? { status: 400, body: { error: 'invalid_request', error_description: "AADSTS90002: Tenant 'example.com' not found." } } : undefined));

    await expect(listing).rejects.toMatchObject({ fault: 'refused', message: 'Entra ID refuses the credentials (HTTP 400, invalid_request)' });
  });

  test.each(['../common', 'a/b', 'a b', ''])('%j is no tenant', (tenant) => {
    expect(source.settings.safeParse({ ...source.example, tenant }).success).toBe(false);
  });
});
