import type { AuditEvent } from '#src/model/audit-event.ts';
import { loggedBody } from '#src/model/audit-object.ts';
import { isBySystem } from '#src/model/principal.ts';
import { textAt, type RawObject } from '#src/model/raw.ts';
import { rulesOf, type PolicyRule } from '#src/model/rbac-rule.ts';
import { subjectsOf } from '#src/model/rbac-subject.ts';
import { isByApiServer } from './requests.ts';

export const ROLE_RESOURCES = ['roles', 'clusterroles'];
export const BINDING_RESOURCES = ['rolebindings', 'clusterrolebindings'];
/** What may give somebody more rights. */
export const GIVING_VERBS = ['create', 'update', 'patch'];

const ALL_POWERFUL = ['cluster-admin', 'system:kube-controller-manager', 'system:kube-scheduler'];
const MASTERS = 'system:masters';
/** The server and its add-ons write these themselves. */
const OWN_ROLES: ReadonlySet<string> = new Set(['system:coredns', 'system:managed-certificate-controller']);

/** What a binding gives that makes its subjects administrators; undefined where it does not. */
export function powerGiven(binding: RawObject, clusterWide: boolean): string | undefined {
  const role = textAt(binding, 'roleRef', 'name') ?? '';
  if (ALL_POWERFUL.includes(role) || (clusterWide && role === 'admin')) return role;
  return subjectsOf(binding).some(({ kind, name }) => kind === 'Group' && name === MASTERS) ? MASTERS : undefined;
}

const WRITES = ['create', 'update', 'patch', 'delete', 'deletecollection'];
const READS = ['get', 'list', 'watch', '*'];

/** What is risky in a rule, from worst to mildest. What a wildcard gives besides is not told apart. */
const RISKS: readonly (readonly [item: RoleRisk, is: (rule: PolicyRule) => boolean])[] = [
  ['wildcard', ({ verbs, resources }) => verbs.includes('*') || resources.includes('*')],
  ['escalate', ({ verbs }) => verbs.includes('escalate') || verbs.includes('bind')],
  ['impersonate', ({ verbs }) => verbs.includes('impersonate')],
  ['node-proxy', (rule) => namesResource(rule, 'nodes/proxy')],
  ['pod-exec', (rule) => namesResource(rule, 'pods/exec') && hasVerb(rule, ['create', 'get', '*'])],
  ['secrets', (rule) => namesResource(rule, 'secrets') && hasVerb(rule, READS)],
  ['write', (rule) => hasVerb(rule, WRITES)],
];

export type RoleRisk = 'wildcard' | 'pod-exec' | 'node-proxy' | 'escalate' | 'impersonate' | 'secrets' | 'write';

/** The risks that a role brings. */
export function risksOf(role: RawObject): readonly RoleRisk[] {
  const rules = rulesOf(role).map(([, rule]) => rule);
  return RISKS.filter(([, is]) => rules.some(is)).map(([item]) => item);
}

function namesResource({ resources }: PolicyRule, resource: string): boolean {
  const slash = resource.indexOf('/');
  return resources.includes(resource) || (slash !== -1 && resources.includes(`*${resource.slice(slash)}`));
}

function hasVerb({ verbs }: PolicyRule, wanted: readonly string[]): boolean {
  return verbs.some((verb) => wanted.includes(verb));
}

/** Whether somebody changed a role that Kubernetes or the provider depends on. */
export function changesSystemRole(event: AuditEvent): boolean {
  const { verb, target } = event;
  const name = target?.name ?? '';
  const isRole = ROLE_RESOURCES.includes(target?.resource ?? '');
  return isRole && ['update', 'patch', 'delete'].includes(verb) && /^(?:system|eks):/.test(name) && !OWN_ROLES.has(name) && !isByApiServer(event);
}

/** Whether another detection already tells about a change of roles or bindings. */
export function isToldElsewhere(event: AuditEvent): boolean {
  if (changesSystemRole(event)) return true;
  const logged = loggedBody(event);
  if (!GIVING_VERBS.includes(event.verb) || 'undecided' in logged) return false;
  const { resource = '' } = event.target ?? {};
  if (ROLE_RESOURCES.includes(resource)) return !isBySystem(event) && risksOf(logged.body).length > 0;
  return powerGiven(logged.body, resource === 'clusterrolebindings') !== undefined;
}
