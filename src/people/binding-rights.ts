import type { RiskCheck } from '#src/checks/access/role-risk.ts';
import { check as corednsConfigMapWrite } from '#src/checks/access/coredns-configmap-write/check.ts';
import { check as csrApprove } from '#src/checks/access/csr-approve/check.ts';
import { check as escalateOrBind } from '#src/checks/access/escalate-or-bind/check.ts';
import { check as eventDelete } from '#src/checks/access/event-delete/check.ts';
import { check as impersonate } from '#src/checks/access/impersonate/check.ts';
import { check as nodesProxy } from '#src/checks/access/nodes-proxy/check.ts';
import { check as persistentVolumeCreate } from '#src/checks/access/persistent-volume-create/check.ts';
import { check as podCreate } from '#src/checks/access/pod-create/check.ts';
import { check as podExec } from '#src/checks/access/pod-exec/check.ts';
import { check as podPortForward } from '#src/checks/access/pod-port-forward/check.ts';
import { check as rbacWrite } from '#src/checks/access/rbac-write/check.ts';
import { check as secretsRead } from '#src/checks/access/secrets-read/check.ts';
import { check as secretsWrite } from '#src/checks/access/secrets-write/check.ts';
import { check as tokenCreate } from '#src/checks/access/token-create/check.ts';
import { check as webhookWrite } from '#src/checks/access/webhook-write/check.ts';
import { check as workloadWrite } from '#src/checks/access/workload-write/check.ts';
import { compareSeverity, SEVERITIES, type Severity } from '#src/model/finding.ts';
import { grantOf } from '#src/model/rbac-grant.ts';
import type { Holding } from '#src/model/rbac-holdings.ts';
import { RBAC_RESOURCES, resourceIndex } from '#src/model/rbac-resources.ts';
import { uniteRights } from '#src/model/rbac-rights.ts';
import { allowsGroup, allowsResource, allowsVerb, type PolicyRule } from '#src/model/rbac-rule.ts';
import type { Binding, RbacTable } from '#src/model/rbac-table.ts';
import type { KubernetesVersion } from '#src/model/version.ts';
import type { ResourceQuestion } from './who-can.ts';

/** What one binding lets each of its subjects do. */
export interface BindingRights {
  /** `cluster-admin in the whole cluster`, `ops in shop: may run commands in pods, read Secrets`. */
  readonly text: string;
  /** The smaller, the more dangerous. */
  readonly rank: number;
  /** Every verb on everything, in the whole cluster. */
  readonly isClusterAdmin: boolean;
  /** Undefined when it does nothing that a check warns of. */
  readonly severity: Severity | undefined;
  /** Questions that the API server answers with yes because of it, the most dangerous first. Fit for a proof that it is gone. */
  readonly questions: readonly ResourceQuestion[];
}

/** What checks of roles warn of: the tables of rights that they go by. */
const RISKS: readonly RiskCheck[] = [
  csrApprove, escalateOrBind, impersonate, nodesProxy, podCreate, podExec, rbacWrite, secretsRead, tokenCreate, webhookWrite,
  persistentVolumeCreate, podPortForward, secretsWrite, workloadWrite, corednsConfigMapWrite, eventDelete,
];
/** Roles that people know by their names. */
const KNOWN_ROLES: ReadonlySet<string> = new Set(['cluster-admin', 'admin', 'edit', 'view']);
const READING: ReadonlySet<string> = new Set(['get', 'list', 'watch']);
const NAMED_DANGERS = 3;
const EVERYTHING_RANK = 0;
/** It may be anything. */
const UNREAD_RANK = 50;
const HARMLESS_RANK = 100;

interface Danger {
  readonly may: string;
  readonly severity: Severity;
  readonly question: ResourceQuestion;
}

