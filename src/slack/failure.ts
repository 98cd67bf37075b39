import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api';
import { isObject, textAt, textsAt } from '#src/model/raw.ts';

/** What a failed call to Slack means. */
export type SlackFailure =
  | { readonly kind: 'rate-limited'; readonly waitMs: number }
  /** Slack answered no, with this code. */
  | { readonly kind: 'refused'; readonly code: string; readonly detail: string }
  /** It was not done: no connection, or Slack failed. */
  | { readonly kind: 'unavailable'; readonly reason: string }
  /** The request was on its way, and no answer came or none that can be read. */
  | { readonly kind: 'lost' };

/** Errors of a connection that was never made, so that nothing was sent. */
const NOT_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT', 'CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT']);

/** Answers that mean "too many" where Slack names no time to wait. */
const TOO_MANY = new Set(['ratelimited', 'rate_limited', 'message_limit_exceeded']);
const TOO_MANY_WAIT_MS = 30_000;

/** Sorts an error of the Slack SDK; throws whatever is not one. */
export function slackFailure(error: unknown): SlackFailure {
  if (error instanceof WebAPIRateLimitedError) return { kind: 'rate-limited', waitMs: error.retryAfter * 1000 };
  if (error instanceof WebAPIPlatformError) return answeredNo(error.data);
  if (error instanceof WebAPIHTTPError) return { kind: 'unavailable', reason: `Slack failed (${error.statusCode})` };
  if (error instanceof WebAPIRequestError) return wasSent(error.original) ? { kind: 'lost' } : { kind: 'unavailable', reason: 'Slack cannot be reached' };
  if (brokeOff(error)) return { kind: 'lost' };
  if (error instanceof Error && error.message.startsWith('Retry header')) return { kind: 'rate-limited', waitMs: TOO_MANY_WAIT_MS };
  throw error;
}

/** An error that is no code is the body of an answer that was no JSON, such as the page of a proxy. */
function answeredNo(answer: unknown): SlackFailure {
  const code = textAt(answer, 'error') ?? '';
  if (!/^[\w.:-]{1,100}$/.test(code)) return { kind: 'lost' };
  return TOO_MANY.has(code) ? { kind: 'rate-limited', waitMs: TOO_MANY_WAIT_MS } : { kind: 'refused', code, detail: detailOf(answer) };
}

/** While the answer's body was being read, after its head: the SDK passes the errors of fetch on as they are then. */
function brokeOff(error: unknown): boolean {
  if (!isObject(error)) return false;
  return error.name === 'TimeoutError' || (error.name === 'TypeError' && error.cause !== undefined);
}

function detailOf(answer: unknown): string {
  if (!isObject(answer)) return '';
  const more = [...textsAt(answer, 'response_metadata', 'messages'), textAt(answer, 'needed')].filter((part) => part !== undefined);
  return [textAt(answer, 'error') ?? '', ...more].join(': ');
}

function wasSent(original: unknown): boolean {
  for (let error = original; error instanceof Error; error = error.cause) {
    if ('code' in error && typeof error.code === 'string' && NOT_SENT.has(error.code)) return false;
  }
  return true;
}
