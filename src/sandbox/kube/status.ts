import type { RawObject } from '#src/model/raw.ts';

export interface Cause {
  readonly reason: string;
  readonly message: string;
  readonly field: string;
}

export interface Status {
  readonly kind: 'Status';
  readonly apiVersion: 'v1';
  readonly metadata: RawObject;
  readonly status: 'Success' | 'Failure';
  readonly message?: string;
  readonly reason?: string;
  readonly details?: RawObject;
  readonly code?: number;
}

/** Which objects an error is about. */
export interface GroupResource {
  readonly group: string;
  /** The plural resource name; the kind in errors about validity. */
  readonly resource: string;
}

/** An answer that is no success. `headers` go along with it. */
export class Failure extends Error {
  readonly status: Status;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: Status, headers: Readonly<Record<string, string>> = {}) {
    super(status.message);
    this.status = status;
    this.headers = headers;
  }
}

function failure(code: number, reason: string | undefined, message: string, details?: RawObject, metadata: RawObject = {}): Failure {
  return new Failure({
    kind: 'Status',
    apiVersion: 'v1',
    metadata,
    status: 'Failure',
    message,
    ...(reason !== undefined && { reason }),
    ...(details !== undefined && { details }),
    code,
  });
}

/** `deployments.apps`, `pods`. */
export function qualified({ group, resource }: GroupResource): string {
  return group === '' ? resource : `${resource}.${group}`;
}

function details({ group, resource }: GroupResource, name: string): RawObject {
  return { ...(name !== '' && { name }), ...(group !== '' && { group }), ...(resource !== '' && { kind: resource }) };
}

export function badRequest(message: string): Failure {
  return failure(400, 'BadRequest', message);
}

export function unauthorized(): Failure {
  return failure(401, 'Unauthorized', 'Unauthorized');
}

/** The request is not allowed; without a resource it is about a path. */
export function forbidden(target: GroupResource | undefined, name: string, why: string): Failure {
  if (target === undefined) return failure(403, 'Forbidden', `forbidden: ${why}`, {});
  const subject = name === '' ? qualified(target) : `${qualified(target)} ${JSON.stringify(name)}`;
  return failure(403, 'Forbidden', `${subject} is forbidden: ${why}`, details(target, name));
}

export function notFound(target: GroupResource, name: string): Failure {
  return failure(404, 'NotFound', `${qualified(target)} ${JSON.stringify(name)} not found`, details(target, name));
}

/** The path leads to no resource that is served. */
export function noSuchResource(): Failure {
  return failure(404, 'NotFound', 'the server could not find the requested resource', {});
}

export function methodNotAllowed(): Failure {
  return failure(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {});
}

export function notAcceptable(message: string, extra?: RawObject): Failure {
  return failure(406, 'NotAcceptable', message, extra);
}

export function alreadyExists(target: GroupResource, name: string): Failure {
  return failure(409, 'AlreadyExists', `${qualified(target)} ${JSON.stringify(name)} already exists`, details(target, name));
}

export function conflict(target: GroupResource, name: string, why: string): Failure {
  return failure(409, 'Conflict', `Operation cannot be fulfilled on ${qualified(target)} ${JSON.stringify(name)}: ${why}`, details(target, name));
}

export const MODIFIED = 'the object has been modified; please apply your changes to the latest version and try again';

/** Fields that other managers own, one cause per manager and field. */
export function applyConflict(message: string, causes: readonly Cause[]): Failure {
  return failure(409, 'Conflict', message, { causes });
}

/** The version asked for is no longer known. A continue token lets the caller go on with an inconsistent list. */
export function expired(message: string, continueToken?: string): Failure {
  return failure(410, 'Expired', message, undefined, continueToken === undefined ? {} : { continue: continueToken });
}

export function tooLarge(limitBytes: number): Failure {
  return failure(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${limitBytes}`);
}

export function tooManyOperations(limit: number, given: number): Failure {
  return failure(413, 'RequestEntityTooLarge', `The allowed maximum operations in a JSON patch is ${limit}, got ${given}`);
}

export function unsupportedMediaType(message: string, extra?: RawObject): Failure {
  return failure(415, 'UnsupportedMediaType', message, extra);
}

/** An object with values that its kind does not allow. */
export function invalid(target: GroupResource, name: string, causes: readonly Cause[]): Failure {
  const texts = [...new Set(causes.map((cause) => `${cause.field}: ${cause.message}`))];
  const all = texts.length === 1 ? (texts[0] ?? '') : `[${texts.join(', ')}]`;
  const subject = target.group === '' ? target.resource : `${target.resource}.${target.group}`;
  return failure(422, 'Invalid', `${subject} ${JSON.stringify(name)} is invalid: ${all}`, { ...details(target, name), causes });
}

/** A patch that leads to nothing sensible. */
export function rejected(): Failure {
  return failure(422, 'Invalid', 'the server rejected our request due to an error in our request', {});
}

export function tooManyRequests(retryAfterSeconds: number): Failure {
  const { status } = failure(429, 'TooManyRequests', 'too many requests, please try again later', { retryAfterSeconds });
  return new Failure(status, { 'retry-after': String(retryAfterSeconds) });
}

/** What a server in trouble, or something before it, answers with. */
export function injected(code: 401 | 429 | 500 | 503, retryAfterSeconds = 1): Failure {
  if (code === 401) return unauthorized();
  if (code === 429) return tooManyRequests(retryAfterSeconds);
  if (code === 500) return failure(500, 'InternalError', 'Internal error occurred: etcdserver: request timed out', { causes: [{ message: 'etcdserver: request timed out' }] });
  const { status } = failure(503, 'ServiceUnavailable', 'apiserver not ready', { retryAfterSeconds });
  return new Failure(status, { 'retry-after': String(retryAfterSeconds) });
}

/** Errors for which the real server has no better words. */
export function internal(message: string): Failure {
  return failure(500, undefined, message);
}

export function versionTooLarge(wanted: string, current: number): Failure {
  return failure(504, 'Timeout', `Timeout: Too large resource version: ${wanted}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });
}

export function success(details: RawObject): Status {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details };
}
