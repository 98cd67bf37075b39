import { bodyOf, type AuditEvent, type AuditTarget } from './audit-event.ts';
import type { Undecided } from './check.ts';
import { qualifiedName, type ObjectRef } from './finding.ts';
import { KINDS, WORKLOAD_KINDS, type Kind, type KindInfo } from './kinds.ts';
import { textAt, type RawObject } from './raw.ts';
import { RBAC_RESOURCES, resourceIndex } from './rbac-resources.ts';
import { podOf, type PodView } from './workload.ts';

const KIND_OF_RESOURCE: ReadonlyMap<string, string> = new Map([
  ...(Object.entries(KINDS) as [Kind, KindInfo][]).map(([kind, info]) => [info.resource, info.kind ?? kind] as const),
  ...WORKLOAD_KINDS.map((kind) => [KINDS[kind].resource, kind] as const),
  ['mutatingwebhookconfigurations', 'MutatingWebhookConfiguration'],
  ['validatingwebhookconfigurations', 'ValidatingWebhookConfiguration'],
  ['mutatingadmissionpolicies', 'MutatingAdmissionPolicy'],
  ['mutatingadmissionpolicybindings', 'MutatingAdmissionPolicyBinding'],
]);

/** Resources with a pod template, by which pods come into being. */
export const POD_RESOURCES: readonly string[] = WORKLOAD_KINDS.map((kind) => KINDS[kind].resource);

/** Groups that older versions served some resources from. */
const FORMER_GROUPS = ['', 'extensions'];

/** Whether a resource is Kubernetes' own, and not one of the same name that somebody else defined. Logs may leave out the group. */
export function isOfKubernetes({ group, resource }: AuditTarget): boolean {
  const index = resourceIndex(resource);
  return index === undefined || FORMER_GROUPS.includes(group) || RBAC_RESOURCES[index]?.groups.includes(group) === true;
}

/** The object of a request; undefined where it has none. What the server names itself is named by its answer, or by what its name begins with. */
export function auditObject({ target, request, response }: AuditEvent): ObjectRef | undefined {
  if (target === undefined) return undefined;
  const { resource, namespace, name } = target;
  const apiVersion = apiVersionOf(target);
  return {
    ...(apiVersion !== undefined && { apiVersion }),
    kind: kindOf(target),
    ...(namespace !== undefined && { namespace }),
    name: name ?? (resource.includes('/') ? undefined : (textAt(response, 'metadata', 'name') ?? textAt(request, 'metadata', 'name') ?? textAt(request, 'metadata', 'generateName'))) ?? '',
  };
}

/** `shop/api-0` for a message, or what kind of thing it is where it has no name. */
export function objectName(event: AuditEvent): string {
  const object = auditObject(event);
  // A query may hold what nobody should read.
  if (object === undefined) return event.uri?.split('?')[0] ?? 'the API server';
  return object.name === '' ? `${object.kind}${object.namespace === undefined ? '' : ` in ${object.namespace}`}` : qualifiedName(object);
}

/** Who did it, for the beginning of a message. */
export function userName({ user, impersonator }: AuditEvent): string {
  const name = user.name === '' ? 'Somebody' : user.name;
  return impersonator === undefined ? name : `${impersonator.name === '' ? 'Somebody' : impersonator.name} as ${name}`;
}

/** A kind that is not known here is called by its resource. */
function kindOf({ resource }: AuditTarget): string {
  const [plural = ''] = resource.split('/');
  return KIND_OF_RESOURCE.get(plural) ?? plural;
}

function apiVersionOf({ group, version }: AuditTarget): string | undefined {
  return version === undefined ? undefined : group === '' ? version : `${group}/${version}`;
}

export type Logged<T> = { readonly body: T } | Undecided;

/** The object that a request leaves behind, as far as it was logged. */
export function loggedBody(event: AuditEvent): Logged<RawObject> {
  const { target } = event;
  if (target === undefined) return { undecided: NOT_LOGGED };
  const kind = kindOf(target);
  const known = (Object.entries(KINDS) as [Kind, KindInfo][]).find(([name, info]) => (info.kind ?? name) === kind && info.resource === target.resource);
  const group = known?.[1].groups[0] ?? target.group;
  const body = bodyOf(event, kind, apiVersionOf(target) ?? (group === '' ? 'v1' : `${group}/v1`));
  if (body === 'not-logged') return { undecided: NOT_LOGGED };
  return body === 'only-patch' ? { undecided: 'only the patch was logged, not what it left behind' } : { body };
}

const NOT_LOGGED = 'body not logged';

/** The pod template that a request leaves behind. */
export function loggedPod(event: AuditEvent): Logged<PodView> {
  const logged = loggedBody(event);
  if ('undecided' in logged) return logged;
  const pod = podOf(logged.body);
  return pod === undefined ? { undecided: 'the logged body has no pod template' } : { body: pod };
}
