import { objectsAt, textAt, textMapAt, type RawObject } from '#src/model/raw.ts';
import { covers, rulesOf, type PolicyRule } from '#src/model/rbac-rule.ts';
import { subjectKey, subjectsOf, type RbacSubject } from '#src/model/rbac-subject.ts';
import { roleKey, type RoleKind } from '#src/model/rbac-table.ts';
import { INSTALLER_BINDINGS, INSTALLER_ROLES } from './installers.ts';
import { isProviderIdentity, isProviderNamespace, isProviderRbac } from './providers.ts';
import { SHIPPED_AGGREGATES, SHIPPED_BINDINGS, SHIPPED_ROLES, type ShippedBinding } from './shipped-rbac.ts';

const AGGREGATE_LABEL = /\/aggregate-to-(.+)$/;
const AUTOUPDATE = 'rbac.authorization.kubernetes.io/autoupdate';
const CONTROLLER = 'system:controller:';
/** Groups and users that anybody, or everybody with an account, belongs to; a provider has no reason to name them. */
const BROAD = /^system:(masters|authenticated|unauthenticated|anonymous|serviceaccounts\b.*)$/;

const roles = new Map<string, readonly PolicyRule[]>();
const bindings: ReadonlyMap<string, ShippedBinding> = new Map(Object.entries({ ...SHIPPED_BINDINGS, ...INSTALLER_BINDINGS }));

/** The rules of a role that Kubernetes or an installer ships, in all versions together; undefined for any other role. */
export function shippedRules(key: string): readonly PolicyRule[] | undefined {
  const known = roles.get(key);
  if (known !== undefined) return known;
  const texts = [SHIPPED_ROLES, INSTALLER_ROLES].find((table) => Object.hasOwn(table, key))?.[key];
  if (texts === undefined) return undefined;
  const rules = [...texts.map(parseRule), ...partsOf(key).flatMap((part) => shippedRules(part) ?? [])];
  roles.set(key, rules);
  return rules;
}

/**
 * Whether a rule of a role is as shipped.
 *
 * A default role may say less than is shipped, and keeps what older versions shipped. Roles that only the provider's or Kubernetes'
 * own name marks as theirs are taken for it: they give nothing to anybody until a binding names them, and bindings are not trusted so.
 */
export function shippedRuleTest(kind: RoleKind, object: RawObject): (rule: PolicyRule) => boolean {
  const name = textAt(object, 'metadata', 'name') ?? '';
  const key = roleKey(kind, name, textAt(object, 'metadata', 'namespace'));
  if (aggregatesAsShipped(key, object)) return () => true;
  const shipped = shippedRules(key);
  if (shipped !== undefined) return (rule) => covers(shipped, rule);
  const trusted = name.startsWith('system:') || isProviderRbac(name);
  return () => trusted;
}

/** The subjects of a binding, or those that are known of them, that it was not shipped with. */
export function addedSubjects(kind: 'RoleBinding' | 'ClusterRoleBinding', object: RawObject, subjects: readonly RbacSubject[] = subjectsOf(object)): readonly RbacSubject[] {
  const isShipped = shippedSubjectTest(kind, object);
  return subjects.filter((subject) => !isShipped(subject));
}

/** Whether nothing was added to a role, and upgrades may still mend it. */
export function isStockRole(kind: RoleKind, object: RawObject): boolean {
  const isShipped = shippedRuleTest(kind, object);
  return isKnownRole(kind, object) && mayBeMended(object) && rulesOf(object).every(([, rule]) => isShipped(rule));
}

export function isStockBinding(kind: 'RoleBinding' | 'ClusterRoleBinding', object: RawObject): boolean {
  const isKnown = bindings.has(bindingKey(kind, object)) || subjectsOf(object).length > 0;
  return isKnown && mayBeMended(object) && addedSubjects(kind, object).length === 0;
}

/** A role without rules passes every test of its rules, whoever made it. */
function isKnownRole(kind: RoleKind, object: RawObject): boolean {
  const name = textAt(object, 'metadata', 'name') ?? '';
  return shippedRules(roleKey(kind, name, textAt(object, 'metadata', 'namespace'))) !== undefined || name.startsWith('system:') || isProviderRbac(name);
}

function mayBeMended(object: RawObject): boolean {
  return textMapAt(object, 'metadata', 'annotations').get(AUTOUPDATE) !== 'false';
}

/** Kubernetes fills such a role from others all the time, so that its rules are theirs and nobody's own. */
function aggregatesAsShipped(key: string, object: RawObject): boolean {
  const labels = Object.hasOwn(SHIPPED_AGGREGATES, key) ? SHIPPED_AGGREGATES[key] : undefined;
  const selectors = objectsAt(object, 'aggregationRule', 'clusterRoleSelectors');
  return (
    labels !== undefined &&
    selectors.length > 0 &&
    selectors.every(
      ([, selector]) => objectsAt(selector, 'matchExpressions').length === 0 && [...textMapAt(selector, 'matchLabels').keys()].some((label) => labels.includes(label)),
    )
  );
}

function shippedSubjectTest(kind: 'RoleBinding' | 'ClusterRoleBinding', object: RawObject): (subject: RbacSubject) => boolean {
  const name = textAt(object, 'metadata', 'name') ?? '';
  const home = textAt(object, 'metadata', 'namespace');
  const roleKind = textAt(object, 'roleRef', 'kind') === 'Role' ? 'Role' : 'ClusterRole';
  const role = roleKey(roleKind, textAt(object, 'roleRef', 'name') ?? '', home);
  const shipped = bindings.get(bindingKey(kind, object));
  if (shipped !== undefined) return (subject) => shipped.role === role && shipped.subjects.includes(subjectKey(subject));
  if (name.startsWith(CONTROLLER) && role === `ClusterRole/${name}`) {
    return (subject) => subject.namespace === 'kube-system' && name === `${CONTROLLER}${subject.name}`;
  }
  return (subject) => isProvidersOwn(name, subject);
}

function isProvidersOwn(binding: string, { kind, name, namespace }: RbacSubject): boolean {
  if (kind === 'ServiceAccount') return isProviderNamespace(binding, namespace ?? '');
  if (name.startsWith('system:')) return isProviderRbac(binding) && !BROAD.test(name);
  return isProviderIdentity(binding, name);
}

function bindingKey(kind: string, object: RawObject): string {
  const namespace = textAt(object, 'metadata', 'namespace');
  const name = textAt(object, 'metadata', 'name') ?? '';
  return kind === 'ClusterRoleBinding' ? `${kind}/${name}` : `${kind}/${namespace ?? 'default'}/${name}`;
}

/** `admin` is filled from `edit`, and that from `view`, besides the roles that are named for it. */
function partsOf(key: string): readonly string[] {
  const labels = Object.hasOwn(SHIPPED_AGGREGATES, key) ? (SHIPPED_AGGREGATES[key] ?? []) : [];
  const wider: Readonly<Record<string, string>> = { 'ClusterRole/admin': 'ClusterRole/edit', 'ClusterRole/edit': 'ClusterRole/view' };
  const parts = labels.map((label) => `ClusterRole/system:aggregate-to-${AGGREGATE_LABEL.exec(label)?.[1] ?? ''}`);
  return [...parts, ...(wider[key] === undefined ? [] : [wider[key]])];
}

function parseRule(text: string): PolicyRule {
  const [verbs = [], first = [], resources, names = []] = text.split('|').map((part) => part.split(','));
  if (resources === undefined) return { verbs, groups: undefined, resources: [], names: [], urls: first };
  return { verbs, groups: first, resources, names, urls: [] };
}
