import { describe, expect, test } from '@jest/globals';
import type { RawObject } from '#src/model/raw.ts';
import { textAt } from '#src/model/raw.ts';
import { createWhoCan, describePrincipal, type RightsQuestion } from '#src/people/who-can.ts';
import { createAuthorizer, RBAC_STORES } from '#src/sandbox/kube/access/authorizer.ts';
import type { Attributes } from '#src/sandbox/kube/access/rules.ts';
import type { KubeObject } from '#src/sandbox/kube/object.ts';
import { createStore } from '#src/sandbox/kube/store/store.ts';
import { binding, role } from '#test/build/rbac.ts';
import { askedAtRandom, rightsObjects, seededRandom } from '#test/build/rights-world.ts';
import { createMovedClock } from '#test/fakes/clock.ts';

const LIST_SECRETS: RightsQuestion = { verb: 'list', group: '', resource: 'secrets', namespace: 'shop' };
const WORLDS = 60;
const QUESTIONS = 120;
const STORES: Readonly<Record<string, string>> = {
  Role: RBAC_STORES.roles,
  ClusterRole: RBAC_STORES.clusterRoles,
  RoleBinding: RBAC_STORES.roleBindings,
  ClusterRoleBinding: RBAC_STORES.clusterRoleBindings,
};

describe('src/people/who-can', () => {
  test('names every subject once, with each binding by which it may', () => {
    const who = createWhoCan([
      role('reader', ['get,list secrets']),
      role('lister', ['list secrets'], { namespace: 'shop' }),
      role('lister', ['list pods'], { namespace: 'blog' }),
      binding('all', 'ClusterRole/reader', ['User/jo', 'ServiceAccount/ci/deployer']),
      binding('here', 'Role/lister', ['User/jo', 'Group/dev', 'User/jo'], 'shop'),
      binding('there', 'Role/lister', ['User/kim'], 'blog'),
      binding('gone', 'ClusterRole/nowhere', ['User/lee']),
    ]);

    expect(who.whoCan(LIST_SECRETS).map(({ principal, bindings }) => [describePrincipal(principal), bindings.map(({ binding: { name } }) => name)])).toEqual([
      ['group dev', ['here']],
      ['group system:masters', []],
      ['user jo', ['all', 'here']],
      ['ServiceAccount ci/deployer', ['all']],
    ]);
  });

  test.each<readonly [what: string, rule: string, question: RightsQuestion, allowed: boolean]>([
    ['every subresource of one name', 'get */log', { verb: 'get', group: '', resource: 'pods', subresource: 'log' }, true],
    ['no wildcard after a slash', 'get pods/*', { verb: 'get', group: '', resource: 'pods', subresource: 'log' }, false],
    ['a resource without its subresources', 'get pods', { verb: 'get', group: '', resource: 'pods', subresource: 'log' }, false],
    ['named objects only by their names', 'get secrets [tls]', { verb: 'get', group: '', resource: 'secrets', name: 'tls' }, true],
    ['named objects not without a name', 'list secrets [tls]', { verb: 'list', group: '', resource: 'secrets' }, false],
    ['its own API group alone', 'get apps:deployments', { verb: 'get', group: '', resource: 'deployments' }, false],
    ['a wildcard verb for any verb', '* apps:deployments', { verb: 'sacrifice', group: 'apps', resource: 'deployments' }, true],
  ])('allows %s', (_what, rule, question, allowed) => {
    const who = createWhoCan([role('any', [rule]), binding('any', 'ClusterRole/any', ['User/jo'])]);

    expect(who.may('jo', [], question).allowed).toBe(allowed);
  });

  test('paths are given by ClusterRoleBindings alone', () => {
    const rules = [{ verbs: ['get'], nonResourceURLs: ['/metrics*'] }];
    const metrics = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'metrics' }, rules };
    const who = createWhoCan([metrics, binding('all', 'ClusterRole/metrics', ['User/jo']), binding('here', 'ClusterRole/metrics', ['User/kim'], 'shop')]);

    expect(['jo', 'kim'].map((user) => who.may(user, [], { verb: 'get', url: '/metrics/slis' }).allowed)).toEqual([true, false]);
  });

  test('an aggregated ClusterRole counts by the rules that the cluster filled in', () => {
    const part = role('part', ['list secrets'], { labels: { team: 'yes' } });
    const empty = role('whole', [], { aggregates: { team: 'yes' } });
    const filled = { ...empty, rules: part.rules };
    const may = (whole: RawObject) => createWhoCan([part, whole, binding('whole', 'ClusterRole/whole', ['User/jo'])]).may('jo', [], LIST_SECRETS).allowed;

    expect([may(empty), may(filled)]).toEqual([false, true]);
  });

  test('a ServiceAccount without a namespace is of the namespace of its binding, and nobody in a ClusterRoleBinding', () => {
    const bound = (namespace?: string) => ({ ...binding('web', 'ClusterRole/reader', [], namespace), subjects: [{ kind: 'ServiceAccount', name: 'web' }] });
    const may = (object: RawObject) => ['shop', 'default'].map((home) => createWhoCan([role('reader', ['list secrets']), object]).may(`system:serviceaccount:${home}:web`, [], LIST_SECRETS).allowed);

    expect(may(bound('shop'))).toEqual([true, false]);
    expect(may(bound())).toEqual([false, false]);
  });

  test(`agrees with the API server's authorizer in ${WORLDS * QUESTIONS} questions at random`, () => {
    const verdicts = new Set<boolean>();
    for (let seed = 1; seed <= WORLDS; seed += 1) {
      const random = seededRandom(seed);
      const objects = rightsObjects(random, 'w');
      const [who, authorizer] = [createWhoCan(objects), createAuthorizer(storeWith(objects))];
      for (const { user, groups, question } of askedAtRandom(random, 'w', QUESTIONS)) {
        const { allowed } = authorizer.decide({ name: user, groups }, attributesOf(question));
        const holders = who.whoCan(question).filter(({ principal }) => (principal.kind === 'User' ? principal.name === user : groups.includes(principal.name)));
        verdicts.add(allowed);

        expect({ seed, user, groups, question, allowed: who.may(user, groups, question).allowed, isListed: holders.length > 0 }).toEqual({ seed, user, groups, question, allowed, isListed: allowed });
      }
    }

    expect(verdicts.size).toBe(2);
  });
});

function storeWith(objects: readonly RawObject[]) {
  const store = createStore(createMovedClock());
  for (const object of objects) store.put(STORES[textAt(object, 'kind') ?? ''] ?? '', object as KubeObject);
  return store;
}

function attributesOf(question: RightsQuestion): Attributes {
  const base = { verb: question.verb, isResource: !('url' in question), group: '', resource: '', subresource: '', name: '', namespace: '', path: '' };
  return 'url' in question ? { ...base, path: question.url } : { ...base, ...question };
}
