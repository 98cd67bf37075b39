import { gzipSync } from 'node:zlib';
import { emailOf, personName, REFUSED, type Account, type Vendor } from './vendor.ts';

const SECRET = 'auth0SecretCanary';
const TOKEN = 'auth0TokenCanary';

/** Its list of users ends after a thousand, so it is not shown here: only the export job, whose file lies on another server. */
export const auth0: Vendor = {
  type: 'auth0',
  settings: (url) => ({ url, clientId: 'client', clientSecret: { env: 'AUTH0_CLIENT_SECRET' } }),
  secrets: { AUTH0_CLIENT_SECRET: SECRET },
  secretTexts: [SECRET, TOKEN],
  idOf: (id) => `auth0|${id}`,
  states: { active: 'active', suspended: 'suspended', departed: undefined },
  listsDeparted: false,
  links: false,
  isTokenRequest: ({ path }) => path === '/oauth/token',
  answer({ method, path, headers, body }, { accounts, origin }) {
    if (method === 'POST' && path === '/oauth/token') {
      const form = new URLSearchParams(body);
      const isRight = form.get('grant_type') === 'client_credentials' && form.get('client_secret') === SECRET && form.get('audience') === `${origin}/api/v2/`;
      return isRight ? { body: { access_token: TOKEN, token_type: 'Bearer' } } : { status: 401, body: { error: 'access_denied', error_description: 'Unauthorized' } };
    }
    if (path === '/export.json.gz') {
      const lines = accounts.filter(({ state }) => state !== 'departed').map((account) => `${JSON.stringify(userOf(account))}\n`);
      // Signed addresses of object stores refuse a second way of signing in.
      return headers.authorization === undefined ? { headers: { 'content-type': 'application/gzip' }, body: gzipSync(lines.join('')) } : { status: 400, body: 'InvalidArgument' };
    }
    if (headers.authorization !== `Bearer ${TOKEN}`) return REFUSED;
    if (method === 'POST' && path === '/api/v2/jobs/users-exports') return { body: { type: 'users_export', status: 'pending', id: 'job_1', format: 'json' } };
    if (path === '/api/v2/jobs/job_1') return { body: { type: 'users_export', status: 'completed', id: 'job_1', location: `${origin.replace('127.0.0.1', 'localhost')}/export.json.gz` } };
    return undefined;
  },
};

function userOf({ id, state }: Account): object {
  return { user_id: auth0.idOf(id), email: emailOf(id), email_verified: true, name: personName(id), last_login: '2026-11-20T08:00:00.000Z', ...(state === 'suspended' && { blocked: true }) };
}
