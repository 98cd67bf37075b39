import { matchesPath, type PolicyRule } from './rules.ts';

/** Rules that the owner's rules do not cover, each for one verb and one resource or path. Empty when the owner may give them all. */
export function missingRules(owned: readonly PolicyRule[], wanted: readonly PolicyRule[]): readonly PolicyRule[] {
  return wanted.flatMap(singleRules).filter((rule) => !owned.some((own) => covers(own, rule)));
}

/** One line per resource, with its verbs together, as the refusal shows them. */
export function describeRules(rules: readonly PolicyRule[]): string {
  const merged = new Map<string, PolicyRule>();
  for (const rule of rules) {
    const key = JSON.stringify({ ...rule, verbs: [] });
    const known = merged.get(rule.nonResourceURLs.length > 0 ? `${key}${rule.verbs.join()}` : key);
    if (known === undefined) merged.set(rule.nonResourceURLs.length > 0 ? `${key}${rule.verbs.join()}` : key, rule);
    else merged.set(key, { ...known, verbs: [...known.verbs, ...rule.verbs] });
  }
  return [...merged.values()].map(describeRule).sort().join('\n');
}

function singleRules(rule: PolicyRule): readonly PolicyRule[] {
  const none: PolicyRule = { verbs: [], apiGroups: [], resources: [], resourceNames: [], nonResourceURLs: [] };
  const forResources = rule.apiGroups.flatMap((group) =>
    rule.resources.flatMap((resource) =>
      rule.verbs.flatMap((verb) => {
        const single = { ...none, apiGroups: [group], resources: [resource], verbs: [verb] };
        return rule.resourceNames.length === 0 ? [single] : rule.resourceNames.map((name) => ({ ...single, resourceNames: [name] }));
      }),
    ),
  );
  const forPaths = rule.nonResourceURLs.flatMap((path) => rule.verbs.map((verb) => ({ ...none, nonResourceURLs: [path], verbs: [verb] })));
  return [...forResources, ...forPaths];
}

function covers(own: PolicyRule, single: PolicyRule): boolean {
  if (!single.verbs.every((verb) => own.verbs.includes('*') || own.verbs.includes(verb))) return false;
  if (single.nonResourceURLs.length > 0) return single.nonResourceURLs.every((path) => own.nonResourceURLs.some((pattern) => matchesPath(pattern, path)));
  if (!single.apiGroups.every((group) => own.apiGroups.includes('*') || own.apiGroups.includes(group))) return false;
  if (!single.resources.every((resource) => coversResource(own.resources, resource))) return false;
  if (own.resourceNames.length === 0) return true;
  return single.resourceNames.length > 0 && single.resourceNames.every((name) => own.resourceNames.includes(name));
}

function coversResource(owned: readonly string[], resource: string): boolean {
  const subresource = resource.split('/')[1];
  return owned.includes('*') || owned.includes(resource) || (subresource !== undefined && owned.includes(`*/${subresource}`));
}

function describeRule(rule: PolicyRule): string {
  const parts = [
    ['APIGroups', rule.apiGroups],
    ['Resources', rule.resources],
    ['NonResourceURLs', rule.nonResourceURLs],
    ['ResourceNames', rule.resourceNames],
    ['Verbs', rule.verbs],
  ] as const;
  return `{${parts.flatMap(([name, values]) => (values.length === 0 ? [] : `${name}:[${values.map((value) => JSON.stringify(value)).join(' ')}]`)).join(', ')}}`;
}
