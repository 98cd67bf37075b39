import { describe, expect, test } from '@jest/globals';
import { gatekeeperScope } from '#src/model/policy-engines/gatekeeper.ts';
import type { RawObject } from '#src/model/raw.ts';

const GUARDED: readonly (readonly [says: string, spec: RawObject])[] = [
  ['nothing said, which denies everywhere', {}],
  ['a match of pods', { match: { kinds: [{ apiGroups: [''], kinds: ['Pod'] }] } }],
  ['its name', { match: { namespaces: ['billing', 'sh*'] } }],
  ['its labels', { match: { namespaceSelector: { matchExpressions: [{ key: 'team', operator: 'Exists' }] } } }],
  ['the exclusion of others', { match: { excludedNamespaces: ['kube-*'] } }],
  ['an action for one point of enforcement', { enforcementAction: 'scoped', scopedEnforcementActions: [{ action: 'deny', enforcementPoints: [{ name: '*' }] }] }],
];

const OPEN: readonly (readonly [says: string, spec: RawObject])[] = [
  ['a dry run', { enforcementAction: 'dryrun' }],
  ['a warning', { enforcementAction: 'warn' }],
  ['a warning at one point of enforcement', { enforcementAction: 'scoped', scopedEnforcementActions: [{ action: 'warn', enforcementPoints: [{ name: '*' }] }] }],
  ['a match of another kind', { match: { kinds: [{ apiGroups: ['apps'], kinds: ['Deployment'] }] } }],
  ['another name', { match: { namespaces: ['billing'] } }],
  ['an exclusion', { match: { excludedNamespaces: ['shop'] } }],
  ['another label', { match: { namespaceSelector: { matchLabels: { team: 'billing' } } } }],
  ['a match of some pods', { match: { labelSelector: { matchLabels: { app: 'api' } } } }],
  ['a match of what has no namespace', { match: { scope: 'Cluster' } }],
];

describe('src/model/policy-engines/gatekeeper.ts', () => {
  test.each(GUARDED)('guards a namespace by %s', (_, spec) => {
    expect(guards(spec)).toBe(true);
  });

  test.each(OPEN)('leaves a namespace open by %s', (_, spec) => {
    expect(guards(spec)).toBe(false);
  });
});

function guards(spec: RawObject): boolean {
  return gatekeeperScope({ spec })?.({ name: 'shop', labels: new Map([['team', 'shop']]) }) ?? false;
}
