import { at, objectAt, objectsAt, textAt, textsAt, type RawObject } from '#src/model/raw.ts';
import { looksAtPrivileged, scopeOf, type NamespaceScope } from './scope.ts';

/** Kinds in a rule that stand for pods. */
const POD_KINDS: ReadonlySet<string> = new Set(['Pod', 'v1/Pod', '*/Pod', '*']);
/** Fields of a filter, and of its `resources`, that leave some pods of a namespace out. */
const WHO = ['subjects', 'roles', 'clusterRoles'];
const WHICH = ['name', 'names', 'selector', 'annotations'];

/** The namespaces in which a Kyverno ClusterPolicy or Policy refuses privileged pods; undefined when it does so nowhere. */
export function kyvernoScope(policy: RawObject): NamespaceScope | undefined {
  const scopes = objectsAt(policy, 'spec', 'rules').flatMap(([, rule]) => ruleScope(policy, rule) ?? []);
  return scopes.length === 0 ? undefined : (namespace) => scopes.some((holds) => holds(namespace));
}

function ruleScope(policy: RawObject, rule: RawObject): NamespaceScope | undefined {
  const validate = objectAt(rule, 'validate');
  if (validate === undefined || !refusesPrivileged(validate)) return undefined;
  const matched = filterScope(rule, 'match');
  const excluded = filterScope(rule, 'exclude');
  const enforced = enforcedScope(policy, validate);
  return (namespace) => matched(namespace) && !excluded(namespace) && enforced(namespace);
}

function refusesPrivileged(validate: RawObject): boolean {
  const podSecurity = objectAt(validate, 'podSecurity');
  if (podSecurity === undefined) return looksAtPrivileged({ ...validate, message: undefined });
  const level = textAt(podSecurity, 'level');
  const spared = objectsAt(podSecurity, 'exclude').some(([, entry]) => textAt(entry, 'controlName') === 'Privileged Containers');
  return (level === 'baseline' || level === 'restricted') && !spared;
}

/** `any`, `all` or the older form without either. */
function filterScope(rule: RawObject, side: 'match' | 'exclude'): NamespaceScope {
  const any = objectsAt(rule, side, 'any').map(([, filter]) => oneFilter(filter, side));
  if (any.length > 0) return (namespace) => any.some((holds) => holds(namespace));
  const all = objectsAt(rule, side, 'all').map(([, filter]) => oneFilter(filter, side));
  if (all.length > 0) return (namespace) => all.every((holds) => holds(namespace));
  return oneFilter(objectAt(rule, side) ?? {}, side);
}

/** A filter that takes only some pods of a namespace says nothing about the namespace: it neither guards nor spares it. */
function oneFilter(filter: RawObject, side: 'match' | 'exclude'): NamespaceScope {
  const resources = objectAt(filter, 'resources');
  const kinds = textsAt(resources, 'kinds');
  const ofPods = kinds.some((kind) => POD_KINDS.has(kind)) || (kinds.length === 0 && side === 'exclude');
  const narrowed = WHO.some((field) => at(filter, field) !== undefined) || WHICH.some((field) => at(resources, field) !== undefined);
  if (resources === undefined || !ofPods || narrowed) return () => false;
  return scopeOf(textsAt(resources, 'namespaces'), objectAt(resources, 'namespaceSelector'));
}

/** The first override that names the namespace decides, else the rule, else the policy; Kyverno only audits by default. */
function enforcedScope(policy: RawObject, validate: RawObject): NamespaceScope {
  const enforced = isEnforce(textAt(validate, 'failureAction') ?? textAt(policy, 'spec', 'validationFailureAction'));
  const overrides = [...objectsAt(validate, 'failureActionOverrides'), ...objectsAt(policy, 'spec', 'validationFailureActionOverrides')].map(([, override]) => ({
    enforced: isEnforce(textAt(override, 'action')),
    scope: scopeOf(textsAt(override, 'namespaces'), objectAt(override, 'namespaceSelector')),
  }));
  return (namespace) => overrides.find(({ scope }) => scope(namespace))?.enforced ?? enforced;
}

function isEnforce(action: string | undefined): boolean {
  return action?.toLowerCase() === 'enforce';
}
