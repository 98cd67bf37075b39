import { z } from 'zod';
import { definePeopleSource, type Person } from '#src/model/people.ts';
import { ifThere, openApi, type Api } from './support/api.ts';
import { wholeList } from './support/list.ts';
import { numberedPages } from './support/numbered-pages.ts';
import { addressShape, secretShape } from '#src/model/api-settings.ts';

const TITLE = 'GitHub';
const RIGHTS = 'a fine-grained token or app with the organization permission Members (read), or a token of a member with the scope read:org; for outside collaborators a token of an owner';
const HEADERS = { accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' };

/** A 403 without headers that tell it is about too many requests. */
const BUSY_TEXT = /secondary rate limit|abuse detection/i;

const userShape = z.object({ id: z.int(), login: z.string().min(1), type: z.string() });
type User = z.infer<typeof userShape>;

/** Members of a GitHub organisation, and its outside collaborators. */
export const source = definePeopleSource({
  name: 'github',
  title: TITLE,
  authority: 'code-host',
  rights: RIGHTS,
  notes: [
    'Whoever is no member any more is not in the list; that tells a departure only for people whose identity is GitHub.',
    'GitHub tells logins and no e-mail addresses. Accounts of machines look like those of people.',
    'Members are listed whole only for those who belong to the organisation: that is asked first, because GitHub shows others the public members as if they were all.',
  ],
  settings: z.strictObject({
    organization: z.string().regex(/^[\w-]+$/, 'must be the name of the organisation as in its address'),
    token: secretShape,
    /** Only owners may list them. */
    outsideCollaborators: z.boolean().default(true),
    /** A GitHub Enterprise Server has its own: `https://github.example.com/api/v3`. */
    url: addressShape.default('https://api.github.com'),
  }),
  example: { organization: 'example', token: { env: 'GITHUB_TOKEN' } },
  create({ organization, token, outsideCollaborators, url }, name, deps) {
    const open = async (signal: AbortSignal): Promise<Api> => {
      const api = openApi({ title: TITLE, address: url, rights: RIGHTS, headers: { ...HEADERS, authorization: `Bearer ${await deps.secret(token)}` }, busyText: BUSY_TEXT, deps, signal });
      // Teams are shown only to those who are shown all members.
      await api.get(`/orgs/${organization}/teams?per_page=1`, z.array(z.unknown()));
      return api;
    };
    const read = (api: Api, list: string) => numberedPages(api, TITLE, `/orgs/${organization}/${list}?per_page=100`, z.array(userShape), ({ id }) => String(id));
    return {
      name,
      type: 'github',
      authority: 'code-host',
      async list(signal) {
        const api = await open(signal);
        const members = await read(api, 'members');
        const outside = outsideCollaborators ? await read(api, 'outside_collaborators') : [];
        // Who became a member in between is in both; the first counts.
        return wholeList(TITLE, [...members.map((user) => personOf(user, 'person', 'organization member')), ...outside.map((user) => personOf(user, 'guest', 'outside collaborator'))], false);
      },
      async find(id, signal) {
        const api = await open(signal);
        const user = (await ifThere(api.get(`/user/${encodeURIComponent(id)}`, userShape)))?.body;
        if (user === undefined) return undefined;
        const membership = await ifThere(api.get(`/orgs/${organization}/memberships/${encodeURIComponent(user.login)}`, z.object({ state: z.string() })));
        if (membership?.body.state === 'active') return personOf(user, 'person', 'organization member');
        const outside = outsideCollaborators ? await read(api, 'outside_collaborators') : [];
        return outside.some((other) => other.id === user.id) ? personOf(user, 'guest', 'outside collaborator') : undefined;
      },
    };
  },
});

function personOf({ id, login, type }: User, kind: 'person' | 'guest', evidence: string): Person {
  return { id: String(id), name: login, emails: [], logins: [login], kind: type === 'Bot' || login.endsWith('[bot]') ? 'bot' : kind, state: 'active', evidence };
}