/** `sawRoles` says that all roles could be read, so that one that is missing does not exist. */
export function rightsOfBinding(binding: Binding, table: RbacTable, version: KubernetesVersion, sawRoles: boolean): BindingRights {
  const { namespace, role: { name } } = binding;
  const place = namespace === undefined ? 'in the whole cluster' : `in ${namespace}`;
  const role = table.roleOf(binding);
  if (role === undefined) {
    const [what, rank] = sawRoles ? ['does not exist', HARMLESS_RANK + 1] : ['could not be read', UNREAD_RANK];
    return { text: `${name} ${place}, a role that ${what}`, rank, isClusterAdmin: false, severity: undefined, questions: [] };
  }
  const rules = role.granted.map(({ rule }) => rule);
  const scope = namespace === undefined ? {} : { namespace };
  const narrower = namespace === undefined ? 0 : 1;
  if (rules.some(allowsEverything)) {
    const text = name === 'cluster-admin' ? `${name} ${place}` : `${name} ${place}: may do everything`;
    return { text, rank: EVERYTHING_RANK + narrower, isClusterAdmin: namespace === undefined, severity: 'critical', questions: [{ verb: '*', group: '*', resource: '*', ...scope }] };
  }
  const dangers = dangersOf(binding, table, version);
  const [worst] = dangers;
  return {
    text: `${name} ${place}${KNOWN_ROLES.has(name) ? '' : deedsOf(rules, dangers)}`,
    rank: worst === undefined ? HARMLESS_RANK : 2 + 2 * SEVERITIES.indexOf(worst.severity) + narrower,
    isClusterAdmin: false,
    severity: worst?.severity,
    questions: dangers.length > 0 ? dangers.map(({ question }) => question) : plainQuestions(rules, scope),
  };
}

function dangersOf(binding: Binding, table: RbacTable, version: KubernetesVersion): readonly Danger[] {
  const holding = holdingOf(binding, table);
  const found = RISKS.flatMap((risk): readonly Danger[] => {
    const grant = grantOf(risk, holding, table, version);
    if (grant === undefined || grant.reach === 'idle' || grant.reach === 'unbound') return [];
    const verb = risk.rights.filter(({ resources }) => resources.includes(grant.resource)).flatMap(({ verbs }) => verbs).find((candidate) => allowsVerb(grant.rule, candidate));
    if (verb === undefined) return [];
    const [resource = '', subresource] = grant.resource.split('/');
    const groups = RBAC_RESOURCES[resourceIndex(grant.resource) ?? -1]?.groups ?? [];
    const group = groups.find((candidate) => allowsGroup(grant.rule, candidate)) ?? '';
    const [name] = grant.rule.names;
    const question = { verb, group, resource, ...(subresource !== undefined && { subresource }), ...(binding.namespace !== undefined && { namespace: binding.namespace }), ...(name !== undefined && { name }) };
    return [{ may: risk.may, severity: grant.severity, question }];
  });
  return found.toSorted((a, b) => compareSeverity(a.severity, b.severity));
}

/** All that the role grants counts, also what Kubernetes ships: here somebody was given it. */
function holdingOf(binding: Binding, table: RbacTable): Holding {
  const granted = table.roleOf(binding)?.granted ?? [];
  return {
    object: binding.object,
    role: binding.role,
    rules: granted.map((shared, index) => [index, shared]),
    rights: {
      full: uniteRights(granted.map(({ rights }) => rights.full)),
      narrowed: uniteRights(granted.map(({ rights }) => rights.narrowed)),
      idle: uniteRights(granted.map(({ rights }) => rights.idle)),
    },
    bindings: [binding],
    subjects: binding.subjects,
    related: [],
  };
}

function allowsEverything(rule: PolicyRule): boolean {
  return rule.names.length === 0 && allowsVerb(rule, '*') && allowsResource(rule, '*') && allowsGroup(rule, '*');
}

function deedsOf(rules: readonly PolicyRule[], dangers: readonly Danger[]): string {
  if (dangers.length > 0) {
    const more = dangers.length - NAMED_DANGERS;
    return `: may ${dangers.slice(0, NAMED_DANGERS).map(({ may }) => may).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  }
  if (rules.length === 0) return ': may do nothing';
  return rules.every(({ verbs }) => verbs.every((verb) => READING.has(verb))) ? ': may only read' : '';
}

/** The first thing that a rule without any danger allows. */
function plainQuestions(rules: readonly PolicyRule[], scope: { readonly namespace?: string }): readonly ResourceQuestion[] {
  const rule = rules.find(({ verbs, resources }) => verbs.length > 0 && resources.length > 0);
  if (rule === undefined) return [];
  const [whole = ''] = rule.resources;
  const [resource = '', subresource] = whole.split('/');
  const [name] = rule.names;
  return [{ verb: rule.verbs[0] ?? '', group: rule.groups?.[0] ?? '', resource, ...(subresource !== undefined && { subresource }), ...scope, ...(name !== undefined && { name }) }];
}
