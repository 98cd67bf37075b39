import { z } from 'zod';
import { definePeopleSource, type Person } from '#src/model/people.ts';
import { openApi } from './support/api.ts';
import { nextLink } from './support/link.ts';
import { distinct, momentOf, wholeList } from './support/list.ts';
import { addressShape, secretShape } from '#src/model/api-settings.ts';

const TITLE = 'Okta';
const RIGHTS = 'the role Read-only Administrator, or an OAuth token with the scope okta.users.read';

/** The list without a filter leaves out exactly those who left. */
const LISTS = ['/api/v1/users?limit=200', `/api/v1/users?limit=200&filter=${encodeURIComponent('status eq "DEPROVISIONED"')}`];

const STATES: Readonly<Record<string, Person['state']>> = { DEPROVISIONED: 'departed', SUSPENDED: 'suspended' };

const text = z.string().nullish();
const userShape = z.object({
  id: z.string().min(1),
  status: z.string(),
  statusChanged: text,
  lastLogin: text,
  profile: z.object({ login: z.string(), email: text, displayName: text, firstName: text, lastName: text, managerId: text }),
});

/** People of an Okta organisation, those who left included. */
export const source = definePeopleSource({
  name: 'okta',
  title: TITLE,
  authority: 'identity-provider',
  rights: RIGHTS,
  notes: [
    'The status DEPROVISIONED ("Deactivated") proves a departure; SUSPENDED may come back. A locked or expired password is neither.',
    'Somebody who is deleted after the deactivation leaves the list; that alone is no proof.',
    'The secondary e-mail is left out, because people set it themselves.',
  ],
  settings: z.strictObject({
    url: addressShape,
    token: secretShape,
    /** How the token is presented: an API token of an administrator, or an OAuth access token. */
    tokenType: z.enum(['SSWS', 'Bearer']).default('SSWS'),
  }),
  example: { url: 'https://example.okta.com', token: { env: 'OKTA_TOKEN' } },
  create({ url, token, tokenType }, name, deps) {
    const open = async (signal: AbortSignal) => openApi({ title: TITLE, address: url, rights: RIGHTS, headers: { authorization: `${tokenType} ${await deps.secret(token)}` }, deps, signal });
    return {
      name,
      type: 'okta',
      authority: 'identity-provider',
      async list(signal) {
        const api = await open(signal);
        const people: Person[] = [];
        for (const list of LISTS) for await (const { body } of api.pages(list, z.array(userShape), nextLink)) people.push(...body.map(personOf));
        return wholeList(TITLE, people, true);
      },
      async find(id, signal) {
        // As a list, because an answer of 404 would not tell somebody who is gone from a token that may not see them.
        const { body } = await (await open(signal)).get(`/api/v1/users?filter=${encodeURIComponent(`id eq ${JSON.stringify(id)}`)}`, z.array(userShape));
        const [user] = body.filter((candidate) => candidate.id === id);
        return user && personOf(user);
      },
    };
  },
});

function personOf({ id, status, statusChanged, lastLogin, profile }: z.infer<typeof userShape>): Person {
  const since = momentOf(statusChanged);
  const seen = momentOf(lastLogin);
  const fullName = [profile.firstName, profile.lastName].filter(Boolean).join(' ');
  const [manager] = distinct([profile.managerId]);
  return {
    id,
    name: distinct([profile.displayName, fullName, profile.login])[0] ?? id,
    emails: distinct([profile.email]),
    logins: distinct([profile.login]),
    kind: 'person',
    state: STATES[status] ?? 'active',
    evidence: `status: ${status}`,
    ...(since && { since }),
    ...(seen && { lastLogin: seen }),
    ...(manager && { manager }),
  };
}
