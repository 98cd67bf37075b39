import type { AllowingBinding, AuditEvent, AuditOutcome, AuditTarget, AuditUser } from '#src/model/audit-event.ts';
import { SESSION_RESOURCES } from '#src/model/audit-event.ts';
import { integerAt, objectAt, textAt, textsAt, type RawObject } from '#src/model/raw.ts';
import { timeOf } from '../time.ts';
import { isDryRun } from './dry-run.ts';

const REASON = /^RBAC: allowed by (ClusterRoleBinding|RoleBinding) "((?:[^"\\]|\\.)*)" of (ClusterRole|Role) "((?:[^"\\]|\\.)*)" to /;
const SUCCESS_BELOW = 400;
const REFUSALS: ReadonlySet<number> = new Set([401, 403]);

/** An event of `audit.k8s.io`, v1 or v1beta1; undefined for a stage that says nothing new. */
export function readNative(event: RawObject): AuditEvent | undefined {
  const target = targetOf(event);
  const stage = textAt(event, 'stage');
  const started = stage === 'ResponseStarted';
  // Watches start too, and only sessions are told about before their end.
  if (stage === 'RequestReceived' || (started && !SESSION_RESOURCES.has(target?.resource ?? ''))) return undefined;
  const impersonated = userOf(event, 'impersonatedUser');
  const user = userOf(event, 'user') ?? { name: '', groups: [] };
  const uri = textAt(event, 'requestURI');
  const decision = textAt(event, 'annotations', 'authorization.k8s.io/decision');
  const code = integerAt(event, 'responseStatus', 'code');
  const verb = (textAt(event, 'verb') ?? '').toLowerCase();
  const request = event.requestObject ?? undefined;
  return {
    id: identityOf(event, user, uri),
    timeMs: timeOf(textAt(event, 'requestReceivedTimestamp') ?? textAt(event, 'stageTimestamp') ?? textAt(event, 'timestamp')),
    started,
    verb,
    user: impersonated ?? user,
    impersonator: impersonated === undefined ? undefined : user,
    addresses: textsAt(event, 'sourceIPs'),
    userAgent: textAt(event, 'userAgent'),
    uri,
    target,
    code,
    outcome: outcomeOf(code, decision, textAt(event, 'responseStatus', 'status')),
    decision: decision === 'allow' || decision === 'forbid' ? decision : undefined,
    binding: bindingOf(textAt(event, 'annotations', 'authorization.k8s.io/reason')),
    dryRun: isDryRun({ verb, target, uri, request }),
    request,
    response: event.responseObject ?? undefined,
  };
}

/** A client may choose the auditID, that of another request too, so it alone tells no repeat. */
function identityOf(event: RawObject, user: AuditUser, uri: string | undefined): string | undefined {
  const id = textAt(event, 'auditID');
  return id === undefined ? undefined : [id, textAt(event, 'requestReceivedTimestamp'), textAt(event, 'verb'), user.name, uri].join('\n');
}

function userOf(event: RawObject, field: 'user' | 'impersonatedUser'): AuditUser | undefined {
  const user = objectAt(event, field);
  if (user === undefined) return undefined;
  const [pod] = textsAt(user, 'extra', 'authentication.kubernetes.io/pod-name');
  return { name: textAt(user, 'username') ?? '', groups: textsAt(user, 'groups'), ...(pod !== undefined && { pod }) };
}

function targetOf(event: RawObject): AuditTarget | undefined {
  const reference = objectAt(event, 'objectRef');
  const resource = textAt(reference, 'resource');
  if (resource === undefined) return undefined;
  const subresource = textAt(reference, 'subresource');
  // Older logs have group and version in one field.
  const [version, group = ''] = (textAt(reference, 'apiVersion') ?? '').split('/').toReversed();
  return {
    group: textAt(reference, 'apiGroup') ?? group,
    version: version === '' ? undefined : version,
    resource: subresource === undefined || subresource === '' ? resource : `${resource}/${subresource}`,
    namespace: filled(textAt(reference, 'namespace')),
    name: filled(textAt(reference, 'name')),
  };
}

function filled(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

/** An answer without a status counts as success, but for what the authorizer forbade. */
export function outcomeOf(code: number | undefined, decision: string | undefined, status?: string): AuditOutcome {
  if (code !== undefined) return code < SUCCESS_BELOW ? 'allowed' : REFUSALS.has(code) ? 'refused' : 'failed';
  if (decision === 'forbid') return 'refused';
  return status === 'Failure' ? 'failed' : 'allowed';
}

/** The binding that the authorizer names; undefined for other authorizers, and for members of `system:masters`, who need none. */
export function bindingOf(reason: string | undefined): AllowingBinding | undefined {
  const [, kind, binding, roleKind, role] = REASON.exec(reason ?? '') ?? [];
  if (kind === undefined || binding === undefined || roleKind === undefined || role === undefined) return undefined;
  const named = { role: `${roleKind}/${role}` };
  const slash = binding.lastIndexOf('/');
  if (kind === 'RoleBinding') return { kind, name: binding.slice(0, slash), namespace: binding.slice(slash + 1), ...named };
  return { kind: 'ClusterRoleBinding', name: binding, ...named };
}
