import { ChangeFailed, type ChangeFault } from '#src/model/clusters.ts';
import { withoutSecrets } from '#src/model/error-text.ts';
import { objectsAt, textAt, type RawObject } from '#src/model/raw.ts';
import type { ApiResponse } from './request.ts';
import { statusBody } from './status.ts';

/** The whole of what the server says about a JSON patch that does not fit the object, a `test` that does not hold included. */
const PATCH_DOES_NOT_FIT = 'the server rejected our request due to an error in our request';
const NOT_HELD = 'attempting to grant RBAC permissions not currently held';
/** A 403 that is no matter of the bot's own rights. */
const ADMISSION = /denied (?:the )?request|exceeded quota|is being terminated|violates PodSecurity/;
const LONGEST_MESSAGE = 300;

/** What an answer that is no success means. `sent` is whether it answers a change that counts, not a question or a dry run. */
export function changeFailed(response: ApiResponse, sent: boolean): ChangeFailed {
  const { status } = response;
  const body = statusBody(response);
  if (status >= 500) return new ChangeFailed(sent ? 'unknown' : 'busy', withMessage(`the API server failed (${status})`, body));
  if (status === 429) return new ChangeFailed('busy', 'the API server is too busy (429)');
  if (status === 401) return new ChangeFailed('forbidden', 'the API server refuses the credentials of the bot');
  if (body === undefined) return notKubernetes(response, sent);
  if (status === 404 && textAt(body, 'details', 'name') === undefined) return notServed(status);
  const message = textAt(body, 'message') ?? '';
  if (message.includes(NOT_HELD)) return new ChangeFailed('may-not-bind', 'the bot may not change bindings to this role: it needs the right to `bind` it');
  return new ChangeFailed(faultOf(status, message, body), cleaned(message) || `the API server refused (${status})`);
}

/** An answer that does not come from an API server, or is none. */
export function notKubernetes({ status }: ApiResponse, sent: boolean): ChangeFailed {
  if (status === 404 || status === 405) return notServed(status);
  return new ChangeFailed(sent && status < 300 ? 'unknown' : 'busy', `the answer is not that of an API server (${status})`);
}

function notServed(status: number): ChangeFailed {
  return new ChangeFailed('refused', `the API server does not serve this kind (${status})`);
}

/** Whether there is no object of that name, as opposed to no such kind. */
export function saysNotFound(response: ApiResponse, name: string): boolean {
  const body = statusBody(response);
  return response.status === 404 && textAt(body, 'reason') === 'NotFound' && textAt(body, 'details', 'name') === name;
}

function faultOf(status: number, message: string, body: RawObject): ChangeFault {
  if (status === 409) return textAt(body, 'reason') === 'AlreadyExists' ? 'exists' : 'conflict';
  if (status === 404 || status === 410) return 'gone';
  if (status === 403) return ADMISSION.test(message) ? 'refused' : 'forbidden';
  const isTest = status === 422 && message === PATCH_DOES_NOT_FIT && objectsAt(body, 'details', 'causes').length === 0;
  return isTest ? 'conflict' : 'refused';
}

function withMessage(text: string, body: RawObject | undefined): string {
  const message = cleaned(textAt(body, 'message') ?? '');
  return message === '' ? text : `${text}: ${message}`;
}

/** One line, without addresses of servers, of a length that people read. */
function cleaned(message: string): string {
  const [line = ''] = message.split('\n', 1);
  const plain = withoutSecrets(line)
    .replaceAll(/\p{C}/gu, ' ')
    .replaceAll(/https?:\/\/[^\s"']+/g, '[address]')
    .replaceAll(/\[[0-9a-f:]+\]:\d+|\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/gi, '[address]')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replace(/[.:]$/, '');
  return plain.length > LONGEST_MESSAGE ? `${plain.slice(0, LONGEST_MESSAGE - 1).trimEnd()}…` : plain;
}
