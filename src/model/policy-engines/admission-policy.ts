import { at, listAt, objectAt, objectsAt, textAt, textsAt, type RawObject } from '#src/model/raw.ts';
import { looksAtPrivileged, scopeOf, type NamespaceScope } from './scope.ts';

/** The namespaces in which a ValidatingAdmissionPolicy would refuse privileged pods once it is bound; undefined when nowhere, or for some pods only. */
export function admissionPolicyScope(policy: RawObject): NamespaceScope | undefined {
  const constraints = objectAt(policy, 'spec', 'matchConstraints');
  const createsPods = objectsAt(constraints, 'resourceRules').some(
    ([, rule]) => has(textsAt(rule, 'operations'), 'CREATE') && has(textsAt(rule, 'resources'), 'pods') && has(textsAt(rule, 'apiGroups'), ''),
  );
  if (!createsPods || selectsObjects(constraints)) return undefined;
  if (!looksAtPrivileged([listAt(policy, 'spec', 'validations'), listAt(policy, 'spec', 'variables')])) return undefined;
  return scopeOf([], objectAt(constraints, 'namespaceSelector'));
}

/** The namespaces for which a ValidatingAdmissionPolicyBinding, or a policy that binds itself, refuses what fails; undefined when it only warns or audits. */
export function bindingScope(binding: RawObject): NamespaceScope | undefined {
  const resources = objectAt(binding, 'spec', 'matchResources');
  if (!textsAt(binding, 'spec', 'validationActions').includes('Deny') || selectsObjects(resources)) return undefined;
  return scopeOf([], objectAt(resources, 'namespaceSelector'));
}

/** The policy that a binding is for. */
export function boundPolicy(binding: RawObject): string | undefined {
  return textAt(binding, 'spec', 'policyName');
}

function selectsObjects(match: RawObject | undefined): boolean {
  return [at(match, 'objectSelector', 'matchLabels'), at(match, 'objectSelector', 'matchExpressions')].some((selector) => selector !== undefined);
}

function has(list: readonly string[], wanted: string): boolean {
  return list.includes(wanted) || list.includes('*');
}
