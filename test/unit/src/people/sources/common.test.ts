import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { SourceFailed, type PeopleList, type PeopleSourceType } from '#src/model/people.ts';
import { source as auth0Source } from '#src/people/sources/auth0.ts';
import { source as entraIdSource } from '#src/people/sources/entra-id.ts';
import { source as githubSource } from '#src/people/sources/github.ts';
import { source as gitlabSource } from '#src/people/sources/gitlab.ts';
import { source as googleWorkspaceSource } from '#src/people/sources/google-workspace.ts';
import { source as oktaSource } from '#src/people/sources/okta.ts';
import { source as scalewaySource } from '#src/people/sources/scaleway.ts';
import { source as scimSource } from '#src/people/sources/scim.ts';
import { auth0 } from '#test/fakes/people/auth0.ts';
import { createSourceDeps, type FakeSourceDeps } from '#test/fakes/people/deps.ts';
import { entraId } from '#test/fakes/people/entra-id.ts';
import { github } from '#test/fakes/people/github.ts';
import { gitlab } from '#test/fakes/people/gitlab.ts';
import { googleWorkspace } from '#test/fakes/people/google-workspace.ts';
import { okta } from '#test/fakes/people/okta.ts';
import { scaleway } from '#test/fakes/people/scaleway.ts';
import { scim } from '#test/fakes/people/scim.ts';
import { startHttpStandIn, type HttpReply, type HttpStandIn } from '#test/fakes/people/server.ts';
import type { Account, Vendor } from '#test/fakes/people/vendor.ts';

const CASES: readonly (readonly [name: string, type: PeopleSourceType, vendor: Vendor])[] = [
  ['okta', oktaSource, okta],
  ['entra-id', entraIdSource, entraId],
  ['google-workspace', googleWorkspaceSource, googleWorkspace],
  ['auth0', auth0Source, auth0],
  ['github', githubSource, github],
  ['gitlab', gitlabSource, gitlab],
  ['scaleway', scalewaySource, scaleway],
  ['scim', scimSource, scim],
];

/** Seven who are there and three who left: several pages of both. */
const ACCOUNTS: readonly Account[] = Array.from({ length: 10 }, (_, index) => ({ id: index + 1, state: index === 1 ? 'suspended' : index >= 7 ? 'departed' : 'active' }));
const PAGE_SIZE = 2;

let server: HttpStandIn;
let stranger: HttpStandIn;
let deps: FakeSourceDeps;
/** What the people are replaced by, one after the other; nothing stands for the true answer. The last repeats when `again` is set. */
let replies: (HttpReply | undefined)[];
let again: boolean;
let accounts: readonly Account[];
let origin: string | undefined;

afterEach(async () => {
  await server.stop();
  await stranger.stop();
});

