import { describe, expect, test } from '@jest/globals';
import { admissionPolicyScope, bindingScope } from '#src/model/policy-engines/admission-policy.ts';
import type { NamespaceScope } from '#src/model/policy-engines/scope.ts';
import type { RawObject } from '#src/model/raw.ts';

const PODS = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['pods'] };
const VALIDATIONS = [{ expression: '!variables.all.exists(c, c.securityContext.privileged)' }];

const GUARDED: readonly (readonly [says: string, spec: RawObject])[] = [
  ['a rule for pods', { matchConstraints: { resourceRules: [PODS] }, validations: VALIDATIONS }],
  ['a rule for everything', { matchConstraints: { resourceRules: [{ apiGroups: ['*'], operations: ['*'], resources: ['*'] }] }, validations: VALIDATIONS }],
  ['a variable that does the looking', { matchConstraints: { resourceRules: [PODS] }, variables: [{ name: 'bad', expression: 'c.securityContext.privileged' }], validations: [{ expression: '!variables.bad' }] }],
  ['its labels', { matchConstraints: { resourceRules: [PODS], namespaceSelector: { matchLabels: { team: 'shop' } } }, validations: VALIDATIONS }],
  ['selectors that select everything', { matchConstraints: { resourceRules: [PODS], namespaceSelector: {}, objectSelector: {} }, validations: VALIDATIONS }],
];

const OPEN: readonly (readonly [says: string, spec: RawObject])[] = [
  ['a rule for another resource', { matchConstraints: { resourceRules: [{ ...PODS, resources: ['deployments'] }] }, validations: VALIDATIONS }],
  ['a rule for updates', { matchConstraints: { resourceRules: [{ ...PODS, operations: ['UPDATE'] }] }, validations: VALIDATIONS }],
  ['a look at another field', { matchConstraints: { resourceRules: [PODS] }, validations: [{ expression: '!object.spec.hostPID' }] }],
  ['another label', { matchConstraints: { resourceRules: [PODS], namespaceSelector: { matchLabels: { team: 'billing' } } }, validations: VALIDATIONS }],
  ['a rule for some pods', { matchConstraints: { resourceRules: [PODS], objectSelector: { matchLabels: { app: 'api' } } }, validations: VALIDATIONS }],
];

const BINDINGS: readonly (readonly [says: string, spec: RawObject, refuses: boolean])[] = [
  ['refuses everywhere', { validationActions: ['Deny'] }, true],
  ['refuses and notes down', { validationActions: ['Deny', 'Audit'] }, true],
  ['only warns', { validationActions: ['Warn'] }, false],
  ['does nothing yet', {}, false],
  ['refuses elsewhere', { validationActions: ['Deny'], matchResources: { namespaceSelector: { matchLabels: { team: 'billing' } } } }, false],
  ['refuses some pods', { validationActions: ['Deny'], matchResources: { objectSelector: { matchLabels: { app: 'api' } } } }, false],
];

describe('src/model/policy-engines/admission-policy.ts', () => {
  test.each(GUARDED)('guards a namespace by %s', (_, spec) => {
    expect(holds(admissionPolicyScope({ spec }))).toBe(true);
  });

  test.each(OPEN)('leaves a namespace open by %s', (_, spec) => {
    expect(holds(admissionPolicyScope({ spec }))).toBe(false);
  });

  test.each(BINDINGS)('knows a binding that %s', (_, spec, refuses) => {
    expect(holds(bindingScope({ spec }))).toBe(refuses);
  });
});

function holds(scope: NamespaceScope | undefined): boolean {
  return scope?.({ name: 'shop', labels: new Map([['team', 'shop']]) }) ?? false;
}
