import { objectsAt, textAt, textsAt, type RawObject } from '#src/model/raw.ts';

export interface PolicyRule {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames: readonly string[];
  readonly nonResourceURLs: readonly string[];
}

/** One question to the authorizer. */
export interface Attributes {
  readonly verb: string;
  readonly isResource: boolean;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly name: string;
  readonly namespace: string;
  readonly path: string;
}

export function rulesOf(role: RawObject): readonly PolicyRule[] {
  return objectsAt(role, 'rules').map(([, rule]) => readRule(rule));
}

export function readRule(rule: RawObject): PolicyRule {
  return {
    verbs: textsAt(rule, 'verbs'),
    apiGroups: textsAt(rule, 'apiGroups'),
    resources: textsAt(rule, 'resources'),
    resourceNames: textsAt(rule, 'resourceNames'),
    nonResourceURLs: textsAt(rule, 'nonResourceURLs'),
  };
}

export function allows(rule: PolicyRule, attributes: Attributes): boolean {
  if (!has(rule.verbs, attributes.verb)) return false;
  if (!attributes.isResource) return rule.nonResourceURLs.some((pattern) => matchesPath(pattern, attributes.path));
  if (!has(rule.apiGroups, attributes.group)) return false;
  if (!matchesResource(rule.resources, attributes.resource, attributes.subresource)) return false;
  return rule.resourceNames.length === 0 || rule.resourceNames.includes(attributes.name);
}

export function matchesResource(resources: readonly string[], resource: string, subresource: string): boolean {
  const combined = subresource === '' ? resource : `${resource}/${subresource}`;
  return resources.some((rule) => rule === '*' || rule === combined || (subresource !== '' && rule === `*/${subresource}`));
}

export function matchesPath(pattern: string, path: string): boolean {
  if (pattern === '*' || pattern === path) return true;
  return pattern.endsWith('*') && path.startsWith(pattern.replace(/\*+$/, ''));
}

function has(list: readonly string[], value: string): boolean {
  return list.includes('*') || list.includes(value);
}

/** A binding's role, as its `roleRef` names it. */
export interface RoleRef {
  readonly kind: string;
  readonly name: string;
}

export function roleRefOf(binding: RawObject): RoleRef {
  return { kind: textAt(binding, 'roleRef', 'kind') ?? '', name: textAt(binding, 'roleRef', 'name') ?? '' };
}