describe.each(CASES)('src/people/sources/%s.ts', (name, type, vendor) => {
  beforeEach(async () => {
    replies = [];
    again = false;
    accounts = ACCOUNTS;
    origin = undefined;
    deps = createSourceDeps(vendor.secrets);
    stranger = await startHttpStandIn(() => ({ body: [] }));
    server = await startHttpStandIn((asked, url) => {
      const reply = vendor.isTokenRequest(asked) ? undefined : again && replies.length === 1 ? replies[0] : replies.shift();
      return reply ?? vendor.answer(asked, { accounts, pageSize: PAGE_SIZE, origin: origin ?? url });
    });
  });

  function list(signal = new AbortController().signal): Promise<PeopleList> {
    const settings = type.settings.parse(vendor.settings(server.url));
    return type.create(settings, 'people', deps).list(signal);
  }

  async function failure(): Promise<SourceFailed> {
    const error = await list().then(() => undefined, (thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SourceFailed);
    const message = (error as SourceFailed).message;
    for (const text of vendor.secretTexts) expect(message).not.toContain(text);
    expect(message).not.toMatch(/https?:|127\.0\.0\.1|localhost/);
    return error as SourceFailed;
  }

  test('is named after its file and says what it needs', () => {
    const made = type.create(type.settings.parse(vendor.settings('http://127.0.0.1:1')), 'people', deps);

    expect(type.name).toBe(name);
    expect(made).toMatchObject({ name: 'people', type: name, authority: type.authority });
    expect(type.rights).not.toBe('');
    expect(type.notes.length).toBeGreaterThan(0);
  });

  test('the example is a working entry, and an unknown field or a secret in it is none', () => {
    expect(type.settings.safeParse(type.example).success).toBe(true);
    expect(type.settings.safeParse({ ...type.example, colour: 'red' }).success).toBe(false);
    const written = Object.fromEntries(Object.entries(type.example).map(([key, value]) => [key, typeof value === 'object' ? 'a-secret' : value]));
    expect(type.settings.safeParse(written).success).toBe(false);
  });

  test('an address without encryption is refused, but for this machine', () => {
    expect(type.settings.safeParse(vendor.settings('http://people.example.com')).success).toBe(false);
    expect(type.settings.safeParse(vendor.settings('http://localhost:8080')).success).toBe(true);
  });

  test('lists everyone of all pages, with their state', async () => {
    const { people, listsDeparted } = await list();

    const expected = ACCOUNTS.flatMap(({ id, state }) => {
      const shown = vendor.states[state];
      return shown === undefined ? [] : [[vendor.idOf(id), shown]];
    });
    expect(people.map(({ id, state }) => [id, state]).sort()).toEqual(expected.sort());
    expect(people.every(({ kind, evidence, emails, logins }) => kind === 'person' && evidence !== '' && emails.length + logins.length > 0)).toBe(true);
    expect(listsDeparted).toBe(vendor.listsDeparted);
  });

  test('somebody who is on two pages is listed once', async () => {
    accounts = [...ACCOUNTS.slice(0, 3), ...ACCOUNTS.slice(2, 5)];

    const { people } = await list();

    expect(people.map(({ id }) => id).sort()).toEqual([1, 2, 3, 4, 5].map(vendor.idOf).sort());
  });

  test('nobody at all is a failure', async () => {
    accounts = [];

    expect((await failure()).fault).toBe('empty');
  });

  test('only people who left are a failure as well', async () => {
    accounts = ACCOUNTS.filter(({ state }) => state === 'departed');

    expect((await failure()).fault).toBe('empty');
  });

  test.each<[string, HttpReply, SourceFailed['fault']]>([
    ['401', { status: 401, body: { message: 'no' } }, 'refused'],
    ['403', { status: 403, body: { message: 'no' } }, 'forbidden'],
    ['404', { status: 404, body: { message: 'no' } }, 'forbidden'],
    ['400', { status: 400, body: { message: 'no' } }, 'garbled'],
    ['a page in HTML', { body: '<html><title>Sign in</title></html>' }, 'garbled'],
    ['JSON of another form', { body: { hello: 'world' } }, 'garbled'],
    ['null', { body: 'null' }, 'garbled'],
    ['an answer that breaks off', { body: [{ id: 'x'.repeat(1000) }], cut: true }, 'garbled'],
    ['a redirect', { status: 302, headers: { location: 'https://example.com/' }, body: '' }, 'garbled'],
  ])('%s is a failure, also in the middle, and is not asked again', async (_name, reply, fault) => {
    replies = [reply];
    expect((await failure()).fault).toBe(fault);

    replies = [undefined, reply];
    expect((await failure()).fault).toBe(fault);
    expect(replies).toEqual([]);
    expect(deps.waits.every((ms) => ms === 3000)).toBe(true);
  });

  test('an error of the system itself is asked for three times', async () => {
    replies = [{ status: 500, body: 'oops' }];
    again = true;

    expect((await failure()).fault).toBe('unreachable');
    expect(deps.waits).toEqual([1000, 5000]);
  });

  test('an error that passes is none', async () => {
    replies = [{ status: 503, body: '' }];

    expect((await list()).people.length).toBeGreaterThan(0);
  });

  test('nobody who listens is a failure', async () => {
    await server.stop();

    const error = await failure();

    expect(error.fault).toBe('unreachable');
    expect(error.message).toBe(`${type.title} cannot be reached (ECONNREFUSED)`);
  });

  test('who is asked too often is left alone as long as it says', async () => {
    replies = [undefined, { status: 429, headers: { 'retry-after': '7' }, body: { error: 'too many' } }];

    const { people } = await list();

    expect(people.length).toBeGreaterThan(0);
    expect(deps.waits).toContain(7000);
  });

  test('who never stops to be busy is given up after five waits', async () => {
    replies = [{ status: 429, headers: { 'retry-after': '2' }, body: '' }];
    again = true;

    expect((await failure()).fault).toBe('busy');
    expect(deps.waits).toEqual([2000, 2000, 2000, 2000, 2000]);
  });

  test('a wait of hours is not waited for', async () => {
    replies = [{ status: 429, headers: { 'retry-after': '7200' }, body: '' }];

    expect((await failure()).fault).toBe('busy');
    expect(deps.waits).toEqual([]);
  });

  test('waiting ends when it is not wanted any more', async () => {
    const stop = new AbortController();
    stop.abort(new Error('shutting down'));

    await expect(list(stop.signal)).rejects.toThrow('shutting down');
    expect(server.asked).toEqual([]);
  });

  test('a secret that is not there is a failure that names it', async () => {
    deps = createSourceDeps({});

    expect((await failure()).message).toBe(`${Object.keys(vendor.secrets)[0] ?? ''} is not set`);
  });

  test('a secret with a line break in it is not shown', async () => {
    deps = createSourceDeps(Object.fromEntries(Object.entries(vendor.secrets).map(([key, value]) => [key, `${value}\nline two`])));

    expect((await failure()).fault).toBe('refused');
  });

  test('the credentials are read anew each time', async () => {
    deps = createSourceDeps(Object.fromEntries(Object.keys(vendor.secrets).map((key) => [key, 'wrong'])));
    const { fault } = await failure();
    deps = createSourceDeps(vendor.secrets);

    expect(fault).toBe('refused');
    expect((await list()).people.length).toBeGreaterThan(0);
  });

  if (!vendor.links) return;

  test('a next page on another server is not followed', async () => {
    origin = stranger.url;

    const { fault, message } = await failure();

    expect([fault, message]).toEqual(['garbled', `${type.title} sends on to another address, which is not followed`]);
    expect(stranger.asked).toEqual([]);
  });
});
