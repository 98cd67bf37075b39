import type { InstalledApp } from '../app-config.ts';
import { ApiError } from './api-error.ts';
import type { MethodInfo } from './methods-table.ts';

/** The two tokens of the app and what has become of them. */
export interface Tokens {
  readonly bot: string;
  readonly app: string;
  botRevoked: boolean;
  /** The error with which the app-level token is refused, if it is. */
  appRefused: string | undefined;
}

/** The scope of the app-level token that opens sockets; the manifest does not list it. */
export const APP_TOKEN_SCOPES: readonly string[] = ['connections:write'];

/** Refuses a call whose token does not fit the method, in the order in which Slack looks. */
export function authorize(tokens: Tokens, app: InstalledApp, method: MethodInfo, token: string | undefined): void {
  if (method.token === 'none') return;
  if (token === undefined || token === '') throw new ApiError('not_authed');
  if (token !== tokens.bot && token !== tokens.app) throw new ApiError('invalid_auth');
  if (token === tokens.bot && tokens.botRevoked) throw new ApiError('token_revoked');
  if (token === tokens.app && tokens.appRefused !== undefined) throw new ApiError(tokens.appRefused);
  if (!app.installed) throw new ApiError('account_inactive');
  if (token !== (method.token === 'bot' ? tokens.bot : tokens.app)) throw new ApiError('not_allowed_token_type');
  const provided = method.token === 'bot' ? [...app.scopes] : APP_TOKEN_SCOPES;
  requireScope(provided, method.scopes ?? []);
}

/** Refuses unless one of the scopes is there. */
export function requireScope(provided: readonly string[], needed: readonly string[]): void {
  if (needed.length === 0 || needed.some((scope) => provided.includes(scope))) return;
  throw new ApiError('missing_scope', { needed: needed.join(','), provided: provided.join(',') });
}
