import { describe, expect, test } from '@jest/globals';
import { RBAC_RESOURCES, resourceIndex, type ResourceName } from '#src/model/rbac-resources.ts';
import { has, held, noRights, rightsOf, uniteRights, VERBS, verbSet, type RuleRights, type Verb } from '#src/model/rbac-rights.ts';
import { rulesOf } from '#src/model/rbac-rule.ts';
import { rule } from '#test/build/rbac.ts';

describe('src/model/rbac-rights', () => {
  test.each<[string, keyof RuleRights, Verb, ResourceName, boolean]>([
    ['get secrets', 'full', 'get', 'secrets', true],
    ['get secrets', 'full', 'list', 'secrets', false],
    ['* *:*', 'full', 'bind', 'clusterroles', true],
    ['get apps:secrets', 'full', 'get', 'secrets', false],
    ['delete events.k8s.io:events', 'full', 'delete', 'events', true],
    ['get *:*/proxy', 'full', 'get', 'nodes/proxy', true],
    ['impersonate authentication.k8s.io:userextras/scopes', 'full', 'impersonate', 'userextras', true],
    ['get secrets [tls]', 'full', 'get', 'secrets', false],
    ['get secrets [tls]', 'narrowed', 'get', 'secrets', true],
    ['create,deletecollection,delete secrets [tls]', 'narrowed', 'create', 'secrets', false],
    ['create,deletecollection,delete secrets [tls]', 'narrowed', 'deletecollection', 'secrets', false],
    ['create,deletecollection,delete secrets [tls]', 'narrowed', 'delete', 'secrets', true],
    ['create serviceaccounts/token [web]', 'narrowed', 'create', 'serviceaccounts/token', true],
    ['create pods/*', 'full', 'create', 'pods/exec', false],
    ['create pods/*', 'idle', 'create', 'pods/exec', true],
    ['create pods/*', 'idle', 'create', 'pods', false],
  ])('%s gives %s the right to %s %s: %j', (text, level, verb, resource, given) => {
    expect(has(read(text)[level], { verbs: [verb], resources: [resource] })).toBe(given);
  });

  test('unites rights without losing any', () => {
    const given = [read('get secrets').full, read('list secrets').full, read('get secrets [tls]').full];

    const rights = uniteRights(given);

    expect(held(rights, { verbs: ['get'], resources: ['secrets', 'pods'] })).toEqual(['secrets']);
    expect(has(rights, { verbs: ['list'], resources: ['secrets'] })).toBe(true);
    expect(has(rights, { verbs: ['watch'], resources: ['secrets'] })).toBe(false);
  });

  test('leaves those that it unites as they are', () => {
    const [first, second] = [read('get secrets').full, read('list secrets').full];

    uniteRights([first, second]);

    expect(held(first, { verbs: ['list'], resources: ['secrets'] })).toEqual([]);
    expect(uniteRights([first])).toEqual(first);
    expect(uniteRights([])).toEqual(noRights());
  });

  test('has a bit of its own for each verb, and room for all', () => {
    const bits = VERBS.map((verb) => verbSet([verb]));

    expect(new Set(bits).size).toBe(VERBS.length);
    expect(bits.reduce((sum, bit) => sum + bit, 0)).toBe(verbSet(['*']));
    expect(verbSet(['*'])).toBeLessThan(2 ** 16);
    expect(verbSet(['fly'])).toBe(0);
  });

  test('lists each resource once, with every group that serves it', () => {
    expect(new Set(RBAC_RESOURCES.map(({ name }) => name)).size).toBe(RBAC_RESOURCES.length);
    expect(RBAC_RESOURCES[resourceIndex('events') ?? -1]).toEqual({ name: 'events', groups: ['', 'events.k8s.io'], namespaced: true });
    expect(resourceIndex('widgets')).toBeUndefined();
  });
});

function read(text: string): RuleRights {
  const [[, parsed] = []] = rulesOf({ rules: [rule(text)] });
  if (parsed === undefined) throw new Error(`no rule in ${text}`);
  return rightsOf(parsed);
}
