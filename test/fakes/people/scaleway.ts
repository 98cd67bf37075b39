import { emailOf, loginOf, pageFrom, personName, REFUSED, type Account, type Vendor } from './vendor.ts';

const TOKEN = 'scalewaySecretKeyCanary';
const ORGANIZATION = '11111111-2222-4333-8444-555555555555';

/** Pages by number; who left is in no list. A total counts everybody once. */
export const scaleway: Vendor = {
  type: 'scaleway',
  settings: (url) => ({ organization: ORGANIZATION, token: { env: 'SCW_SECRET_KEY' }, url }),
  secrets: { SCW_SECRET_KEY: TOKEN },
  secretTexts: [TOKEN],
  idOf: (id) => `aaaaaaaa-0000-4000-8000-${String(id).padStart(12, '0')}`,
  states: { active: 'active', suspended: 'suspended', departed: undefined },
  listsDeparted: false,
  links: false,
  isTokenRequest: () => false,
  answer({ path, query, headers }, { accounts, pageSize }) {
    if (headers['x-auth-token'] !== TOKEN) return REFUSED;
    if (path !== '/iam/v1alpha1/users' || query.get('organization_id') !== ORGANIZATION) return undefined;
    const listed = accounts.filter(({ state }) => state !== 'departed');
    const { items } = pageFrom(listed, (Number(query.get('page') ?? 1) - 1) * pageSize, pageSize);
    return { body: { users: items.map(userOf), total_count: new Set(listed.map(({ id }) => id)).size } };
  },
};

function userOf({ id, state }: Account): object {
  return {
    id: scaleway.idOf(id),
    email: emailOf(id),
    username: loginOf(id),
    first_name: 'Person',
    last_name: personName(id).replace('Person ', ''),
    type: 'member',
    status: 'activated',
    mfa: id % 2 === 0,
    locked: state === 'suspended',
    last_login_at: null,
  };
}
