import type { AuditEvent, AuditTarget } from '#src/model/audit-event.ts';
import { SESSION_RESOURCES } from '#src/model/audit-event.ts';
import { booleanAt, integerAt, objectAt, objectsAt, textAt, type RawObject } from '#src/model/raw.ts';
import { timeOf } from '../time.ts';
import { isDryRun } from './dry-run.ts';
import { bindingOf, outcomeOf } from './native.ts';

const VERSION = /^v\d+(?:(?:alpha|beta)\d+)?$/;
/** Codes of gRPC, as an API server would have answered. */
const HTTP_CODES: Readonly<Record<number, number>> = { 3: 400, 5: 404, 6: 409, 7: 403, 8: 429, 9: 409, 10: 409, 12: 501, 14: 503, 16: 401 };
const FORBIDDEN = 403;
const SERVER_ERROR = 500;

/** An entry of Google Cloud Logging about a request to the Kubernetes API; undefined for the end of a session whose beginning was told. */
export function readGke(entry: RawObject): AuditEvent | undefined {
  const payload = objectAt(entry, 'protoPayload') ?? {};
  const { target, verb } = readMethod(textAt(payload, 'methodName') ?? '', textAt(payload, 'resourceName') ?? '');
  const labels = objectAt(entry, 'labels');
  const code = codeOf(payload);
  const decision = textAt(labels, 'authorization.k8s.io/decision');
  const address = textAt(payload, 'requestMetadata', 'callerIp') ?? textAt(payload, 'requestMetadata', 'callerIP');
  return {
    id: identityOf(entry, payload),
    timeMs: timeOf(textAt(entry, 'timestamp')),
    started: booleanAt(entry, 'operation', 'first') === true && booleanAt(entry, 'operation', 'last') !== true && SESSION_RESOURCES.has(target?.resource ?? ''),
    verb,
    user: { name: textAt(payload, 'authenticationInfo', 'principalEmail') ?? '', groups: [] },
    impersonator: undefined,
    addresses: address === undefined ? [] : [address],
    userAgent: textAt(payload, 'requestMetadata', 'callerSuppliedUserAgent'),
    uri: undefined,
    target,
    code,
    outcome: outcomeOf(code, decision, textAt(payload, 'response', 'status')),
    decision: decision === 'forbid' ? 'forbid' : decision === 'allow' || isGranted(payload) ? 'allow' : undefined,
    binding: bindingOf(textAt(labels, 'authorization.k8s.io/reason')),
    dryRun: isDryRun({ verb, target, uri: undefined, request: payload.request }),
    request: payload.request ?? undefined,
    response: payload.response ?? undefined,
  };
}

/** A client may choose the id of its operation, that of another too, so it alone tells no repeat. */
function identityOf(entry: RawObject, payload: RawObject): string | undefined {
  const id = textAt(entry, 'operation', 'id') ?? textAt(entry, 'insertId');
  return id === undefined ? undefined : [id, textAt(payload, 'methodName'), textAt(payload, 'resourceName'), textAt(payload, 'authenticationInfo', 'principalEmail')].join('\n');
}

/** Undefined for success and where nothing is said. */
function codeOf(payload: RawObject): number | undefined {
  const status = integerAt(payload, 'status', 'code') ?? 0;
  if (status !== 0) return HTTP_CODES[status] ?? SERVER_ERROR;
  if (objectsAt(payload, 'authorizationInfo').some(([, info]) => booleanAt(info, 'granted') === false)) return FORBIDDEN;
  return textAt(payload, 'response', 'status') === 'Failure' ? integerAt(payload, 'response', 'code') : undefined;
}

function isGranted(payload: RawObject): boolean {
  const infos = objectsAt(payload, 'authorizationInfo');
  return infos.length > 0 && infos.every(([, info]) => booleanAt(info, 'granted') === true);
}

/** `io.k8s.core.v1.pods.exec.create` with `core/v1/namespaces/shop/pods/api-0/exec`. */
function readMethod(method: string, resourceName: string): { readonly verb: string; readonly target: AuditTarget | undefined } {
  const parts = method.split('.').slice(2);
  const versionAt = parts.findIndex((part) => VERSION.test(part));
  const verb = parts.at(-1) ?? '';
  const resources = versionAt === -1 ? [] : parts.slice(versionAt + 1, -1);
  const [resource] = resources;
  if (resource === undefined) return { verb, target: undefined };
  const { group, version, namespace, name } = readResourceName(resourceName, resource);
  return { verb, target: { group: group === 'core' ? '' : group, version: version ?? parts[versionAt], resource: resources.join('/'), namespace, name } };
}

/** A Namespace itself is in no namespace, though its name looks like it. */
function readResourceName(text: string, resource: string): { readonly group: string; readonly version: string | undefined; readonly namespace: string | undefined; readonly name: string | undefined } {
  const [group = '', version, ...path] = text.split('/');
  const [first, namespace, ...below] = path;
  const inNamespace = first === 'namespaces' && resource !== 'namespaces';
  const [, name] = inNamespace ? below : path;
  return { group, version, namespace: inNamespace ? namespace : undefined, name };
}
