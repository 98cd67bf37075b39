import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { source } from '#src/people/sources/auth0.ts';
import { auth0 } from '#test/fakes/people/auth0.ts';
import { listOnce, type Listing } from '#test/fakes/people/listing.ts';
import type { HttpReply } from '#test/fakes/people/server.ts';

const SAM = { user_id: 'auth0|1', email: 'sam@example.com', email_verified: true, name: 'Sam Doe' };
const FILE = gzipSync(`${JSON.stringify(SAM)}\n`.repeat(50));

function listingOf(file: HttpReply): Promise<Listing> {
  return listOnce(source, auth0, ({ path }) => (path === '/export.json.gz' ? file : undefined));
}

function jobs(...states: readonly object[]): Promise<Listing> {
  const left = [...states];
  return listOnce(source, auth0, ({ path }) => {
    if (path === '/export.json.gz') return { body: FILE };
    return path === '/api/v2/jobs/job_1' ? { body: { id: 'job_1', ...(left.length > 1 ? left.shift() : left[0]) } } : undefined;
  });
}

describe('src/people/sources/auth0.ts', () => {
  test('tells all that is known of a person, and no address that was not verified', async () => {
    const users = [
      { ...SAM, username: 'sam', last_login: '2026-11-20T10:00:00.000Z' },
      { user_id: 'auth0|2', email: 'boss@example.com', email_verified: false, name: 'Impostor', blocked: false },
      { user_id: 'sms|3', blocked: true },
    ];
    const { list } = await listingOf({ body: gzipSync(users.map((user) => JSON.stringify(user)).join('\n')) });

    expect(list.people).toEqual([
      { id: 'auth0|1', name: 'Sam Doe', emails: ['sam@example.com'], logins: ['sam'], kind: 'person', state: 'active', evidence: 'blocked: false', lastLogin: '2026-11-20T10:00:00.000Z' },
      { id: 'auth0|2', name: 'Impostor', emails: [], logins: [], kind: 'person', state: 'active', evidence: 'blocked: false' },
      { id: 'sms|3', name: 'sms|3', emails: [], logins: [], kind: 'person', state: 'suspended', evidence: 'blocked: true' },
    ]);
  });

  test('lists more than the thousand that the search of Auth0 ends after', async () => {
    const users = Array.from({ length: 2500 }, (_, index) => `${JSON.stringify({ ...SAM, user_id: `auth0|${index}` })}\n`);

    expect((await listingOf({ body: gzipSync(users.join('')) })).list.people).toHaveLength(2500);
  });

  test('asks for the fields it uses, and waits for the export', async () => {
    let polls = 0;
    const { list, asked, deps } = await listOnce(source, auth0, ({ path }) => (path === '/api/v2/jobs/job_1' && polls++ < 3 ? { body: { id: 'job_1', status: 'processing' } } : path === '/export.json.gz' ? { body: FILE } : undefined));

    expect(list.people).toHaveLength(1);
    expect(deps.waits).toEqual([3000, 3000, 3000, 3000]);
    expect(JSON.parse(asked.find(({ path }) => path === '/api/v2/jobs/users-exports')?.body ?? '')).toEqual({
      format: 'json',
      fields: ['user_id', 'email', 'email_verified', 'username', 'name', 'blocked', 'last_login'].map((name) => ({ name })),
    });
  });

  test('an export that fails is a failure', async () => {
    await expect(jobs({ status: 'failed' })).rejects.toMatchObject({ fault: 'garbled', message: 'Auth0 could not export its users' });
  });

  test('an export that does not end is given up after ten minutes', async () => {
    await expect(jobs({ status: 'processing' })).rejects.toMatchObject({ fault: 'busy', message: 'Auth0 did not finish the export within 10 minutes' });
  });

  test.each<[string, HttpReply]>([
    ['cut off by the sender', { body: FILE.subarray(0, FILE.length - 6) }],
    ['cut off on the way', { body: FILE, cut: true }],
    ['a page in HTML', { body: '<Error>Request has expired</Error>' }],
    ['packed nonsense', { body: gzipSync('{"user_id":') }],
    ['one good line and one without an id', { body: gzipSync(`${JSON.stringify(SAM)}\n{"email":"x@example.com"}\n`) }],
  ])('a file that is %s is a failure', async (_name, file) => {
    await expect(listingOf(file)).rejects.toMatchObject({ fault: 'garbled' });
  });

  test('a file that comes unpacked is read as well', async () => {
    const { list } = await listingOf({ body: Buffer.from(`${JSON.stringify(SAM)}\n`) });

    expect(list.people.map(({ id }) => id)).toEqual(['auth0|1']);
  });

  test('an empty export is a failure', async () => {
    await expect(listingOf({ body: gzipSync('') })).rejects.toMatchObject({ fault: 'empty' });
  });

  test('a file without encryption on the way is not read', async () => {
    await expect(jobs({ status: 'completed', location: 'http://files.example.com/export.json.gz' })).rejects.toMatchObject({ fault: 'garbled', message: 'Auth0 sends on to another address, which is not followed' });
  });
});
