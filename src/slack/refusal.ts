import { WebAPIPlatformError } from '@slack/web-api';
import { textAt } from '#src/model/raw.ts';

/** Answers after which another try with the same token fails alike. */
const FATAL = new Set(['invalid_auth', 'not_authed', 'not_allowed_token_type', 'account_inactive', 'token_revoked', 'user_removed_from_team', 'team_disabled', 'missing_scope']);

/** Slack refuses a token, and will again. */
export class TokenRefused extends Error {
  readonly code: string;

  constructor(token: 'bot token' | 'app-level token', code: string) {
    super(`Slack refuses the ${token}: ${code}`);
    this.code = code;
  }
}

/** The code with which Slack refused a token for good; undefined for every other error. */
export function refusalCode(error: unknown): string | undefined {
  const code = answerCode(error);
  return code !== undefined && FATAL.has(code) ? code : undefined;
}

/** The code of an answer of Slack that is a no; undefined for every other error. */
export function answerCode(error: unknown): string | undefined {
  return error instanceof WebAPIPlatformError ? textAt(error.data, 'error') : undefined;
}
