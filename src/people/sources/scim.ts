import { z } from 'zod';
import { definePeopleSource, SourceFailed, type Person } from '#src/model/people.ts';
import { ifThere, openApi } from './support/api.ts';
import { distinct, wholeList } from './support/list.ts';
import { addressShape, secretShape } from '#src/model/api-settings.ts';

const TITLE = 'SCIM';
const RIGHTS = 'to read /Users';
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

const emailShape = z.union([z.string(), z.object({ value: z.string().nullish(), primary: z.boolean().nullish() })]);

const userShape = z.object({
  id: z.string().min(1),
  userName: z.string().nullish(),
  displayName: z.string().nullish(),
  name: z.object({ formatted: z.string().nullish(), givenName: z.string().nullish(), familyName: z.string().nullish() }).nullish(),
  emails: z.array(emailShape).nullish(),
  // Some servers send the words.
  active: z.union([z.boolean(), z.stringbool({ truthy: ['true'], falsy: ['false'] })]).nullish(),
  [ENTERPRISE]: z.object({ manager: z.union([z.string(), z.object({ value: z.string().nullish() })]).nullish() }).nullish(),
});
type User = z.infer<typeof userShape>;

/** Without results `Resources` may be left out. */
const pageShape = z.object({ totalResults: z.int().nonnegative(), Resources: z.array(userShape).nullish() });

export const source = definePeopleSource({
  name: 'scim',
  title: TITLE,
  authority: 'identity-provider',
  rights: RIGHTS,
  notes: [
    'Deleted people vanish: who is missing from a whole list has departed. `active: false` may mean either, and counts as suspended.',
    'The list is whole only when as many people came as `totalResults` says, on every page.',
    'Version 2.0 of the protocol (RFC 7644), with paging by startIndex and count.',
  ],
  settings: z.strictObject({
    /** Of the service, up to and without `/Users`. */
    url: addressShape,
    token: secretShape,
    pageSize: z.int().min(1).max(1000).default(100),
    /** Of RFC 7644, such as `userType eq "Employee"`. */
    filter: z.string().min(1).optional(),
  }),
  example: { url: 'https://id.corp.example/scim/v2', token: { file: '/var/run/secrets/scim-token' } },
  create: ({ url, token, pageSize, filter }, name, deps) => {
    const open = async (signal: AbortSignal) => openApi({ title: TITLE, address: url, rights: RIGHTS, headers: { authorization: `Bearer ${await deps.secret(token)}`, accept: 'application/scim+json, application/json' }, deps, signal });
    return {
      name,
      type: 'scim',
      authority: 'identity-provider',
      async list(signal) {
        const api = await open(signal);
        const users: User[] = [];
        let total: number | undefined;
        const pageFrom = (startIndex: number) => `/Users?${new URLSearchParams({ startIndex: String(startIndex), count: String(pageSize), ...(filter !== undefined && { filter }) }).toString()}`;
        const pages = api.pages(pageFrom(1), pageShape, ({ body }) => ((body.Resources ?? []).length > 0 && users.length < body.totalResults ? pageFrom(users.length + 1) : undefined));
        for await (const { body } of pages) {
          users.push(...(body.Resources ?? []));
          total ??= body.totalResults;
          if (body.totalResults !== total) throw new SourceFailed('garbled', `${TITLE} told of ${total} people and then of ${body.totalResults}: the list changed while it was read`);
        }
        const people = wholeList(TITLE, users.map(personOf), false);
        // Somebody on two pages is counted once: somebody else was on none.
        if (people.people.length !== total) throw new SourceFailed('garbled', `${TITLE} tells of ${total ?? 0} people and shows ${people.people.length}`);
        return people;
      },
      async find(id, signal) {
        const api = await open(signal);
        // RFC 7644 has 404 for whoever was deleted, and nothing else; who may not see people at all cannot list them either.
        const user = await ifThere(api.get(`/Users/${encodeURIComponent(id)}`, userShape));
        return user && personOf(user.body);
      },
    };
  },
});

function personOf(user: User): Person {
  const { id, userName, displayName, name, active } = user;
  const emails = emailsOf(user);
  const manager = user[ENTERPRISE]?.manager;
  const managerId = typeof manager === 'string' ? manager : (manager?.value ?? '');
  return {
    id,
    name: distinct([displayName, name?.formatted, [name?.givenName, name?.familyName].filter(Boolean).join(' '), userName])[0] ?? id,
    emails,
    logins: distinct([userName]),
    kind: 'person',
    state: active === false ? 'suspended' : 'active',
    evidence: `active: ${active ?? 'absent'}`,
    ...(managerId !== '' && { manager: managerId }),
  };
}

/** The primary one first. A user name that is an address stands for one where there is no other. */
function emailsOf({ emails, userName }: User): readonly string[] {
  const all = (emails ?? []).map((email) => (typeof email === 'string' ? { value: email, primary: false } : email));
  const found = distinct([...all.filter(({ primary }) => primary), ...all].map(({ value }) => value));
  return found.length > 0 ? found : distinct([/^[^@\s]+@[^@\s]+$/.test(userName ?? '') ? userName : undefined]);
}
