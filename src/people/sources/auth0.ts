import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { z } from 'zod';
import { definePeopleSource, SourceFailed, type Person, type SourceDeps } from '#src/model/people.ts';
import { openApi, parsed, type Api } from './support/api.ts';
import { distinct, momentOf, wholeList } from './support/list.ts';
import { addressShape, secretShape } from '#src/model/api-settings.ts';
import { bearerHeaders } from './support/token.ts';

const TITLE = 'Auth0';
const RIGHTS = 'a machine-to-machine application with the permission read:users of the Management API';

const FIELDS = ['user_id', 'email', 'email_verified', 'username', 'name', 'blocked', 'last_login'];
const POLL_MS = 3000;
const MAX_POLLS = 200;
const MAX_UNPACKED_BYTES = 256 * 1024 ** 2;

const text = z.string().nullish();
const userShape = z.object({ user_id: z.string().min(1), email: text, email_verified: z.boolean().nullish(), username: text, name: text, blocked: z.boolean().nullish(), last_login: text });
const jobShape = z.object({ id: z.string().min(1), status: z.string(), location: text });

/** Users of an Auth0 tenant, by the export that Auth0 offers: its search shows a thousand people and no more. */
export const source = definePeopleSource({
  name: 'auth0',
  title: TITLE,
  authority: 'identity-provider',
  rights: RIGHTS,
  notes: [
    'Whoever was deleted is not in the export; absence from a whole export is what proves a departure.',
    'A blocked account (blocked: true) may come back.',
    'The people are read by an export job, since the list of users ends after 1,000. Addresses that were not verified are left out.',
    'The last login is one to an application behind Auth0.',
  ],
  settings: z.strictObject({
    /** Of the tenant itself, not a custom domain. */
    url: addressShape,
    clientId: z.string().min(1),
    clientSecret: secretShape,
  }),
  example: { url: 'https://example.eu.auth0.com', clientId: 'k8ssec', clientSecret: { env: 'AUTH0_CLIENT_SECRET' } },
  create({ url, clientId, clientSecret }, name, deps) {
    return {
      name,
      type: 'auth0',
      authority: 'identity-provider',
      async list(signal) {
        const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: await deps.secret(clientSecret), audience: `${url}/api/v2/` };
        const headers = await bearerHeaders({ title: TITLE, url: `${url}/oauth/token`, rights: RIGHTS, form, deps, signal });
        const api = openApi({ title: TITLE, address: url, rights: RIGHTS, headers, deps, signal });
        const lines = await linesOf(await api.download(await exported(api, deps, signal)));
        return wholeList(TITLE, lines.map((line) => personOf(parsed(TITLE, line, userShape))), false);
      },
    };
  },
});

/** Has the users exported and returns where the file is. Auth0 shows that address for a minute only. */
async function exported(api: Api, { wait }: SourceDeps, signal: AbortSignal): Promise<string> {
  const order = { format: 'json', fields: FIELDS.map((field) => ({ name: field })) };
  let { body: job } = await api.post('/api/v2/jobs/users-exports', jobShape, { body: order });
  for (let polls = 0; job.status === 'pending' || job.status === 'processing'; polls += 1) {
    if (polls === MAX_POLLS) throw new SourceFailed('busy', `${TITLE} did not finish the export within ${(MAX_POLLS * POLL_MS) / 60_000} minutes`);
    await wait(POLL_MS, signal);
    ({ body: job } = await api.get(`/api/v2/jobs/${encodeURIComponent(job.id)}`, jobShape));
  }
  if (job.status !== 'completed' || !job.location) throw new SourceFailed('garbled', `${TITLE} could not export its users`);
  return job.location;
}

/** One user each. A packed file ends with its length, so one that was cut off does not pass; a server may also have it unpacked on the way. */
async function linesOf(file: Buffer): Promise<readonly string[]> {
  const isPacked = file[0] === 0x1f && file[1] === 0x8b;
  const content = isPacked ? await unpacked(file) : file;
  return content.toString().split('\n').filter((line) => line.trim() !== '');
}

async function unpacked(file: Buffer): Promise<Buffer> {
  try {
    return await promisify(gunzip)(file, { maxOutputLength: MAX_UNPACKED_BYTES });
  } catch (error) {
    throw new SourceFailed('garbled', `the export of ${TITLE} cannot be unpacked`, { cause: error });
  }
}

function personOf({ user_id: id, email, email_verified: isVerified, username, name, blocked, last_login: seen }: z.infer<typeof userShape>): Person {
  const lastLogin = momentOf(seen);
  return {
    id,
    name: distinct([name, username, email])[0] ?? id,
    emails: distinct([isVerified ? email : undefined]),
    logins: distinct([username]),
    kind: 'person',
    state: blocked ? 'suspended' : 'active',
    evidence: `blocked: ${String(blocked ?? false)}`,
    ...(lastLogin && { lastLogin }),
  };
}
