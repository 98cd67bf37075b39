import { numberedPage } from './github.ts';
import { loginOf, personName, REFUSED, type Account, type Vendor } from './vendor.ts';

const TOKEN = 'glpat-gitlabTokenCanary';

/** Pages by number and `Link`; who left is in no list. */
export const gitlab: Vendor = {
  type: 'gitlab',
  settings: (url) => ({ group: 'example/platform', token: { env: 'GITLAB_TOKEN' }, url }),
  secrets: { GITLAB_TOKEN: TOKEN },
  secretTexts: [TOKEN],
  idOf: String,
  states: { active: 'active', suspended: 'suspended', departed: undefined },
  listsDeparted: false,
  links: true,
  isTokenRequest: () => false,
  answer({ path, query, headers }, { accounts, pageSize, origin }) {
    if (headers.authorization !== `Bearer ${TOKEN}`) return REFUSED;
    if (path !== '/api/v4/groups/example%2Fplatform/members/all') return undefined;
    return numberedPage(accounts.filter(({ state }) => state !== 'departed').map(memberOf), { path, query, pageSize, origin });
  },
};

function memberOf({ id, state }: Account): object {
  return { id, username: loginOf(id), name: personName(id), state: state === 'active' ? 'active' : 'blocked', access_level: 30, expires_at: null };
}
