import { loginOf, pageFrom, REFUSED, type Account, type Vendor } from './vendor.ts';
import type { HttpReply } from './server.ts';

const TOKEN = 'ghp_githubTokenCanary';

/** Pages by number and `Link`. Suspended accounts stay members; who left is in no list. */
export const github: Vendor = {
  type: 'github',
  settings: (url) => ({ organization: 'example', token: { env: 'GITHUB_TOKEN' }, url }),
  secrets: { GITHUB_TOKEN: TOKEN },
  secretTexts: [TOKEN],
  idOf: String,
  states: { active: 'active', suspended: 'active', departed: undefined },
  listsDeparted: false,
  links: true,
  isTokenRequest: () => false,
  answer({ path, query, headers }, { accounts, pageSize, origin }) {
    if (headers.authorization !== `Bearer ${TOKEN}`) return REFUSED;
    if (headers['user-agent'] === undefined || headers['x-github-api-version'] !== '2022-11-28') return { status: 403, body: 'Request forbidden by administrative rules.' };
    if (path === '/orgs/example/teams') return { body: [] };
    if (path === '/orgs/example/outside_collaborators') return { body: [] };
    const [, id, login] = /^\/(?:user\/(\d+)|orgs\/example\/memberships\/(\w+))$/.exec(path) ?? [];
    const one = accounts.find((account) => String(account.id) === id || loginOf(account.id) === login);
    if (id !== undefined) return one && { body: userOf(one) };
    if (login !== undefined) return one?.state === 'departed' ? undefined : { body: { state: 'active', role: 'member' } };
    if (path !== '/orgs/example/members') return undefined;
    return numberedPage(accounts.filter(({ state }) => state !== 'departed').map(userOf), { path, query, pageSize, origin });
  },
};

/** A page as GitHub and GitLab number them from one. */
export function numberedPage(all: readonly object[], { path, query, pageSize, origin }: { readonly path: string; readonly query: URLSearchParams; readonly pageSize: number; readonly origin: string }): HttpReply {
  const page = Number(query.get('page') ?? 1);
  const { items, next } = pageFrom(all, (page - 1) * pageSize, pageSize);
  const address = (number: number) => `${origin}${path}?per_page=100&page=${number}`;
  const links = [...(next === undefined ? [] : [`<${address(page + 1)}>; rel="next"`]), `<${address(1)}>; rel="first"`];
  return { headers: { link: links.join(', ') }, body: items };
}

function userOf({ id }: Account): object {
  return { login: loginOf(id), id, node_id: `U_${id}`, type: 'User', site_admin: false };
}
