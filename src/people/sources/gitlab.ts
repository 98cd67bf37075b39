import { z } from 'zod';
import { definePeopleSource, type Person } from '#src/model/people.ts';
import { openApi } from './support/api.ts';
import { distinct, wholeList } from './support/list.ts';
import { numberedPages } from './support/numbered-pages.ts';
import { addressShape, secretShape } from '#src/model/api-settings.ts';

const TITLE = 'GitLab';
const RIGHTS = 'a token of a member of the group, with the scope read_api';

/** What is neither active nor waiting for an invitation to be taken. */
const SUSPENDED = new Set(['blocked', 'ldap_blocked', 'blocked_pending_approval', 'banned', 'deactivated']);

/** Accounts that GitLab makes for access tokens of groups and projects, and for its service accounts. */
const BOT = /^(?:(?:group|project)_\d+_bot(?:_|\d|$)|service_account_)/;

export function isGitlabBot(username: string): boolean {
  return BOT.test(username);
}

const text = z.string().nullish();
const memberShape = z.object({ id: z.int(), username: z.string().min(1), name: text, state: z.string(), email: text, public_email: text });
type Member = z.infer<typeof memberShape>;

/** Members of a GitLab group, with those inherited from the groups above it and invited by other groups. */
export const source = definePeopleSource({
  name: 'gitlab',
  title: TITLE,
  authority: 'code-host',
  rights: RIGHTS,
  notes: [
    'Whoever is no member any more is not in the list; that tells a departure only for people whose identity is GitLab.',
    'A blocked, banned or deactivated account may come back. Somebody banned from the group alone is still listed as active.',
    'E-mail addresses come only for the enterprise users of a group, and only with the token of its owner.',
    'Members of a private group that was invited are shown only to those who may see that group.',
  ],
  settings: z.strictObject({
    /** Id or full path of the group. */
    group: z.union([z.int().positive(), z.string().regex(/^\w[\w.-]*(?:\/\w[\w.-]*)*$/, 'must be the id or the path of the group')]),
    token: secretShape,
    url: addressShape.default('https://gitlab.com'),
  }),
  example: { group: 'example/platform', token: { env: 'GITLAB_TOKEN' } },
  create({ group, token, url }, name, deps) {
    return {
      name,
      type: 'gitlab',
      authority: 'code-host',
      async list(signal) {
        const api = openApi({ title: TITLE, address: url, rights: RIGHTS, headers: { authorization: `Bearer ${await deps.secret(token)}` }, deps, signal });
        const first = `/api/v4/groups/${encodeURIComponent(group)}/members/all?per_page=100`;
        const members = await numberedPages(api, TITLE, first, z.array(memberShape), ({ id }) => String(id));
        return wholeList(TITLE, members.map(personOf), false);
      },
    };
  },
});

function personOf({ id, username, name, state, email, public_email: publicEmail }: Member): Person {
  return {
    id: String(id),
    name: distinct([name, username])[0] ?? username,
    emails: distinct([email, publicEmail]),
    logins: [username],
    kind: isGitlabBot(username) ? 'bot' : 'person',
    state: SUSPENDED.has(state) ? 'suspended' : 'active',
    evidence: `state: ${state}`,
  };
}
