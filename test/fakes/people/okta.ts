import { emailOf, loginOf, pageFrom, REFUSED, type Account, type Vendor } from './vendor.ts';

const TOKEN = '00oktaTokenCanary';
const STATUSES = { active: 'ACTIVE', suspended: 'SUSPENDED', departed: 'DEPROVISIONED' };

/** Pages by cursor and `Link`; without a filter it leaves out those who left. */
export const okta: Vendor = {
  type: 'okta',
  settings: (url) => ({ url, token: { env: 'OKTA_TOKEN' } }),
  secrets: { OKTA_TOKEN: TOKEN },
  secretTexts: [TOKEN],
  idOf: (id) => `00u${id}`,
  states: { active: 'active', suspended: 'suspended', departed: 'departed' },
  listsDeparted: true,
  links: true,
  isTokenRequest: () => false,
  answer({ path, query, headers }, { accounts, pageSize, origin }) {
    if (headers.authorization !== `SSWS ${TOKEN}`) return REFUSED;
    if (path !== '/api/v1/users') return undefined;
    const filter = query.get('filter');
    const [, wanted] = /^id eq "(.*)"$/.exec(filter ?? '') ?? [];
    if (wanted !== undefined) return { body: accounts.filter(({ id }) => okta.idOf(id) === wanted).map(userOf) };
    if (filter !== null && filter !== 'status eq "DEPROVISIONED"') return { status: 400, body: { errorCode: 'E0000031' } };
    if (Number(query.get('limit')) > 200) return { status: 400, body: { errorCode: 'E0000001' } };
    const shown = accounts.filter(({ state }) => (state === 'departed') === (filter !== null));
    const { items, next } = pageFrom(shown, Number(query.get('after') ?? 0), pageSize);
    const address = (after: number) => `${origin}${path}?${new URLSearchParams({ ...Object.fromEntries(query), after: String(after) }).toString()}`;
    const links = [`<${origin}${path}?limit=200>; rel="self"`, ...(next === undefined ? [] : [`<${address(next)}>; rel="next"`])];
    return { headers: { link: links.join(', ') }, body: items.map(userOf) };
  },
};

function userOf({ id, state }: Account): object {
  return {
    id: okta.idOf(id),
    status: STATUSES[state],
    created: '2026-01-01T00:00:00.000Z',
    statusChanged: '2026-02-01T00:00:00.000Z',
    lastLogin: null,
    profile: { firstName: 'Person', lastName: String(id), login: emailOf(id), email: emailOf(id), secondEmail: 'private@example.org', nickName: loginOf(id) },
  };
}
