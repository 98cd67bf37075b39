import { emailOf, loginOf, personName, REFUSED, type Account, type Vendor } from './vendor.ts';

const TOKEN = 'scim-token-canary';

/** Pages by index, from 1; who left is in no list. A total counts everybody once. */
export const scim: Vendor = {
  type: 'scim',
  settings: (url) => ({ url: `${url}/scim/v2`, token: { env: 'SCIM_TOKEN' } }),
  secrets: { SCIM_TOKEN: TOKEN },
  secretTexts: [TOKEN],
  idOf: (id) => `2819c223-${id}`,
  states: { active: 'active', suspended: 'suspended', departed: undefined },
  listsDeparted: false,
  links: false,
  isTokenRequest: () => false,
  answer({ path, query, headers }, { accounts, pageSize }) {
    if (headers.authorization !== `Bearer ${TOKEN}`) return REFUSED;
    const listed = accounts.filter(({ state }) => state !== 'departed');
    const one = listed.find(({ id }) => path === `/scim/v2/Users/${scim.idOf(id)}`);
    if (one !== undefined) return { body: userOf(one) };
    if (path !== '/scim/v2/Users') return undefined;
    const start = Number(query.get('startIndex') ?? 1) - 1;
    const page = listed.slice(start, start + Math.min(pageSize, Number(query.get('count') ?? pageSize)));
    const body = { schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'], totalResults: new Set(listed.map(({ id }) => id)).size, startIndex: start + 1, itemsPerPage: page.length };
    // RFC 7644 lets the list be left out when it is empty.
    return { body: page.length === 0 ? body : { ...body, Resources: page.map(userOf) } };
  },
};

function userOf({ id, state }: Account): object {
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
    id: scim.idOf(id),
    userName: loginOf(id),
    name: { givenName: 'Person', familyName: String(id), formatted: personName(id) },
    emails: [{ value: `private${id}@example.net`, type: 'home' }, { value: emailOf(id), type: 'work', primary: true }],
    active: state === 'active',
  };
}
