import { generateKeyPairSync } from 'node:crypto';
import { jwtVerify } from 'jose';
import { emailOf, pageFrom, personName, REFUSED, type Account, type Vendor } from './vendor.ts';
import type { HttpAsked, HttpReply } from './server.ts';

const TOKEN = 'ya29.googleTokenCanary';
const SCOPE = 'https://www.googleapis.com/auth/admin.directory.user.readonly';
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const PEM = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const KEY_FILE = JSON.stringify({ type: 'service_account', client_email: 'k8ssec@example.iam.gserviceaccount.com', private_key: PEM, private_key_id: 'key1' });

/** Pages by `nextPageToken`; those who left only with `showDeleted`. */
export const googleWorkspace: Vendor = {
  type: 'google-workspace',
  settings: (url) => ({ key: { env: 'GOOGLE_KEY' }, admin: 'admin@example.com', url, tokenUrl: `${url}/token` }),
  secrets: { GOOGLE_KEY: KEY_FILE },
  secretTexts: [TOKEN, PEM.slice(40, 80)],
  idOf: (id) => `1000${id}`,
  states: { active: 'active', suspended: 'suspended', departed: 'departed' },
  listsDeparted: false,
  links: false,
  isTokenRequest: ({ method }) => method === 'POST',
  async answer(asked, { accounts, pageSize, origin }) {
    const { method, path, query, headers } = asked;
    if (method === 'POST' && path === '/token') return tokenFor(asked, `${origin}/token`);
    if (headers.authorization !== `Bearer ${TOKEN}`) return REFUSED;
    if (path !== '/admin/directory/v1/users' || query.get('customer') !== 'my_customer') return undefined;
    const shown = accounts.filter(({ state }) => (state === 'departed') === (query.get('showDeleted') === 'true'));
    const { items, next } = pageFrom(shown, Number(query.get('pageToken') ?? 0), pageSize);
    return { body: { kind: 'admin#directory#users', ...(items.length > 0 && { users: items.map(userOf) }), ...(next !== undefined && { nextPageToken: String(next) }) } };
  },
};

async function tokenFor({ body }: HttpAsked, audience: string): Promise<HttpReply> {
  const form = new URLSearchParams(body);
  const refusal = { status: 400, body: { error: 'invalid_grant', error_description: 'Invalid JWT Signature.' } };
  try {
    const { payload, protectedHeader } = await jwtVerify(form.get('assertion') ?? '', publicKey, { audience, subject: 'admin@example.com', issuer: 'k8ssec@example.iam.gserviceaccount.com', currentDate: new Date('2026-11-23T08:00:00Z') });
    return payload.scope === SCOPE && protectedHeader.kid === 'key1' ? { body: { access_token: TOKEN, expires_in: 3599, token_type: 'Bearer' } } : refusal;
  } catch {
    return refusal;
  }
}

function userOf({ id, state }: Account): object {
  return {
    id: googleWorkspace.idOf(id),
    primaryEmail: emailOf(id),
    name: { fullName: personName(id) },
    aliases: [`alias${id}@example.com`],
    nonEditableAliases: [`person${id}@example.com.test-google-a.com`],
    emails: [{ address: 'private@example.org', type: 'home' }],
    suspended: state === 'suspended',
    ...(state === 'suspended' && { suspensionReason: 'ADMIN' }),
    archived: false,
    lastLoginTime: '1970-01-01T00:00:00.000Z',
    relations: [{ value: emailOf(1), type: 'manager' }],
    ...(state === 'departed' && { deletionTime: '2026-11-10T08:00:00.000Z' }),
  };
}
