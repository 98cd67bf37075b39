import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { PeopleList } from '#src/model/people.ts';
import { source } from '#src/people/sources/scim.ts';
import { listOf } from '#test/build/people.ts';
import { createSourceDeps } from '#test/fakes/people/deps.ts';
import { scim } from '#test/fakes/people/scim.ts';
import { startHttpStandIn, type HttpStandIn } from '#test/fakes/people/server.ts';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

let server: HttpStandIn;
/** By the index that a page starts with. */
let pages: Readonly<Record<string, { readonly totalResults: number; readonly Resources?: readonly object[] }>>;

beforeEach(async () => {
  server = await startHttpStandIn(({ query }) => ({ body: pages[query.get('startIndex') ?? ''] }));
});
afterEach(() => server.stop());

function list(more: object = {}): Promise<PeopleList> {
  return listOf(source, { ...scim.settings(server.url), ...more }, createSourceDeps(scim.secrets));
}

describe('src/people/sources/scim.ts', () => {
  test('asks for pages of the size it is told, with the filter', async () => {
    pages = { 1: { totalResults: 3, Resources: [{ id: 'a', userName: 'ann' }, { id: 'b', userName: 'ben' }] }, 3: { totalResults: 3, Resources: [{ id: 'c', userName: 'cem' }] } };

    await list({ pageSize: 2, filter: 'userType eq "Employee"' });

    expect(server.asked.map(({ path, query }) => [path, query.get('startIndex'), query.get('count'), query.get('filter')])).toEqual([
      ['/scim/v2/Users', '1', '2', 'userType eq "Employee"'],
      ['/scim/v2/Users', '3', '2', 'userType eq "Employee"'],
    ]);
  });

  test.each<[string, typeof pages, string]>([
    ['that stops before its end', { 1: { totalResults: 3, Resources: [{ id: 'a' }] }, 2: { totalResults: 3 } }, 'SCIM tells of 3 people and shows 1'],
    ['with somebody twice and so somebody not at all', { 1: { totalResults: 2, Resources: [{ id: 'a' }, { id: 'a' }] } }, 'SCIM tells of 2 people and shows 1'],
    ['with more than it told of', { 1: { totalResults: 1, Resources: [{ id: 'a' }, { id: 'b' }] } }, 'SCIM tells of 1 people and shows 2'],
    ['that changes meanwhile', { 1: { totalResults: 2, Resources: [{ id: 'a' }] }, 2: { totalResults: 1, Resources: [{ id: 'b' }] } }, 'SCIM told of 2 people and then of 1: the list changed while it was read'],
  ])('a list %s is not whole', async (_what, answer, message) => {
    pages = answer;

    await expect(list()).rejects.toMatchObject({ fault: 'garbled', message });
  });

  test.each<[string, object, object]>([
    ['everything', { userName: 'ann', displayName: 'Ann Archer', emails: [{ value: 'a@home.example' }, { value: 'ann@corp.example', primary: true }], active: true, [ENTERPRISE]: { manager: { value: 'b' } } }, { name: 'Ann Archer', emails: ['ann@corp.example', 'a@home.example'], logins: ['ann'], state: 'active', evidence: 'active: true', manager: 'b' }],
    ['parts of a name', { userName: 'ann', name: { givenName: 'Ann', familyName: 'Archer' } }, { name: 'Ann Archer', state: 'active', evidence: 'active: absent' }],
    ['an address for a user name', { userName: 'ann@corp.example', active: false }, { emails: ['ann@corp.example'], logins: ['ann@corp.example'], state: 'suspended', evidence: 'active: false' }],
    ['words and texts as some servers send them', { userName: 'ann', emails: ['ann@corp.example'], active: 'False', [ENTERPRISE]: { manager: 'b' } }, { emails: ['ann@corp.example'], state: 'suspended', manager: 'b' }],
    ['nulls', { userName: null, displayName: null, name: null, emails: null, active: null, [ENTERPRISE]: null }, { name: 'a', emails: [], logins: [], state: 'active' }],
    ['a hostile name', { userName: '<!channel>', displayName: '*Ann* & <@U1>' }, { name: '*Ann* & <@U1>', logins: ['<!channel>'] }],
  ])('understands a person with %s', async (_what, user, expected) => {
    pages = { 1: { totalResults: 1, Resources: [{ id: 'a', ...user }] } };

    expect((await list()).people).toEqual([expect.objectContaining(expected)]);
  });
});
