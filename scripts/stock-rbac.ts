import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { isObject, objectsAt, textAt, textMapAt, type RawObject } from '#src/model/raw.ts';
import { covers, ruleKey, rulesOf, type PolicyRule } from '#src/model/rbac-rule.ts';

// Writes the roles and bindings that Kubernetes ships, united over versions, because a cluster keeps the rules of every version
// that it has been upgraded through. Needed once per Kubernetes version: `node --conditions=source scripts/stock-rbac.ts FOLDER…`,
// where each FOLDER is plugin/pkg/auth/authorizer/rbac/bootstrappolicy/testdata of one version of k8s.io/kubernetes.
// Versions below 1.16 are better left out: they gave away more than anybody should still have.
const folders = process.argv.slice(2);
if (folders.length === 0) throw new Error('usage: node --conditions=source scripts/stock-rbac.ts FOLDER…');

const TARGET = new URL('../src/stock/shipped-rbac.ts', import.meta.url);

interface ShippedRole {
  /** Labels of roles that it aggregates. */
  aggregates: readonly string[];
  readonly rules: Map<string, PolicyRule>;
}

const roles = new Map<string, ShippedRole>();
const bindings = new Map<string, { readonly role: string; readonly subjects: Set<string> }>();

for (const folder of folders) for (const file of readdirSync(folder)) readList(parse(readFileSync(join(folder, file), 'utf8')));

function readList(list: unknown): void {
  if (!isObject(list)) throw new Error('not a list of objects');
  for (const [, object] of objectsAt(list, 'items')) {
    if (textAt(object, 'kind')?.endsWith('Binding')) takeBinding(object);
    else takeRole(object);
  }
}

function takeRole(object: RawObject): void {
  const role = roles.get(keyOf(object)) ?? { aggregates: [], rules: new Map<string, PolicyRule>() };
  role.aggregates = objectsAt(object, 'aggregationRule', 'clusterRoleSelectors').flatMap(([, selector]) => [...textMapAt(selector, 'matchLabels').keys()]);
  for (const [, rule] of rulesOf(object)) role.rules.set(ruleKey(rule), rule);
  roles.set(keyOf(object), role);
}

function takeBinding(object: RawObject): void {
  const [kind, namespace = ''] = keyOf(object).split('/');
  const roleKind = textAt(object, 'roleRef', 'kind') ?? '';
  const name = textAt(object, 'roleRef', 'name') ?? '';
  const role = roleKind === 'Role' && kind === 'RoleBinding' ? `Role/${namespace}/${name}` : `ClusterRole/${name}`;
  const binding = bindings.get(keyOf(object)) ?? { role, subjects: new Set<string>() };
  for (const [, subject] of objectsAt(object, 'subjects')) {
    binding.subjects.add([textAt(subject, 'kind'), textAt(subject, 'namespace'), textAt(subject, 'name')].filter((part) => part !== undefined).join('/'));
  }
  bindings.set(keyOf(object), binding);
}

function keyOf(object: RawObject): string {
  return [textAt(object, 'kind'), textAt(object, 'metadata', 'namespace'), textAt(object, 'metadata', 'name')].filter((part) => part !== undefined).join('/');
}

/** Without the rules that others of them include. */
function smallest(rules: readonly PolicyRule[]): readonly PolicyRule[] {
  return rules.reduce<readonly PolicyRule[]>((kept, rule) => {
    const others = kept.filter((other) => other !== rule);
    return covers(others, rule) ? others : kept;
  }, rules);
}

function ruleText({ verbs, groups, resources, names, urls }: PolicyRule): string {
  const [verbList, groupList, resourceList, nameList] = [verbs, groups ?? [], resources, names].map((list) => [...list].sort().join(','));
  if (urls.length > 0) return `${verbList}|${[...urls].sort().join(',')}`;
  return [verbList, groupList, resourceList, ...(names.length > 0 ? [nameList] : [])].join('|');
}

function entries(map: ReadonlyMap<string, string>): string {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => `  '${key}': ${value},`).join('\n');
}

function list(texts: readonly string[]): string {
  return texts.length === 0 ? '[]' : `[\n${texts.map((text) => `    '${text}',`).join('\n')}\n  ]`;
}

const roleEntries = new Map([...roles].map(([key, { rules }]) => [key, list(smallest([...rules.values()]).map(ruleText).sort())]));
const aggregating = new Map([...roles].filter(([, { aggregates }]) => aggregates.length > 0).map(([key, { aggregates }]) => [key, list(aggregates)]));
const bindingEntries = new Map([...bindings].map(([key, { role, subjects }]) => [key, `{ role: '${role}', subjects: [${[...subjects].sort().map((subject) => `'${subject}'`).join(', ')}] }`]));

writeFileSync(
  TARGET,
  `// Written by scripts/stock-rbac.ts from the Kubernetes source (Apache-2.0); do not edit.

/** A binding as \`Kind/name\` or \`Kind/namespace/name\` of its role and its subjects. */
export interface ShippedBinding {
  readonly role: string;
  readonly subjects: readonly string[];
}

/** Rules by role, as \`verbs|groups|resources|names\` or \`verbs|urls\`; names only where a rule has them. */
export const SHIPPED_ROLES: Readonly<Record<string, readonly string[]>> = {
${entries(roleEntries)}
};

/** ClusterRoles that are filled from others: the labels those have. */
export const SHIPPED_AGGREGATES: Readonly<Record<string, readonly string[]>> = {
${entries(aggregating)}
};

export const SHIPPED_BINDINGS: Readonly<Record<string, ShippedBinding>> = {
${entries(bindingEntries)}
};
`,
);
