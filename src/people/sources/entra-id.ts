import { z } from 'zod';
import { definePeopleSource, type Person } from '#src/model/people.ts';
import { openApi, type Answer } from './support/api.ts';
import { distinct, momentOf, wholeList } from './support/list.ts';
import { addressShape, secretShape } from '#src/model/api-settings.ts';
import { bearerHeaders } from './support/token.ts';

const TITLE = 'Entra ID';
const RIGHTS = 'the application permission User.Read.All of Microsoft Graph, with admin consent';

const FIELDS = 'id,displayName,userPrincipalName,mail,proxyAddresses,accountEnabled,userType';
const PRESENT = `/v1.0/users?$select=${FIELDS}&$expand=manager($select=id)&$top=999`;
const DELETED = `/v1.0/directory/deletedItems/microsoft.graph.user?$select=${FIELDS},deletedDateTime&$top=999`;

const text = z.string().nullish();
const userShape = z.object({
  id: z.string().min(1),
  displayName: text,
  userPrincipalName: text,
  mail: text,
  proxyAddresses: z.array(z.string()).nullish(),
  userType: text,
  manager: z.object({ id: text }).nullish(),
});
type User = z.infer<typeof userShape>;

const presentShape = pageOf(userShape.extend({ accountEnabled: z.boolean() }));
const deletedShape = pageOf(userShape.extend({ deletedDateTime: text }));

/** People of a Microsoft Entra tenant, and those deleted in the last 30 days. */
export const source = definePeopleSource({
  name: 'entra-id',
  title: TITLE,
  authority: 'identity-provider',
  rights: RIGHTS,
  notes: [
    'A deleted account proves a departure: it is listed as deleted for 30 days, and then it is gone.',
    'A disabled account (accountEnabled: false) may come back. Shared mailboxes and rooms are disabled accounts as well.',
    'Other e-mail addresses (otherMails) are left out, because people set them themselves. The last login is not read: it needs a further permission and licence.',
  ],
  settings: z.strictObject({
    /** Id or domain of the tenant. */
    tenant: z.string().regex(/^[\w.-]+$/, 'must be the id or a domain of the tenant'),
    clientId: z.string().min(1),
    clientSecret: secretShape,
    /** National clouds have others. */
    url: addressShape.default('https://graph.microsoft.com'),
    loginUrl: addressShape.default('https://login.microsoftonline.com'),
  }),
  example: { tenant: 'example.com', clientId: '00000000-0000-0000-0000-000000000000', clientSecret: { env: 'ENTRA_CLIENT_SECRET' } },
  create({ tenant, clientId, clientSecret, url, loginUrl }, name, deps) {
    const open = async (signal: AbortSignal) => {
      const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: await deps.secret(clientSecret), scope: `${url}/.default` };
      const headers = await bearerHeaders({ title: TITLE, url: `${loginUrl}/${tenant}/oauth2/v2.0/token`, rights: RIGHTS, form, deps, signal });
      return openApi({ title: TITLE, address: url, rights: RIGHTS, headers, deps, signal });
    };
    return {
      name,
      type: 'entra-id',
      authority: 'identity-provider',
      async list(signal) {
        const api = await open(signal);
        const people: Person[] = [];
        for await (const { body } of api.pages(PRESENT, presentShape, nextOf)) people.push(...body.value.map(presentOf));
        for await (const { body } of api.pages(DELETED, deletedShape, nextOf)) people.push(...body.value.map(deletedOf));
        return wholeList(TITLE, people, false);
      },
      async find(id, signal) {
        const { body } = await (await open(signal)).get(`/v1.0/users?$select=${FIELDS}&$filter=${encodeURIComponent(`id eq '${id.replaceAll("'", "''")}'`)}`, presentShape);
        const [user] = body.value.filter((candidate) => candidate.id === id);
        return user && presentOf(user);
      },
    };
  },
});

function pageOf<T extends z.ZodType>(user: T): z.ZodObject<{ value: z.ZodArray<T>; '@odata.nextLink': typeof text }> {
  return z.object({ value: z.array(user), '@odata.nextLink': text });
}

function nextOf({ body }: Answer<{ readonly '@odata.nextLink'?: string | null | undefined }>): string | undefined {
  return body['@odata.nextLink'] ?? undefined;
}

function presentOf(user: z.infer<typeof presentShape>['value'][number]): Person {
  return { ...namesOf(user), state: user.accountEnabled ? 'active' : 'suspended', evidence: `accountEnabled: ${String(user.accountEnabled)}` };
}

function deletedOf(user: z.infer<typeof deletedShape>['value'][number]): Person {
  const since = momentOf(user.deletedDateTime);
  return { ...namesOf(user), state: 'departed', evidence: `deletedDateTime: ${user.deletedDateTime ?? 'not told'}`, ...(since && { since }) };
}

function namesOf({ id, displayName, userPrincipalName, mail, proxyAddresses, userType, manager }: User): Omit<Person, 'state' | 'evidence'> {
  const principal = principalOf(id, userPrincipalName);
  const aliases = (proxyAddresses ?? []).filter((address) => /^smtp:/i.test(address)).map((address) => address.slice('smtp:'.length));
  const logins = distinct([principal]);
  const leader = manager?.id;
  return {
    id,
    name: distinct([displayName, principal])[0] ?? id,
    emails: distinct([mail, ...aliases]),
    logins,
    kind: userType === 'Guest' ? 'guest' : 'person',
    ...(leader && { manager: leader }),
  };
}

/** When an account is deleted, its id without dashes is put in front of its name. */
function principalOf(id: string, name: string | null | undefined): string | undefined {
  const prefix = id.replaceAll('-', '').toLowerCase();
  return name?.toLowerCase().startsWith(prefix) && name.length > prefix.length ? name.slice(prefix.length) : (name ?? undefined);
}
