import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { PeopleList } from '#src/model/people.ts';
import { source } from '#src/people/sources/scaleway.ts';
import { listOf } from '#test/build/people.ts';
import { createSourceDeps } from '#test/fakes/people/deps.ts';
import { scaleway } from '#test/fakes/people/scaleway.ts';
import { startHttpStandIn, type HttpStandIn } from '#test/fakes/people/server.ts';

let server: HttpStandIn;
/** One after the other; then empty ones. */
let pages: readonly (readonly object[])[];
let total: number;

beforeEach(async () => {
  server = await startHttpStandIn(({ query }) => ({ body: { users: pages[Number(query.get('page')) - 1] ?? [], total_count: total } }));
});
afterEach(() => server.stop());

function list(): Promise<PeopleList> {
  return listOf(source, scaleway.settings(server.url), createSourceDeps(scaleway.secrets));
}

describe('src/people/sources/scaleway.ts', () => {
  test('asks for the people of the organization, in an order that newcomers do not change', async () => {
    [pages, total] = [[[{ id: 'a' }], [{ id: 'b' }]], 2];

    await list();

    expect(server.asked.map(({ path, query }) => [path, Object.fromEntries(query)])).toEqual(
      ['1', '2'].map((page) => ['/iam/v1alpha1/users', { organization_id: '11111111-2222-4333-8444-555555555555', page, page_size: '100', order_by: 'created_at_asc' }]),
    );
  });

  test('a list that stops before its end is not whole', async () => {
    [pages, total] = [[[{ id: 'a' }, { id: 'b' }]], 3];

    await expect(list()).rejects.toMatchObject({ fault: 'garbled', message: 'Scaleway IAM tells of 3 people and shows 2' });
  });

  test.each<[string, object, object]>([
    [
      'a member',
      { email: 'ann@corp.example', username: 'ann', first_name: 'Ann', last_name: 'Archer', type: 'member', status: 'activated', mfa: true, last_login_at: '2026-11-20T10:00:00.123456Z' },
      { name: 'Ann Archer', emails: ['ann@corp.example'], logins: ['scaleway:bearer:a', 'ann'], kind: 'person', state: 'active', evidence: 'status: activated, type: member, mfa: true', lastLogin: '2026-11-20T10:00:00.123Z' },
    ],
    ['an owner whose user name is the address', { email: 'ann@corp.example', username: 'ann@corp.example', type: 'owner', status: 'activated', mfa: false }, { name: 'ann@corp.example', logins: ['scaleway:bearer:a'], kind: 'person', evidence: 'status: activated, type: owner, mfa: false' }],
    ['a guest who was invited', { email: 'gus@other.example', type: 'guest', status: 'invitation_pending', mfa: false, last_login_at: null }, { kind: 'guest', state: 'active', evidence: 'status: invitation_pending, type: guest, mfa: false' }],
    ['somebody locked', { email: 'ann@corp.example', type: 'member', status: 'activated', locked: true, mfa: true }, { state: 'suspended', evidence: 'status: activated, locked: true, type: member, mfa: true' }],
    ['somebody of whom little is told', {}, { name: 'a', emails: [], logins: ['scaleway:bearer:a'], state: 'active', evidence: 'status: unknown, type: unknown, mfa: unknown' }],
  ])('understands %s', async (_what, user, expected) => {
    [pages, total] = [[[{ id: 'a', ...user }]], 1];

    expect((await list()).people).toEqual([expect.objectContaining(expected)]);
  });
});
