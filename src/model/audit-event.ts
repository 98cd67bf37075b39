import { isObject, textAt, type RawObject } from './raw.ts';

/** What a request was about, as RBAC names it. */
export interface AuditTarget {
  /** '' is the core group. */
  readonly group: string;
  readonly version: string | undefined;
  /** With the subresource, such as `pods/exec`. */
  readonly resource: string;
  readonly namespace: string | undefined;
  /** Absent for lists, and for objects that the server is to name. */
  readonly name: string | undefined;
}

/** The binding by which RBAC allowed a request. */
export interface AllowingBinding {
  readonly kind: 'ClusterRoleBinding' | 'RoleBinding';
  readonly namespace?: string;
  readonly name: string;
  /** Kind and name of its role: `ClusterRole/edit`. */
  readonly role: string;
}

export interface AuditUser {
  readonly name: string;
  readonly groups: readonly string[];
  /** The pod that a ServiceAccount's token was made for; absent for tokens of no pod, and where a log leaves it out. */
  readonly pod?: string;
}

/** `refused`: not allowed, or not known (401, 403). `failed`: any other answer that is an error. */
export type AuditOutcome = 'allowed' | 'refused' | 'failed';

/**
 * One request to an API server, in one shape whatever log it came from.
 *
 * Everything in it but the server's own words (`decision`, `binding`, `code`, the pod of a token, the last address) may have been chosen by whoever made the
 * request, the user agent and the other addresses above all.
 */
export interface AuditEvent {
  /** Same for all stages of one request and for no other, whatever its client called it; absent where a log leaves it out. */
  readonly id: string | undefined;
  /** When the request came in, in milliseconds; absent where a log leaves it out. */
  readonly timeMs: number | undefined;
  /** The request is not finished: the first sign of a session. */
  readonly started: boolean;
  /** In lower case; '' where a log leaves it out. */
  readonly verb: string;
  /** Who acted: the impersonated one, where there is one. Its name is '' where a log leaves it out. */
  readonly user: AuditUser;
  /** Who asked to act as `user`. */
  readonly impersonator: AuditUser | undefined;
  /** As the server was told; only the last is its own observation. */
  readonly addresses: readonly string[];
  readonly userAgent: string | undefined;
  /** With the query. */
  readonly uri: string | undefined;
  readonly target: AuditTarget | undefined;
  /** HTTP status of the answer; absent where a log leaves it out. */
  readonly code: number | undefined;
  readonly outcome: AuditOutcome;
  readonly decision: 'allow' | 'forbid' | undefined;
  /** Names what gave the right to `user`. Of several bindings that give it, it is the one that the server came upon first. */
  readonly binding: AllowingBinding | undefined;
  readonly dryRun: boolean;
  readonly request: unknown;
  readonly response: unknown;
}

/** Requests that last: their beginning is the first sign of them. */
export const SESSION_RESOURCES: ReadonlySet<string> = new Set(['pods/exec', 'pods/attach', 'pods/portforward']);

const WRITES: ReadonlySet<string> = new Set(['create', 'update', 'patch', 'delete', 'deletecollection']);

export function isWrite({ verb }: Pick<AuditEvent, 'verb'>): boolean {
  return WRITES.has(verb);
}

/** Whoever really made the request, whomever they acted as. */
export function requesterOf({ user, impersonator }: Pick<AuditEvent, 'user' | 'impersonator'>): AuditUser {
  return impersonator ?? user;
}

/** The only address that the API server saw itself; absent where a log leaves it out. */
export function addressOf({ addresses }: Pick<AuditEvent, 'addresses'>): string | undefined {
  return addresses.at(-1);
}

/** What was logged of the object that a request creates or changes. */
export type LoggedBody = RawObject | 'not-logged' | 'only-patch';

/**
 * The object that a create, update or patch leaves behind, with `kind` and `apiVersion` filled in where the log has none.
 *
 * A patch says only what it changes, so for one the answer of the server is taken, and without it a merge patch as far as it goes.
 */
export function bodyOf({ verb, request, response, target }: AuditEvent, kind: string, apiVersion: string): LoggedBody {
  const answer = isObject(response) && !isStatus(response) ? response : undefined;
  const asked = isObject(request) ? request : undefined;
  const body = verb === 'patch' ? (answer ?? asked) : (asked ?? answer);
  if (body === undefined) return Array.isArray(request) && target !== undefined ? 'only-patch' : 'not-logged';
  return textAt(body, 'kind') === kind && textAt(body, 'apiVersion') !== undefined ? body : { ...body, kind, apiVersion };
}

function isStatus(response: RawObject): boolean {
  return textAt(response, 'kind') === 'Status' || typeof response.status === 'string';
}
