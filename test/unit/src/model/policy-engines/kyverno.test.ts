import { describe, expect, test } from '@jest/globals';
import { kyvernoScope } from '#src/model/policy-engines/kyverno.ts';
import type { RawObject } from '#src/model/raw.ts';

const PODS = { any: [{ resources: { kinds: ['Pod'] } }] };
const BASELINE = { podSecurity: { level: 'baseline', version: 'latest' } };
const PATTERN = { pattern: { spec: { '=(initContainers)': [{ '=(securityContext)': { '=(privileged)': 'false' } }] } } };

const GUARDED: readonly (readonly [says: string, spec: RawObject])[] = [
  ['the level baseline', policy({ match: PODS, validate: BASELINE })],
  ['the level restricted', policy({ match: PODS, validate: { podSecurity: { level: 'restricted' } } })],
  ['a pattern over privileged', policy({ match: PODS, validate: PATTERN })],
  ['an expression over privileged', policy({ match: PODS, validate: { cel: { expressions: [{ expression: 'object.spec.containers.all(c, !c.securityContext.privileged)' }] } } })],
  ['the spelling of older versions', { ...policy({ match: { resources: { kinds: ['v1/Pod'] } }, validate: PATTERN }), validationFailureAction: 'enforce' }],
  ['an action of the rule itself', { rules: [{ match: PODS, validate: { ...BASELINE, failureAction: 'Enforce' } }] }],
  ['all of several filters', policy({ match: { all: [{ resources: { kinds: ['Pod'] } }, { resources: { kinds: ['Pod'], namespaces: ['sh*'] } }] }, validate: BASELINE })],
  ['a selector for its labels', policy({ match: { any: [{ resources: { kinds: ['Pod'], namespaceSelector: { matchLabels: { team: 'shop' } } } }] }, validate: BASELINE })],
  ['an exclusion of another', policy({ match: PODS, exclude: { any: [{ resources: { namespaces: ['kube-*'] } }] }, validate: BASELINE })],
  ['an exclusion of some of its pods', policy({ match: PODS, exclude: { any: [{ resources: { names: ['debug-*'] } }] }, validate: BASELINE })],
  ['an override that enforces there', { ...policy({ match: PODS, validate: BASELINE }), validationFailureAction: 'Audit', validationFailureActionOverrides: [{ action: 'Enforce', namespaces: ['shop'] }] }],
];

const OPEN: readonly (readonly [says: string, spec: RawObject])[] = [
  ['nothing said, which only audits', { rules: [{ match: PODS, validate: BASELINE }] }],
  ['an audit', { ...policy({ match: PODS, validate: BASELINE }), validationFailureAction: 'Audit' }],
  ['the level privileged', policy({ match: PODS, validate: { podSecurity: { level: 'privileged' } } })],
  ['a level without the control that matters', policy({ match: PODS, validate: { podSecurity: { level: 'baseline', exclude: [{ controlName: 'Privileged Containers' }] } } })],
  ['a pattern over another field', policy({ match: PODS, validate: { message: 'no privileged pods', pattern: { spec: { '=(hostPID)': 'false' } } } })],
  ['a rule for another kind', policy({ match: { any: [{ resources: { kinds: ['Service'] } }] }, validate: PATTERN })],
  ['a rule for some pods', policy({ match: { any: [{ resources: { kinds: ['Pod'], selector: { matchLabels: { app: 'api' } } } }] }, validate: BASELINE })],
  ['a rule for some people', policy({ match: { any: [{ resources: { kinds: ['Pod'] }, subjects: [{ kind: 'User', name: 'dana' }] }] }, validate: BASELINE })],
  ['another namespace', policy({ match: { any: [{ resources: { kinds: ['Pod'], namespaces: ['billing'] } }] }, validate: BASELINE })],
  ['another label', policy({ match: { any: [{ resources: { kinds: ['Pod'], namespaceSelector: { matchLabels: { team: 'billing' } } } }] }, validate: BASELINE })],
  ['an exclusion', policy({ match: PODS, exclude: { resources: { namespaces: ['shop'] } }, validate: BASELINE })],
  ['an override that audits there', { ...policy({ match: PODS, validate: BASELINE }), validationFailureActionOverrides: [{ action: 'Audit', namespaces: ['shop'] }] }],
  ['a mutation', { validationFailureAction: 'Enforce', rules: [{ match: PODS, mutate: { patchStrategicMerge: {} } }] }],
];

describe('src/model/policy-engines/kyverno.ts', () => {
  test.each(GUARDED)('guards a namespace by %s', (_, spec) => {
    expect(guards(spec)).toBe(true);
  });

  test.each(OPEN)('leaves a namespace open by %s', (_, spec) => {
    expect(guards(spec)).toBe(false);
  });
});

function policy(rule: RawObject): RawObject {
  return { validationFailureAction: 'Enforce', rules: [rule] };
}

function guards(spec: RawObject): boolean {
  return kyvernoScope({ spec })?.({ name: 'shop', labels: new Map([['team', 'shop']]) }) ?? false;
}
