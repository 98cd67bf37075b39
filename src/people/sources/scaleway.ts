import { z } from 'zod';
import { definePeopleSource, SourceFailed, type Person } from '#src/model/people.ts';
import { openApi } from './support/api.ts';
import { distinct, momentOf, wholeList } from './support/list.ts';
import { addressShape, secretShape } from '#src/model/api-settings.ts';

const TITLE = 'Scaleway IAM';
const RIGHTS = 'the permission set IAMReadOnly in the organization';
const PAGE = 100;

const userShape = z.object({
  id: z.string().min(1),
  email: z.string().nullish(),
  username: z.string().nullish(),
  first_name: z.string().nullish(),
  last_name: z.string().nullish(),
  type: z.string().nullish(),
  status: z.string().nullish(),
  locked: z.boolean().nullish(),
  mfa: z.boolean().nullish(),
  last_login_at: z.string().nullish(),
});
type User = z.infer<typeof userShape>;

const pageShape = z.object({ users: z.array(userShape), total_count: z.int().nonnegative() });

export const source = definePeopleSource({
  name: 'scaleway',
  title: TITLE,
  authority: 'identity-provider',
  rights: RIGHTS,
  notes: [
    'Removed people vanish: who is missing from a whole list has departed.',
    'In Kapsule a person is `scaleway:bearer:<id>`, which is taken as a login.',
    'The last login is to the console, not to a cluster. An invitation that was not accepted counts as active, since it can be accepted at any time.',
    'Guests of the organization are marked; owners, members and guests alike can hold rights.',
  ],
  settings: z.strictObject({
    organization: z.uuid(),
    /** Secret key of an API key. */
    token: secretShape,
    url: addressShape.default('https://api.scaleway.com'),
  }),
  example: { organization: '11111111-2222-4333-8444-555555555555', token: { env: 'SCALEWAY_SECRET_KEY' } },
  create: ({ organization, token, url }, name, deps) => ({
    name,
    type: 'scaleway',
    authority: 'identity-provider',
    async list(signal) {
      const api = openApi({ title: TITLE, address: url, rights: RIGHTS, headers: { 'x-auth-token': await deps.secret(token) }, deps, signal });
      const users: User[] = [];
      let total = 0;
      const pageAt = (page: number) => `/iam/v1alpha1/users?${new URLSearchParams({ organization_id: organization, page: String(page), page_size: String(PAGE), order_by: 'created_at_asc' }).toString()}`;
      let page = 1;
      for await (const { body } of api.pages(pageAt(page), pageShape, ({ body: { users: some, total_count: all } }) => (some.length > 0 && users.length < all ? pageAt(++page) : undefined))) {
        users.push(...body.users);
        total = body.total_count;
      }
      const people = wholeList(TITLE, users.map(personOf), false);
      if (people.people.length < total) throw new SourceFailed('garbled', `${TITLE} tells of ${total} people and shows ${people.people.length}`);
      return people;
    },
  }),
});

function personOf({ id, email, username, first_name: first, last_name: last, type, status, locked, mfa, last_login_at: login }: User): Person {
  const lastLogin = momentOf(login);
  const name = distinct([[first, last].filter(Boolean).join(' '), username, email])[0] ?? id;
  const facts = [`status: ${status ?? 'unknown'}`, ...(locked ? ['locked: true'] : []), `type: ${type ?? 'unknown'}`, `mfa: ${mfa ?? 'unknown'}`];
  return {
    id,
    name,
    emails: distinct([email]),
    // The user name is often the address, and then no further name.
    logins: distinct([`scaleway:bearer:${id}`, username === email ? undefined : username]),
    kind: type === 'guest' ? 'guest' : 'person',
    state: locked ? 'suspended' : 'active',
    evidence: facts.join(', '),
    ...(lastLogin !== undefined && { lastLogin }),
  };
}
