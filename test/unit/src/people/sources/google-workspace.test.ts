import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import type { Person } from '#src/model/people.ts';
import { source } from '#src/people/sources/google-workspace.ts';
import { createSourceDeps } from '#test/fakes/people/deps.ts';
import { googleWorkspace } from '#test/fakes/people/google-workspace.ts';
import { listOnce, type Listing } from '#test/fakes/people/listing.ts';

const KIND = 'admin#directory#users';
const SAM = { id: '1', primaryEmail: 'sam@example.com', name: { fullName: 'Sam Doe' }, suspended: false, archived: false };

function listing(present: readonly object[], deleted: readonly object[] = []): Promise<Listing> {
  return listOnce(source, googleWorkspace, ({ method, query }) => {
    if (method === 'POST') return undefined;
    const users = query.get('showDeleted') === 'true' ? deleted : present;
    return { body: { kind: KIND, ...(users.length > 0 && { users }) } };
  });
}

describe('src/people/sources/google-workspace.ts', () => {
  test('tells all that is known of a person', async () => {
    const { list } = await listing([{ ...SAM, aliases: ['s@example.com'], nonEditableAliases: ['sam@example.com.test-google-a.com'], lastLoginTime: '2026-11-20T10:00:00.000Z', relations: [{ type: 'assistant', value: 'x@example.com' }, { type: 'manager', value: 'boss@example.com' }] }]);

    expect(list.people).toEqual([
      { id: '1', name: 'Sam Doe', emails: ['sam@example.com', 's@example.com', 'sam@example.com.test-google-a.com'], logins: [], kind: 'person', state: 'active', evidence: 'suspended: false', lastLogin: '2026-11-20T10:00:00.000Z', manager: 'boss@example.com' },
    ]);
  });

  test.each<[string, object, Pick<Person, 'state' | 'evidence'>]>([
    ['a suspended account', { suspended: true, suspensionReason: 'ABUSE' }, { state: 'suspended', evidence: 'suspended: true (ABUSE)' }],
    ['a suspended account without a reason', { suspended: true }, { state: 'suspended', evidence: 'suspended: true' }],
    ['an archived account', { archived: true }, { state: 'suspended', evidence: 'archived: true' }],
    ['an account that never logged in', { lastLoginTime: '1970-01-01T00:00:00.000Z' }, { state: 'active', evidence: 'suspended: false' }],
  ])('%s', async (_name, more, expected) => {
    const { list } = await listing([{ ...SAM, ...more }]);

    expect(list.people[0]).toMatchObject(expected);
    expect(list.people[0]).not.toHaveProperty('lastLogin');
  });

  test('who was deleted has left since then, whatever else the account says', async () => {
    const { list } = await listing([SAM], [{ ...SAM, id: '2', primaryEmail: 'gone@example.com', suspended: true, deletionTime: '2026-11-10T08:00:00.000Z' }]);

    expect(list.people[1]).toMatchObject({ id: '2', state: 'departed', evidence: 'deletionTime: 2026-11-10T08:00:00.000Z', since: '2026-11-10T08:00:00.000Z' });
  });

  test('a page that says nothing is a failure and not the end of the list', async () => {
    const outcome = listOnce(source, googleWorkspace, ({ method, query }) => {
      if (method === 'POST') return undefined;
      return query.has('pageToken') ? { body: {} } : { body: { kind: KIND, users: [SAM], nextPageToken: 'next/+ page' } };
    });

    await expect(outcome).rejects.toMatchObject({ fault: 'garbled' });
  });

  test('the token of the next page is given back as it came', async () => {
    const { asked } = await listOnce(source, googleWorkspace, ({ method, query }) => {
      if (method === 'POST') return undefined;
      return query.has('pageToken') ? { body: { kind: KIND, users: [SAM] } } : { body: { kind: KIND, users: [SAM], nextPageToken: 'next/+ page=&' } };
    });

    expect(asked.map(({ query }) => query.get('pageToken'))).toEqual([null, null, 'next/+ page=&', null, 'next/+ page=&']);
  });

  test('a quota that is used up is waited for', async () => {
    let refusals = 0;
    const { deps } = await listOnce(source, googleWorkspace, ({ method }) => {
      if (method === 'POST') return undefined;
      return refusals++ === 0 ? { status: 403, body: { error: { code: 403, errors: [{ domain: 'usageLimits', reason: 'userRateLimitExceeded' }] } } } : { body: { kind: KIND, users: [SAM] } };
    });

    expect(deps.waits).toEqual([60_000]);
  });

  test('a right that is missing is not waited for', async () => {
    const outcome = listOnce(source, googleWorkspace, ({ method }) => (method === 'POST' ? undefined : { status: 403, body: { error: { code: 403, errors: [{ domain: 'global', reason: 'forbidden' }] } } }));

    await expect(outcome).rejects.toMatchObject({ fault: 'forbidden' });
  });

  test('an administrator whom the service account may not stand for is a refusal', async () => {
    const outcome = listOnce(source, googleWorkspace, () => undefined, { admin: 'other@example.com' });

    await expect(outcome).rejects.toMatchObject({ fault: 'refused', message: 'Google Workspace refuses the credentials (HTTP 400, invalid_grant)' });
  });

  test.each([
    ['no JSON', '-----BEGIN PRIVATE KEY-----canary'],
    ['JSON of something else', '{"type":"authorized_user","refresh_token":"canary"}'],
    ['a key that is none', '{"client_email":"a@b.c","private_key":"canary"}'],
  ])('a key file that is %s is not shown', async (_name, key) => {
    const made = source.create(source.settings.parse({ ...source.example, key: { env: 'KEY' } }), 'people', createSourceDeps({ KEY: key }));

    const error = await made.list(new AbortController().signal).catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({ fault: 'refused', message: 'the key of the service account for Google Workspace cannot be used: it must be the JSON file that Google gives' });
    expect(inspect(error)).not.toContain('canary');
  });
});
