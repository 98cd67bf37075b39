import { knownObjectsAt, textsAt, unknownLast, type RawObject } from './raw.ts';

/** One rule of a Role or ClusterRole, as the API server reads it. */
export interface PolicyRule {
  readonly verbs: readonly string[];
  /** Undefined where a file leaves them out, which the API server would not accept: any group. */
  readonly groups: readonly string[] | undefined;
  /** With subresources, such as `pods/exec`. */
  readonly resources: readonly string[];
  /** `resourceNames`; empty means all of them. */
  readonly names: readonly string[];
  /** `nonResourceURLs`. */
  readonly urls: readonly string[];
}

/** The rules of a Role or ClusterRole with their indexes; an entry of another type is left out. */
export function rulesOf(role: RawObject): readonly (readonly [index: number, rule: PolicyRule])[] {
  return [...eachRule(role)];
}

/** The same one after the other. That one is not known is only met when the known ones have gone by. */
export function eachRule(role: RawObject): Iterable<readonly [index: number, rule: PolicyRule]> {
  return unknownLast(knownObjectsAt(role, 'rules'), function* ([index, rule]) {
    const groups = textsAt(rule, 'apiGroups');
    yield [
      index,
      {
        verbs: textsAt(rule, 'verbs'),
        groups: groups.length > 0 ? groups : undefined,
        resources: textsAt(rule, 'resources'),
        names: textsAt(rule, 'resourceNames'),
        urls: textsAt(rule, 'nonResourceURLs'),
      },
    ];
  });
}

/** Same text for rules that say the same in the same order. */
export function ruleKey({ verbs, groups, resources, names, urls }: PolicyRule): string {
  return JSON.stringify([verbs, groups ?? null, resources, names, urls]);
}

/** The same for people: `verbs get, list; resources deployments; groups apps`. Still another text for every other rule. */
export function ruleWords({ verbs, groups = [], resources, names, urls }: PolicyRule): string {
  const parts: readonly (readonly [string, readonly string[]])[] = [['verbs', verbs], ['resources', resources], ['groups', groups], ['names', names], ['URLs', urls]];
  const word = (text: string): string => (/^[\w.*/:-]+$/.test(text) ? text : JSON.stringify(text));
  return parts.filter(([, texts]) => texts.length > 0).map(([what, texts]) => `${what} ${texts.map(word).join(', ')}`).join('; ');
}

export function allowsVerb(rule: PolicyRule, verb: string): boolean {
  return rule.verbs.includes(verb) || rule.verbs.includes('*');
}

export function allowsGroup(rule: PolicyRule, group: string): boolean {
  return rule.groups === undefined || rule.groups.includes(group) || rule.groups.includes('*');
}

/** `*` stands for every resource and subresource, and `*` before `/scale` for every resource with it; `pods/*` is a name like any other. */
export function allowsResource(rule: PolicyRule, resource: string): boolean {
  if (rule.resources.includes(resource) || rule.resources.includes('*')) return true;
  const slash = resource.indexOf('/');
  return slash !== -1 && rule.resources.includes(`*${resource.slice(slash)}`);
}

/** A URL that ends with `*` stands for all that begin like it, however many there are. */
export function allowsUrl(rule: PolicyRule, url: string): boolean {
  return rule.urls.some((allowed) => allowed === url || (allowed.endsWith('*') && url.startsWith(allowed.replace(/\*+$/, ''))));
}

/** Whether everything a rule grants is granted by the others too. */
export function covers(granted: readonly PolicyRule[], { verbs, groups, resources, names, urls }: PolicyRule): boolean {
  return verbs.every((verb) => {
    const candidates = granted.filter((rule) => allowsVerb(rule, verb));
    const coversUrls = urls.every((url) => candidates.some((rule) => allowsUrl(rule, url)));
    return coversUrls && resources.every((resource) => coversResource(candidates, groups, resource, names));
  });
}

function coversResource(granted: readonly PolicyRule[], groups: readonly string[] | undefined, resource: string, names: readonly string[]): boolean {
  return (groups ?? ['*']).every((group) => {
    const candidates = granted.filter((rule) => allowsGroup(rule, group) && allowsResource(rule, resource));
    if (names.length === 0) return candidates.some((rule) => rule.names.length === 0);
    return names.every((name) => candidates.some((rule) => rule.names.length === 0 || rule.names.includes(name)));
  });
}
