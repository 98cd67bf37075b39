import { randomBytes } from 'node:crypto';
import { accountUser, type AccountTokens } from './tokens.ts';
import type { Store } from '../store/store.ts';
import { ANONYMOUS, AUTHENTICATED, serviceAccountOf, type User } from './user.ts';

/** Somebody who may sign in. Names such as `system:serviceaccount:shop:cart` stand for service accounts. */
export interface KnownUser {
  readonly name: string;
  readonly groups?: readonly string[];
  readonly uid?: string;
  /** Made up when it is not given. */
  readonly token?: string;
}

/** Who stands behind a request's credentials; undefined for wrong ones. */
export interface Users {
  readonly add: (user: KnownUser) => string;
  readonly byToken: (token: string) => User | undefined;
  readonly anonymous: User;
  /** The token of a user who was added, or one for a service account that exists. @throws for anybody else */
  readonly tokenOf: (name: string) => string;
  readonly groupsOf: (name: string) => readonly string[];
}

const ACCOUNT_TOKEN_SECONDS = 365 * 24 * 3600;

export function createUsers(tokens: AccountTokens, store: Store): Users {
  const byToken = new Map<string, User>();
  const known = new Map<string, { readonly token: string; readonly groups: readonly string[] }>();
  return {
    anonymous: ANONYMOUS,
    add({ name, groups = [], uid, token = randomBytes(24).toString('base64url') }) {
      byToken.set(token, { name, groups: [...groups, AUTHENTICATED], ...(uid !== undefined && { uid }) });
      known.set(name, { token, groups });
      return token;
    },
    byToken(token) {
      const user = byToken.get(token);
      if (user !== undefined) return user;
      const claims = tokens.read(token);
      const account = claims === undefined ? undefined : store.get('serviceaccounts', `${claims.namespace}/${claims.name}`);
      return claims === undefined || account?.metadata.uid !== claims.uid ? undefined : accountUser(claims);
    },
    tokenOf(name) {
      const user = known.get(name);
      if (user !== undefined) return user.token;
      const [namespace, account] = serviceAccountOf(name) ?? [];
      const found = store.get('serviceaccounts', `${namespace ?? ''}/${account ?? ''}`);
      if (namespace === undefined || account === undefined || found === undefined) throw new Error(`the cluster stand-in knows no user ${JSON.stringify(name)}`);
      return tokens.issue({ namespace, name: account, uid: found.metadata.uid ?? '' }, ACCOUNT_TOKEN_SECONDS, []);
    },
    groupsOf: (name) => known.get(name)?.groups ?? [],
  };
}
