import { givenAt, labelledAt, ruledAt } from '#src/model/binding-age.ts';
import { defineFacts, type Subject } from '#src/model/check.ts';
import { parseLabelSelector } from '#src/model/label-selector.ts';
import { knownPart, objectsAt, textAt, textMapAt, type RawObject } from '#src/model/raw.ts';
import { rightsOf } from '#src/model/rbac-rights.ts';
import { eachRule, ruleKey, type PolicyRule } from '#src/model/rbac-rule.ts';
import { eachSubject } from '#src/model/rbac-subject.ts';
import { rbacTable, roleKey, type Binding, type CollectedRole, type RoleKind, type RoleRule, type SharedRule } from '#src/model/rbac-table.ts';
import { addedSubjects, shippedRules, shippedRuleTest } from '#src/stock/rbac.ts';

interface Collected {
  readonly roles: Map<string, CollectedRole>;
  readonly bindings: Binding[];
  /** Charts install the same rules in many namespaces; each is kept and worked out once. */
  readonly rules: Map<string, SharedRule>;
}

const NO_LABELS: ReadonlyMap<string, string> = new Map();

/** Who may do what in the cluster. Every check and command that asks about rights reads this table. */
export const rbac = defineFacts({
  name: 'rbac',
  reads: ['Role', 'ClusterRole', 'RoleBinding', 'ClusterRoleBinding'],
  keeps: 'each distinct rule once, the rules of each role, and the subjects of each binding',
  start: (): Collected => ({ roles: new Map(), bindings: [], rules: new Map() }),
  add(state, object, subject) {
    const { kind } = subject.ref;
    if (kind === 'Role' || kind === 'ClusterRole') addRole(state, kind, object, subject);
    if (kind === 'RoleBinding' || kind === 'ClusterRoleBinding') addBinding(state, kind, object, subject);
  },
  finish: ({ roles, bindings, rules }) => rbacTable(roles, bindings, (key) => shippedRules(key)?.map((rule) => share(rules, rule))),
});

function addRole(state: Collected, kind: RoleKind, object: RawObject, subject: Subject): void {
  const isShipped = shippedRuleTest(kind, object);
  const { known, unknown } = knownPart(eachRule(object));
  const all = known.map(([index, rule]): RoleRule => [index, share(state.rules, rule)]);
  const isWide = kind === 'ClusterRole';
  state.roles.set(roleKey(kind, subject.ref.name, subject.ref.namespace), {
    kind,
    object: subject,
    own: all.filter(([, { rule }]) => !isShipped(rule)),
    shipped: all.filter(([, { rule }]) => isShipped(rule)),
    labels: isWide ? textMapAt(object, 'metadata', 'labels') : NO_LABELS,
    ruledAt: ruledAt(object),
    labelledAt: isWide ? labelledAt(object) : undefined,
    selectors: isWide ? objectsAt(object, 'aggregationRule', 'clusterRoleSelectors').map(([, selector]) => parseLabelSelector(selector)) : [],
  });
  // What is known of it counts all the same.
  if (unknown !== undefined) throw unknown;
}

function addBinding(state: Collected, kind: 'RoleBinding' | 'ClusterRoleBinding', object: RawObject, subject: Subject): void {
  const name = textAt(object, 'roleRef', 'name') ?? '';
  const { known, unknown } = knownPart(eachSubject(object));
  const roleKind = textAt(object, 'roleRef', 'kind') === 'Role' ? 'Role' : 'ClusterRole';
  state.bindings.push({
    object: subject,
    role: { kind: roleKind, name, key: roleKey(roleKind, name, subject.ref.namespace) },
    namespace: kind === 'ClusterRoleBinding' ? undefined : (subject.ref.namespace ?? 'default'),
    subjects: known,
    added: addedSubjects(kind, object, known),
    bootstrap: textMapAt(object, 'metadata', 'labels').get('kubernetes.io/bootstrapping') === 'rbac-defaults',
    givenAt: givenAt(object),
  });
  if (unknown !== undefined) throw unknown;
}

function share(rules: Map<string, SharedRule>, rule: PolicyRule): SharedRule {
  const key = ruleKey(rule);
  const known = rules.get(key);
  if (known !== undefined) return known;
  const shared: SharedRule = { rule, rights: rightsOf(rule) };
  rules.set(key, shared);
  return shared;
}
