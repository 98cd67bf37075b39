import { createHmac, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import type { Clock } from '#src/model/clock.ts';
import { AUTHENTICATED, serviceAccountGroups, serviceAccountName, type User } from './user.ts';

/** The account that a token speaks for. */
export interface AccountClaims {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly audiences: readonly string[];
  readonly id: string;
  readonly expiresAt: Date;
}

/** Tokens of service accounts: JSON Web Tokens that only this stand-in can make. */
export interface AccountTokens {
  readonly issue: (account: Pick<AccountClaims, 'namespace' | 'name' | 'uid'>, seconds: number, audiences: readonly string[]) => string;
  /** The claims, if the token is ours and still holds. */
  readonly read: (token: string) => AccountClaims | undefined;
}

const ISSUER = 'https://kubernetes.default.svc.cluster.local';
export const DEFAULT_AUDIENCES: readonly string[] = [ISSUER];

export function createAccountTokens(clock: Clock): AccountTokens {
  const key = randomBytes(32);
  const sign = (text: string): Buffer => createHmac('sha256', key).update(text).digest();
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return {
    issue({ namespace, name, uid }, seconds, audiences) {
      const now = Math.floor(clock.now().getTime() / 1000);
      const claims = {
        aud: audiences,
        exp: now + seconds,
        iat: now,
        iss: ISSUER,
        jti: randomUUID(),
        'kubernetes.io': { namespace, serviceaccount: { name, uid } },
        nbf: now,
        sub: serviceAccountName(namespace, name),
      };
      const text = `${encode({ alg: 'HS256' })}.${encode(claims)}`;
      return `${text}.${sign(text).toString('base64url')}`;
    },
    read(token) {
      const [header, payload, signature] = token.split('.');
      if (header === undefined || payload === undefined || signature === undefined) return undefined;
      const given = Buffer.from(signature, 'base64url');
      const right = sign(`${header}.${payload}`);
      if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined;
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as {
        readonly aud: readonly string[];
        readonly exp: number;
        readonly jti: string;
        readonly 'kubernetes.io': { readonly namespace: string; readonly serviceaccount: { readonly name: string; readonly uid: string } };
      };
      const expiresAt = new Date(claims.exp * 1000);
      if (expiresAt <= clock.now()) return undefined;
      const { namespace, serviceaccount } = claims['kubernetes.io'];
      return { namespace, ...serviceaccount, audiences: claims.aud, id: claims.jti, expiresAt };
    },
  };
}

export function accountUser({ namespace, name, uid, id }: AccountClaims): User {
  return {
    name: serviceAccountName(namespace, name),
    uid,
    groups: [...serviceAccountGroups(namespace), AUTHENTICATED],
    extra: { 'authentication.kubernetes.io/credential-id': [`JTI=${id}`] },
  };
}
