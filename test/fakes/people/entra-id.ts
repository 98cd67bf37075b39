import { emailOf, pageFrom, personName, REFUSED, type Account, type Vendor } from './vendor.ts';

const SECRET = 'entraSecretCanary~1';
const TOKEN = 'entraTokenCanary';
const DELETED = '/v1.0/directory/deletedItems/microsoft.graph.user';

/** Pages by `@odata.nextLink`; those who left are in a list of their own, under a changed name. */
export const entraId: Vendor = {
  type: 'entra-id',
  settings: (url) => ({ tenant: 'example.com', clientId: 'client', clientSecret: { env: 'ENTRA_CLIENT_SECRET' }, url, loginUrl: url }),
  secrets: { ENTRA_CLIENT_SECRET: SECRET },
  secretTexts: [SECRET, TOKEN],
  idOf: (id) => `00000000-0000-4000-8000-${String(id).padStart(12, '0')}`,
  states: { active: 'active', suspended: 'suspended', departed: 'departed' },
  listsDeparted: false,
  links: true,
  isTokenRequest: ({ method }) => method === 'POST',
  answer({ method, path, query, headers, body }, { accounts, pageSize, origin }) {
    if (method === 'POST' && path === '/example.com/oauth2/v2.0/token') {
      const form = new URLSearchParams(body);
      const isRight = form.get('grant_type') === 'client_credentials' && form.get('client_id') === 'client' && form.get('client_secret') === SECRET && form.get('scope')?.endsWith('/.default');
      return isRight ? { body: { token_type: 'Bearer', expires_in: 3599, access_token: TOKEN } } : { status: 401, body: { error: 'invalid_client', error_description: `AADSTS7000215: wrong secret ${SECRET}` } };
    }
    if (headers.authorization !== `Bearer ${TOKEN}`) return REFUSED;
    if (path !== '/v1.0/users' && path !== DELETED) return undefined;
    // Fields that are not asked for do not come, `accountEnabled` among them.
    const fields = query.get('$select')?.split(',') ?? [];
    const [, wanted] = /^id eq '(.*)'$/.exec(query.get('$filter') ?? '') ?? [];
    const shown = accounts.filter(({ id, state }) => (state === 'departed') === (path === DELETED) && (wanted === undefined || entraId.idOf(id) === wanted));
    const { items, next } = pageFrom(shown, Number(query.get('$skiptoken') ?? 0), pageSize);
    const value = items.map((account) => Object.fromEntries(Object.entries(userOf(account)).filter(([field]) => fields.includes(field) || (field === 'manager' && query.has('$expand')))));
    const nextQuery = new URLSearchParams({ ...Object.fromEntries(query), $skiptoken: String(next) }).toString();
    return { body: { '@odata.context': `${origin}/v1.0/$metadata#users`, ...(next !== undefined && { '@odata.nextLink': `${origin}${path}?${nextQuery}` }), value } };
  },
};

function userOf({ id, state }: Account): object {
  const prefix = state === 'departed' ? entraId.idOf(id).replaceAll('-', '') : '';
  return {
    id: entraId.idOf(id),
    displayName: personName(id),
    userPrincipalName: `${prefix}${emailOf(id)}`,
    mail: emailOf(id),
    proxyAddresses: [`SMTP:${emailOf(id)}`, `smtp:alias${id}@example.com`, `x500:/o=Example/cn=${id}`],
    otherMails: ['private@example.org'],
    accountEnabled: state === 'active',
    userType: 'Member',
    ...(id > 1 && { manager: { '@odata.type': '#microsoft.graph.user', id: entraId.idOf(1) } }),
    ...(state === 'departed' && { deletedDateTime: '2026-11-01T08:00:00Z' }),
  };
}
