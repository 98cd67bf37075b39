import { RBAC_RESOURCES, resourceIndex, type RbacResource, type ResourceName } from './rbac-resources.ts';
import { allowsGroup, allowsResource, type PolicyRule } from './rbac-rule.ts';

/** The verbs that rights are worked out for; at most sixteen, one bit each. */
export const VERBS = [
  'get',
  'list',
  'watch',
  'create',
  'update',
  'patch',
  'delete',
  'deletecollection',
  'escalate',
  'bind',
  'impersonate',
  'approve',
  'sign',
  'attest',
] as const;
export type Verb = (typeof VERBS)[number];

/** What may be done, as one set of verbs for each entry of `RBAC_RESOURCES`. Several are united with `uniteRights`. */
export type Rights = Uint16Array;

/** What one rule lets its holder do. */
export interface RuleRights {
  /** With every object of the resource. */
  readonly full: Rights;
  /** With the objects that the rule names only. */
  readonly narrowed: Rights;
  /** Nothing, although it looks like it: `pods/*` is no wildcard in Kubernetes. */
  readonly idle: Rights;
}

/** Some verbs on some resources: whoever has one of the verbs on one of the resources has it. */
export interface Right {
  readonly verbs: readonly Verb[];
  readonly resources: readonly ResourceName[];
}

const BITS: ReadonlyMap<string, number> = new Map(VERBS.map((verb, index) => [verb, 1 << index]));
const ALL_VERBS = 2 ** VERBS.length - 1;
/** A request for them has no name yet that a rule could allow, unless it is for a subresource. */
const NAMELESS = verbSet(['create', 'deletecollection']);
const EXTRA = 'userextras';
const EVERY_RESOURCE: readonly (readonly [number, RbacResource])[] = [...RBAC_RESOURCES.entries()];
/** Shared by all that have none; never written to. */
const NONE: Rights = noRights();

export function noRights(): Rights {
  return new Uint16Array(RBAC_RESOURCES.length);
}

/** The bits of verbs; one that is not in `VERBS` has none. */
export function verbSet(verbs: readonly string[]): number {
  return verbs.reduce((set, verb) => set | (verb === '*' ? ALL_VERBS : (BITS.get(verb) ?? 0)), 0);
}

export function rightsOf(rule: PolicyRule): RuleRights {
  const isNamed = rule.names.length > 0;
  const rights: RuleRights = {
    full: isNamed ? NONE : noRights(),
    narrowed: isNamed ? noRights() : NONE,
    idle: rule.resources.some((resource) => resource.endsWith('/*')) ? noRights() : NONE,
  };
  const verbs = verbSet(rule.verbs);
  for (const [index, { name, groups }] of mentioned(rule)) {
    if (!groups.some((group) => allowsGroup(rule, group))) continue;
    if (!allows(rule, name)) {
      if (looksAllowed(rule, name)) rights.idle[index] = verbs;
    } else if (!isNamed) rights.full[index] = verbs;
    else rights.narrowed[index] = name.includes('/') ? verbs : verbs & ~NAMELESS;
  }
  return rights;
}

/** The resources that a rule can be about, with their indexes: those it names, or any when it names some by a pattern. */
function mentioned({ resources }: PolicyRule): readonly (readonly [index: number, resource: RbacResource])[] {
  if (resources.some((resource) => resource.includes('*') || resource.startsWith(`${EXTRA}/`))) return EVERY_RESOURCE;
  return resources.map((resource) => EVERY_RESOURCE[resourceIndex(resource) ?? -1]).filter((found) => found !== undefined);
}

/** Extra fields of a user are subresources of any name: `userextras/scopes`. */
function allows(rule: PolicyRule, resource: string): boolean {
  return allowsResource(rule, resource) || (resource === EXTRA && rule.resources.some((allowed) => allowed.startsWith(`${EXTRA}/`)));
}

function looksAllowed(rule: PolicyRule, resource: string): boolean {
  const slash = resource.indexOf('/');
  return slash !== -1 && rule.resources.includes(`${resource.slice(0, slash)}/*`);
}

/** What all of them allow together. It may be one of those given, so that it is not to be written to. */
export function uniteRights(all: readonly Rights[]): Rights {
  const some = all.filter((rights) => rights !== NONE);
  if (some.length <= 1) return some[0] ?? NONE;
  const united = noRights();
  // This runs for every role, so that it goes by index.
  for (const rights of some) for (let index = 0; index < rights.length; index += 1) united[index] = (united[index] ?? 0) | (rights[index] ?? 0);
  return united;
}

/** The resources of a right, those with the given rights only. */
export function held(rights: Rights, right: Right): readonly ResourceName[] {
  const verbs = verbSet(right.verbs);
  return right.resources.filter((name) => includes(rights, name, verbs));
}

export function has(rights: Rights, right: Right): boolean {
  return asks(right)(rights);
}

/** Whether rights include this one, for whoever asks that of many. */
export function asks(right: Right): (rights: Rights) => boolean {
  const verbs = verbSet(right.verbs);
  const indexes = right.resources.map((name) => resourceIndex(name) ?? -1);
  return (rights) => indexes.some((index) => ((rights[index] ?? 0) & verbs) !== 0);
}

function includes(rights: Rights, name: ResourceName, verbs: number): boolean {
  return ((rights[resourceIndex(name) ?? -1] ?? 0) & verbs) !== 0;
}
