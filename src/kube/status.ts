import { at, isObject, textAt, type RawObject } from '#src/model/raw.ts';
import type { ApiResponse } from './request.ts';

/** The body as JSON; undefined when it is something else. */
export function jsonBody({ body }: ApiResponse): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

/** The body when it is Kubernetes' own form of an error. */
export function statusBody(response: ApiResponse): RawObject | undefined {
  const body = jsonBody(response);
  return isObject(body) && textAt(body, 'kind') === 'Status' ? body : undefined;
}

/** Where a list whose page token has expired can go on, over objects as they are now. */
export function freshToken(response: ApiResponse): string | undefined {
  return nonEmpty(textAt(statusBody(response), 'metadata', 'continue'));
}

/** The API writes an empty token where there is none. */
export function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

/** How long the server asks to be left alone, in milliseconds; undefined when it says nothing. */
export function retryAfterMs(response: ApiResponse): number | undefined {
  const fromBody = at(statusBody(response), 'details', 'retryAfterSeconds');
  const seconds = Number(response.headers['retry-after'] ?? fromBody);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}
