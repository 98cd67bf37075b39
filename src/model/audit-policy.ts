import { at, isObject, listAt, objectsAt, textAt, textsAt, type RawObject, type Step } from './raw.ts';

export type AuditLevel = 'None' | 'Metadata' | 'Request' | 'RequestResponse';
const LEVELS: readonly string[] = ['None', 'Metadata', 'Request', 'RequestResponse'];

/** A request that anybody may make, as far as rules look at it. */
export interface AuditedRequest {
  readonly verb: string;
  /** Absent for the core API group. */
  readonly group?: string;
  /** With its subresource: `pods/exec`. */
  readonly resource: string;
}

/** What a policy does with a request. */
export interface AuditOutcome {
  readonly level: AuditLevel;
  readonly omitted: ReadonlySet<string>;
  /** From the root of the policy to the rule; to `rules` where none matches. */
  readonly path: readonly Step[];
}

/** Groups that everybody who asks is in. */
const EVERYBODY: ReadonlySet<string> = new Set(['system:authenticated']);

/** What becomes of a request: the first rule that matches decides, and without one nothing is logged. Rules for some people or namespaces are passed over. */
export function auditOutcome(policy: RawObject, request: AuditedRequest): AuditOutcome {
  const omittedByAll = textsAt(policy, 'omitStages');
  for (const [index, rule] of objectsAt(policy, 'rules')) {
    if (!matches(rule, request)) continue;
    return { level: levelOf(rule), omitted: new Set([...omittedByAll, ...textsAt(rule, 'omitStages')]), path: ['rules', index] };
  }
  return { level: 'None', omitted: new Set(omittedByAll), path: ['rules'] };
}

function levelOf(rule: RawObject): AuditLevel {
  const level = textAt(rule, 'level') ?? '';
  return LEVELS.includes(level) ? (level as AuditLevel) : 'None';
}

function matches(rule: RawObject, request: AuditedRequest): boolean {
  const groups = textsAt(rule, 'userGroups');
  const isForSome = listAt(rule, 'users').length > 0 || (groups.length > 0 && !groups.some((group) => EVERYBODY.has(group))) || listAt(rule, 'namespaces').length > 0;
  if (isForSome) return false;
  const { verb } = request;
  const verbs = textsAt(rule, 'verbs');
  if (verbs.length > 0 && !verbs.includes(verb) && !verbs.includes('*')) return false;
  const resources = listAt(rule, 'resources');
  if (resources.length === 0) return listAt(rule, 'nonResourceURLs').length === 0;
  return resources.some((entry) => isObject(entry) && covers(entry, request));
}

/** Without resources it is the whole group; `pods` is without subresources, `pods/*` those alone, `*` everything. */
function covers(entry: RawObject, { group = '', resource }: AuditedRequest): boolean {
  if ((textAt(entry, 'group') ?? '') !== group || listAt(entry, 'resourceNames').length > 0) return false;
  if (at(entry, 'resources') === undefined || listAt(entry, 'resources').length === 0) return true;
  const [name = '', subresource] = resource.split('/');
  return textsAt(entry, 'resources').some(
    (pattern) => pattern === '*' || pattern === resource || (subresource !== undefined && (pattern === `${name}/*` || pattern === `*/${subresource}`)),
  );
}
