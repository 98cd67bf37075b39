import type { RawObject } from '#src/model/raw.ts';
import { builtInGroupsOf, type RightsQuestion } from '#src/people/who-can.ts';

/** Numbers that are the same for the same seed. */
export type Random = (below: number) => number;

export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Somebody who asks, and what. */
export interface Asked {
  readonly user: string;
  readonly groups: readonly string[];
  readonly question: RightsQuestion;
}

const VERBS = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection', 'escalate', 'bind', 'impersonate', 'approve'];
const GROUPS = ['', 'apps', 'batch', 'rbac.authorization.k8s.io', 'example.com'];
const RESOURCES = ['pods', 'secrets', 'deployments', 'nodes', 'roles', 'users', 'widgets'];
const SUBRESOURCES = ['exec', 'log', 'scale', 'status'];
const NAMES = ['first', 'second', 'third'];
const URLS = ['/healthz', '/healthz/ready', '/metrics', '/metrics/slis', '/api', '/', '/logs/'];
const URL_RULES = [...URLS, '*', '/healthz/*', '/metrics*', '/logs/*', '/met**'];
const ROLES = ['reader', 'writer', 'runner', 'odd', 'missing'];
const PEOPLE = ['jo', 'kim', 'oidc:bob@corp.example', 'system:anonymous'];
const ACCOUNTS = ['web', 'worker'];
const TEAMS = ['dev', 'ops'];
const API = 'rbac.authorization.k8s.io';

export function rightsNamespaces(mark: string): readonly string[] {
  return ['alpha', 'beta', 'gamma'].map((name) => `${mark}-${name}`);
}

/** Names are marked, so that a cluster that is in use has none of them. */
export function rightsObjects(random: Random, mark: string): readonly RawObject[] {
  const roles = [undefined, ...rightsNamespaces(mark)].flatMap((namespace) => ROLES.slice(0, -1).map((name) => roleObject(`${mark}-${name}`, namespace, random)));
  const bindings = Array.from({ length: 80 }, (_, index) => bindingObject(`${mark}-${index}`, mark, random));
  return [...roles, ...bindings];
}

/** Questions of people, accounts and groups, with the groups that the API server would give them. */
export function askedAtRandom(random: Random, mark: string, count: number): readonly Asked[] {
  const namespaces = rightsNamespaces(mark);
  return Array.from({ length: count }, () => {
    const user = random(3) === 0 ? `system:serviceaccount:${pick(random, namespaces)}:${pick(random, ACCOUNTS)}` : pick(random, [...PEOPLE, 'stranger']);
    const groups = random(4) === 0 ? [] : [...builtInGroupsOf(user), ...some(random, TEAMS, 3), ...(random(40) === 0 ? ['system:masters'] : [])];
    return { user, groups, question: questionAtRandom(random, namespaces) };
  });
}

function questionAtRandom(random: Random, namespaces: readonly string[]): RightsQuestion {
  if (random(6) === 0) return { verb: pick(random, VERBS), url: pick(random, URLS) };
  return {
    verb: random(30) === 0 ? '*' : pick(random, VERBS),
    group: random(30) === 0 ? '*' : pick(random, GROUPS),
    resource: random(30) === 0 ? '*' : pick(random, RESOURCES),
    ...(random(3) === 0 && { subresource: pick(random, SUBRESOURCES) }),
    ...(random(3) > 0 && { namespace: pick(random, namespaces) }),
    ...(random(3) === 0 && { name: pick(random, NAMES) }),
  };
}

function roleObject(name: string, namespace: string | undefined, random: Random): RawObject {
  return {
    apiVersion: `${API}/v1`,
    kind: namespace === undefined ? 'ClusterRole' : 'Role',
    metadata: { name, ...(namespace !== undefined && { namespace }) },
    rules: Array.from({ length: 1 + random(3) }, () => ruleAtRandom(random, namespace === undefined)),
  };
}

function ruleAtRandom(random: Random, mayHaveUrls: boolean): RawObject {
  const verbs = random(8) === 0 ? ['*'] : atLeastOne(random, VERBS, 3);
  if (mayHaveUrls && random(3) === 0) return { verbs, nonResourceURLs: atLeastOne(random, URL_RULES, 2) };
  const wholes = [...RESOURCES, ...RESOURCES.flatMap((resource) => SUBRESOURCES.map((sub) => `${resource}/${sub}`)), '*/scale', '*/exec', 'pods/*'];
  return {
    verbs,
    apiGroups: random(6) === 0 ? ['*'] : atLeastOne(random, GROUPS, 2),
    resources: random(8) === 0 ? ['*'] : atLeastOne(random, wholes, 4),
    ...(random(4) === 0 && { resourceNames: atLeastOne(random, NAMES, 2) }),
  };
}

function bindingObject(name: string, mark: string, random: Random): RawObject {
  const namespaces = rightsNamespaces(mark);
  const namespace = random(3) === 0 ? undefined : pick(random, namespaces);
  const kind = namespace !== undefined && random(2) === 0 ? 'Role' : 'ClusterRole';
  return {
    apiVersion: `${API}/v1`,
    kind: namespace === undefined ? 'ClusterRoleBinding' : 'RoleBinding',
    metadata: { name, ...(namespace !== undefined && { namespace }) },
    roleRef: { apiGroup: API, kind, name: `${mark}-${pick(random, ROLES)}` },
    ...(random(10) > 0 && { subjects: Array.from({ length: 1 + random(2) }, () => subjectAtRandom(random, namespaces)) }),
  };
}

function subjectAtRandom(random: Random, namespaces: readonly string[]): RawObject {
  switch (random(4)) {
    case 0:
      return { kind: 'Group', apiGroup: API, name: pick(random, [...TEAMS, 'system:authenticated', 'system:unauthenticated', 'system:serviceaccounts', `system:serviceaccounts:${pick(random, namespaces)}`]) };
    case 1:
      return { kind: 'ServiceAccount', namespace: pick(random, namespaces), name: pick(random, ACCOUNTS) };
    case 2:
      return { kind: 'User', apiGroup: API, name: `system:serviceaccount:${pick(random, namespaces)}:${pick(random, ACCOUNTS)}` };
    default:
      return { kind: 'User', apiGroup: API, name: pick(random, PEOPLE) };
  }
}

function pick<T>(random: Random, from: readonly T[]): T {
  const found = from[random(from.length)];
  if (found === undefined) throw new Error('there is nothing to pick from');
  return found;
}

function some<T>(random: Random, from: readonly T[], oneIn: number): readonly T[] {
  return from.filter(() => random(oneIn) === 0);
}

function atLeastOne<T>(random: Random, from: readonly T[], most: number): readonly T[] {
  return [...new Set(Array.from({ length: 1 + random(most) }, () => pick(random, from)))];
}
