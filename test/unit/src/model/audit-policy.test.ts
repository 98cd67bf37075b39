import { describe, expect, test } from '@jest/globals';
import { auditOutcome } from '#src/model/audit-policy.ts';
import { formatPath } from '#src/model/raw.ts';

const EXEC = { verb: 'create', resource: 'pods/exec' };
const REST = { level: 'Metadata' };
const outcome = (...rules: readonly unknown[]) => auditOutcome({ apiVersion: 'audit.k8s.io/v1', kind: 'Policy', rules }, EXEC);

describe('src/model/audit-policy.ts', () => {
  test.each([
    ['without conditions', {}],
    ['for the whole group', { resources: [{ group: '' }] }],
    ['for the subresource', { resources: [{ group: '', resources: ['pods/exec'] }] }],
    ['for all subresources of pods', { resources: [{ resources: ['pods/*'] }] }],
    ['for the subresource of anything', { resources: [{ group: '', resources: ['*/exec'] }] }],
    ['for everything of the group', { resources: [{ group: '', resources: ['*'] }] }],
    ['for the verb', { verbs: ['get', 'create'] }],
    ['for everybody who signed in', { userGroups: ['system:authenticated'] }],
  ])('the first rule decides: one %s', (_, rule) => {
    expect(outcome({ level: 'None', ...rule }, REST)).toMatchObject({ level: 'None', path: ['rules', 0] });
  });

  test.each([
    ['for pods alone', { resources: [{ group: '', resources: ['pods'] }] }],
    ['for another subresource', { resources: [{ group: '', resources: ['pods/log', '*/status'] }] }],
    ['for another group', { resources: [{ group: 'apps', resources: ['*'] }] }],
    ['for named pods', { resources: [{ group: '', resources: ['pods/exec'], resourceNames: ['one'] }] }],
    ['for other verbs', { verbs: ['list', 'watch'] }],
    ['for some users', { users: ['system:kube-proxy'] }],
    ['for some groups', { userGroups: ['system:nodes'] }],
    ['for some namespaces', { namespaces: ['kube-system'] }],
    ['for paths', { nonResourceURLs: ['/healthz*'] }],
  ])('passes over a rule %s', (_, rule) => {
    expect(outcome({ level: 'None', ...rule }, REST)).toMatchObject({ level: 'Metadata', path: ['rules', 1] });
  });

  test('nothing is logged without a rule that matches', () => {
    const { level, path } = outcome({ level: 'Metadata', verbs: ['list'] });

    expect([level, formatPath(path)]).toEqual(['None', 'rules']);
  });

  test('leaves out the stages of the policy and of the rule', () => {
    const { omitted } = auditOutcome({ omitStages: ['RequestReceived'], rules: [{ level: 'Metadata', omitStages: ['ResponseComplete'] }] }, EXEC);

    expect([...omitted]).toEqual(['RequestReceived', 'ResponseComplete']);
  });

  test.each([null, 7, 'text', [], [null], [7], [{ level: 7 }]])('takes %j in place of rules for no logging', (rules) => {
    expect(auditOutcome({ rules }, EXEC).level).toBe('None');
  });
});
