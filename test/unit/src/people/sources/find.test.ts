import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { PeopleSource, PeopleSourceType } from '#src/model/people.ts';
import { source as entraIdSource } from '#src/people/sources/entra-id.ts';
import { source as githubSource } from '#src/people/sources/github.ts';
import { source as oktaSource } from '#src/people/sources/okta.ts';
import { source as scimSource } from '#src/people/sources/scim.ts';
import { createSourceDeps } from '#test/fakes/people/deps.ts';
import { entraId } from '#test/fakes/people/entra-id.ts';
import { github } from '#test/fakes/people/github.ts';
import { okta } from '#test/fakes/people/okta.ts';
import { scim } from '#test/fakes/people/scim.ts';
import { startHttpStandIn, type HttpReply, type HttpStandIn } from '#test/fakes/people/server.ts';
import type { Account, Vendor } from '#test/fakes/people/vendor.ts';

const CASES: readonly (readonly [name: string, type: PeopleSourceType, vendor: Vendor, left: 'departed' | undefined])[] = [
  ['okta', oktaSource, okta, 'departed'],
  // Deleted accounts are in a list of their own, which need not be asked: whoever is not among the present is not back.
  ['entra-id', entraIdSource, entraId, undefined],
  ['github', githubSource, github, undefined],
  ['scim', scimSource, scim, undefined],
];
const ACCOUNTS: readonly Account[] = [{ id: 1, state: 'active' }, { id: 2, state: 'suspended' }, { id: 3, state: 'departed' }];
const SIGNAL = new AbortController().signal;

describe.each(CASES)('src/people/sources/%s.ts, asked for one person', (_name, type, vendor, left) => {
  let server: HttpStandIn;
  let source: PeopleSource;
  let failure: HttpReply | undefined;

  beforeEach(async () => {
    failure = undefined;
    server = await startHttpStandIn((asked, origin) => (failure !== undefined && !vendor.isTokenRequest(asked) ? failure : vendor.answer(asked, { accounts: ACCOUNTS, pageSize: 2, origin })));
    source = type.create(type.settings.parse(vendor.settings(server.url)), 'people', createSourceDeps(vendor.secrets));
  });

  afterEach(() => server.stop());

  test('tells the same of who is there as the list does', async () => {
    const { people } = await source.list(SIGNAL);

    for (const id of [1, 2]) {
      const { manager, ...listed } = people.find((person) => person.id === vendor.idOf(id)) ?? {};
      expect(await source.find?.(vendor.idOf(id), SIGNAL)).toEqual(listed);
    }
  });

  test('takes nobody who has left, or was never there, for present', async () => {
    expect((await source.find?.(vendor.idOf(3), SIGNAL))?.state).toBe(left);
    expect(await source.find?.(vendor.idOf(99), SIGNAL)).toBeUndefined();
  });

  test('names of ids stay names', async () => {
    await expect(Promise.resolve(source.find?.('../x" or id pr or \'1\' eq \'', SIGNAL))).resolves.toBeUndefined();
    expect(server.asked.every(({ path }) => !path.includes('/../'))).toBe(true);
  });

  test.each<[string, HttpReply]>([
    ['the token is refused', { status: 401, body: {} }],
    ['a right is missing', { status: 403, body: {} }],
    ['the system has an error', { status: 500, body: {} }],
    ['the answer breaks off', { body: { value: [] }, cut: true }],
    ['the answer is something else', { body: 'please sign in' }],
  ])('says that it could not ask, and nothing about the person, when %s', async (_what, reply) => {
    failure = reply;

    await expect(source.find?.(vendor.idOf(3), SIGNAL)).rejects.toThrow(expect.objectContaining({ fault: expect.stringMatching(/refused|forbidden|unreachable|garbled/) }));
  });
});
