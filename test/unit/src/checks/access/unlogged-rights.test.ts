import { describe, expect, test } from '@jest/globals';
import { mayImpersonate, unloggedReason } from '#src/checks/access/unlogged-rights.ts';
import { rulesOf, type PolicyRule } from '#src/model/rbac-rule.ts';
import { role } from '#test/build/rbac.ts';

const rulesFrom = (...rules: readonly string[]): readonly PolicyRule[] => rulesOf(role('some', rules)).map(([, rule]) => rule);
const urls = (...nonResourceURLs: readonly string[]): readonly PolicyRule[] => rulesOf({ rules: [{ nonResourceURLs, verbs: ['get'] }] }).map(([, rule]) => rule);

const LEASES = 'requests for Leases and Events are mostly not in the audit log';
const KUBELETS = 'kubelets ask for these rights themselves, and the audit log does not say for whom';
const URLS = 'other servers than the API server may ask for rights to URLs, and the audit log does not say for whom';

describe('src/checks/access/unlogged-rights.ts', () => {
  test.each<readonly [string, readonly PolicyRule[], string | undefined]>([
    ['reading pods', rulesFrom('get,list,watch pods'), undefined],
    ['everything', rulesFrom('* *:*'), undefined],
    ['reading pods and Events', rulesFrom('get pods', 'get,list events'), undefined],
    ['reading pods and Events by one rule', rulesFrom('get pods,events'), undefined],
    ['reading Events alone', rulesFrom('get events', 'list events.k8s.io:events'), LEASES],
    ['writing Events', rulesFrom('get pods', 'create,patch events'), LEASES],
    ['holding Leases', rulesFrom('get pods', 'update coordination.k8s.io:leases'), LEASES],
    ['everything with Leases', rulesFrom('* coordination.k8s.io:leases'), LEASES],
    ['Leases of another group', rulesFrom('update parking.example:leases'), undefined],
    ['what kubelets show', rulesFrom('get,list nodes', 'get nodes/metrics'), KUBELETS],
    ['nodes themselves', rulesFrom('get,list nodes'), undefined],
    ['letting others have rights', rulesFrom('get pods', 'bind rbac.authorization.k8s.io:clusterroles'), 'the audit log does not show who needs the right to bind'],
    ['acting as somebody else', rulesFrom('impersonate users'), undefined],
    ['metrics of other servers', urls('/metrics'), URLS],
    ['every URL', urls('*'), undefined],
    ['nothing', [], undefined],
  ])('%s: why its use may not show', (_, rules, reason) => {
    expect(unloggedReason(rules)).toBe(reason);
  });

  test.each<readonly [readonly string[], boolean]>([
    [['get pods', 'impersonate users'], true],
    [['impersonate:user-info authentication.k8s.io:users'], true],
    [['impersonate-on:user-info:list pods'], true],
    [['* *'], true],
    [['get,impersonates pods'], false],
    [[], false],
  ])('%j lets somebody act as somebody else: %s', (rules, may) => {
    expect(mayImpersonate(rulesFrom(...rules))).toBe(may);
  });
});
