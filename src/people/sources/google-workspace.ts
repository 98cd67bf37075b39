import { z } from 'zod';
import { definePeopleSource, type Person } from '#src/model/people.ts';
import { openApi, type Answer } from './support/api.ts';
import { distinct, momentOf, wholeList } from './support/list.ts';
import { addressShape, secretShape } from '#src/model/api-settings.ts';
import { googleHeaders } from './support/google-key.ts';

const TITLE = 'Google Workspace';
const SCOPE = 'https://www.googleapis.com/auth/admin.directory.user.readonly';
const RIGHTS = `a service account with domain-wide delegation of the scope ${SCOPE.slice(SCOPE.lastIndexOf('/') + 1)}, for an administrator who may read users`;

/** Google says 403 for "too often" as well. */
const BUSY_TEXT = /"(?:userRateLimitExceeded|rateLimitExceeded|quotaExceeded)"/;

const FIELDS = 'kind,nextPageToken,users(id,primaryEmail,aliases,nonEditableAliases,name/fullName,suspended,suspensionReason,archived,lastLoginTime,deletionTime,relations)';

const text = z.string().nullish();
const names = z.array(z.string()).nullish();
const userShape = z.object({
  id: z.string().min(1),
  primaryEmail: z.string(),
  aliases: names,
  nonEditableAliases: names,
  name: z.object({ fullName: text }).nullish(),
  suspended: z.boolean().nullish(),
  suspensionReason: text,
  archived: z.boolean().nullish(),
  lastLoginTime: text,
  deletionTime: text,
  relations: z.array(z.object({ type: text, value: text })).nullish(),
});
type User = z.infer<typeof userShape>;
/** A page without anybody has no `users`; the kind tells it from other answers. */
const pageShape = z.object({ kind: z.literal('admin#directory#users'), users: z.array(userShape).default([]), nextPageToken: text });

/** People of a Google Workspace account, and those deleted in the last 20 days. */
export const source = definePeopleSource({
  name: 'google-workspace',
  title: TITLE,
  authority: 'identity-provider',
  rights: RIGHTS,
  notes: [
    `The delegation is entered in the admin console for the client id of the service account, with the scope ${SCOPE}.`,
    'A deleted account proves a departure: it is listed as deleted for 20 days, and then it is gone.',
    'A suspended account may come back; suspensionReason tells why. An archived one is kept for its data and counts as suspended.',
    'Addresses that people add to their profile themselves are left out.',
  ],
  settings: z.strictObject({
    /** The key file of the service account, as Google gives it. */
    key: secretShape,
    /** The administrator in whose name the service account reads. */
    admin: z.email(),
    /** Id of the account, where the administrator belongs to several. */
    customer: z.string().regex(/^\w+$/, 'must be the id of the account').default('my_customer'),
    url: addressShape.default('https://admin.googleapis.com'),
    tokenUrl: addressShape.default('https://oauth2.googleapis.com/token'),
  }),
  example: { key: { file: '/var/run/secrets/google/key.json' }, admin: 'admin@example.com' },
  create({ key, admin, customer, url, tokenUrl }, name, deps) {
    return {
      name,
      type: 'google-workspace',
      authority: 'identity-provider',
      async list(signal) {
        const headers = await googleHeaders({ title: TITLE, rights: RIGHTS, keyFile: await deps.secret(key), scope: SCOPE, subject: admin, tokenUrl, deps, signal });
        const api = openApi({ title: TITLE, address: url, rights: RIGHTS, headers, busyText: BUSY_TEXT, deps, signal });
        const people: Person[] = [];
        for (const isDeleted of [false, true]) {
          const first = `/admin/directory/v1/users?${new URLSearchParams({ customer, maxResults: '500', showDeleted: String(isDeleted), fields: FIELDS }).toString()}`;
          const nextOf = ({ body }: Answer<z.infer<typeof pageShape>>) => (body.nextPageToken ? `${first}&pageToken=${encodeURIComponent(body.nextPageToken)}` : undefined);
          for await (const { body } of api.pages(first, pageShape, nextOf)) people.push(...body.users.map((user) => personOf(user, isDeleted)));
        }
        return wholeList(TITLE, people, false);
      },
    };
  },
});

function personOf(user: User, isDeleted: boolean): Person {
  const { id, primaryEmail, aliases, nonEditableAliases, name, lastLoginTime, deletionTime, relations } = user;
  const since = isDeleted ? momentOf(deletionTime) : undefined;
  const lastLogin = momentOf(lastLoginTime);
  const manager = relations?.find(({ type }) => type === 'manager')?.value;
  return {
    id,
    name: distinct([name?.fullName, primaryEmail])[0] ?? id,
    emails: distinct([primaryEmail, ...(aliases ?? []), ...(nonEditableAliases ?? [])]),
    logins: [],
    kind: 'person',
    ...(isDeleted ? { state: 'departed', evidence: `deletionTime: ${deletionTime ?? 'not told'}` } : stateOf(user)),
    ...(since && { since }),
    ...(lastLogin && { lastLogin }),
    ...(manager && { manager }),
  };
}

function stateOf({ suspended, suspensionReason, archived }: User): Pick<Person, 'state' | 'evidence'> {
  if (suspended) return { state: 'suspended', evidence: `suspended: true${suspensionReason ? ` (${suspensionReason})` : ''}` };
  if (archived) return { state: 'suspended', evidence: 'archived: true' };
  return { state: 'active', evidence: 'suspended: false' };
}
