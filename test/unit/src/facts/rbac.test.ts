import { describe, expect, test } from '@jest/globals';
import { rbac } from '#src/facts/rbac.ts';
import { NO_SETTINGS } from '#src/model/settings.ts';
import type { Kind } from '#src/model/kinds.ts';
import { textAt, type RawObject } from '#src/model/raw.ts';
import { holdingsOf } from '#src/model/rbac-holdings.ts';
import { has, type Right } from '#src/model/rbac-rights.ts';
import type { RbacSubject } from '#src/model/rbac-subject.ts';
import type { RbacTable } from '#src/model/rbac-table.ts';
import { NEWEST_KNOWN } from '#src/model/version.ts';
import { isStock } from '#src/stock/stock.ts';
import { binding, role } from '#test/build/rbac.ts';

const READ_SECRETS: Right = { verbs: ['get'], resources: ['secrets'] };
const READ_PODS: Right = { verbs: ['list'], resources: ['pods'] };
const JO: RbacSubject = { kind: 'User', name: 'jo' };
const WEB: RbacSubject = { kind: 'ServiceAccount', namespace: 'shop', name: 'web' };

describe('src/facts/rbac', () => {
  test('gives a ClusterRole everywhere by a ClusterRoleBinding, and in one namespace by a RoleBinding', () => {
    const table = tableOf([role('reader', ['get secrets']), binding('all', 'ClusterRole/reader', ['User/jo']), binding('one', 'ClusterRole/reader', ['ServiceAccount/shop/web'], 'shop')]);

    expect([undefined, 'shop', 'blog'].map((namespace) => has(table.rightsOf(JO, namespace), READ_SECRETS))).toEqual([true, true, true]);
    expect([undefined, 'shop', 'blog'].map((namespace) => has(table.rightsOf(WEB, namespace), READ_SECRETS))).toEqual([false, true, false]);
  });

  test('takes a Role from the namespace of the binding only', () => {
    const table = tableOf([role('reader', ['get secrets'], { namespace: 'blog' }), binding('one', 'Role/reader', ['User/jo'], 'shop')]);

    expect(has(table.rightsOf(JO, 'shop'), READ_SECRETS)).toBe(false);
    expect(table.roleOf(table.bindings[0] ?? missing())).toBeUndefined();
  });

  test('counts the groups that Kubernetes puts a subject into', () => {
    const table = tableOf([role('reader', ['get secrets']), binding('pods', 'ClusterRole/reader', ['Group/system:serviceaccounts:shop'])]);

    expect(has(table.rightsOf(WEB), READ_SECRETS)).toBe(true);
    expect(has(table.rightsOf({ ...WEB, namespace: 'blog' }), READ_SECRETS)).toBe(false);
    expect(has(table.rightsOf(JO), READ_SECRETS)).toBe(false);
  });

  test('does not count rights on named objects as rights on all', () => {
    const table = tableOf([role('reader', ['get secrets [tls]']), binding('all', 'ClusterRole/reader', ['User/jo'])]);

    expect(has(table.rightsOf(JO), READ_SECRETS)).toBe(false);
    expect(has(table.roles.get('ClusterRole/reader')?.rights.narrowed ?? missing(), READ_SECRETS)).toBe(true);
  });

  test('fills a role from those whose labels it selects, and from those they are filled from', () => {
    const table = tableOf([
      role('all', [], { aggregates: { to: 'all' } }),
      role('middle', [], { aggregates: { to: 'middle' }, labels: { to: 'all' } }),
      role('part', ['get secrets'], { labels: { to: 'middle' } }),
      role('other', ['list pods'], { labels: { to: 'nothing' } }),
      binding('jo', 'ClusterRole/all', ['User/jo']),
    ]);

    expect(has(table.rightsOf(JO), READ_SECRETS)).toBe(true);
    expect(has(table.rightsOf(JO), READ_PODS)).toBe(false);
    expect(table.roles.get('ClusterRole/part')?.aggregatedBy.map(({ name }) => name)).toEqual(['middle', 'all']);
  });

  test('does not hang on roles that are filled from each other', () => {
    const table = tableOf([
      role('a', ['get secrets'], { aggregates: { in: 'a' }, labels: { in: 'b' } }),
      role('b', ['list pods'], { aggregates: { in: 'b' }, labels: { in: 'a' } }),
      binding('jo', 'ClusterRole/a', ['User/jo']),
    ]);

    expect(has(table.rightsOf(JO), READ_SECRETS)).toBe(true);
    expect(has(table.rightsOf(JO), READ_PODS)).toBe(true);
  });

  test('leaves the rules of a part to the part, also where the controller has filled the whole', () => {
    const table = tableOf([
      role('whole', ['get secrets', 'list pods'], { aggregates: { to: 'whole' } }),
      role('part', ['get secrets'], { labels: { to: 'whole' } }),
      binding('jo', 'ClusterRole/whole', ['User/jo']),
    ]);

    const own = holdingsOf(table).map(({ object, rules }) => [object.ref.name, rules.map(([index]) => index)]);

    expect(own).toEqual([
      ['whole', [1]],
      ['part', [0]],
    ]);
  });

  test('knows the roles that every cluster has, also where they were not read', () => {
    const table = tableOf([binding('jo', 'ClusterRole/edit', ['User/jo'], 'shop')]);

    expect(has(table.rightsOf(JO, 'shop'), READ_SECRETS)).toBe(true);
    expect(holdingsOf(table)).toEqual([]);
  });

  test('holds what somebody added, and not what is shipped', () => {
    const table = tableOf([
      role('system:discovery', ['get secrets']),
      role('mine', ['get secrets']),
      binding('system:discovery', 'ClusterRole/system:discovery', ['Group/system:authenticated']),
      binding('mine', 'ClusterRole/system:node', ['User/jo']),
      binding('system:controller:job-controller', 'ClusterRole/system:controller:job-controller', ['ServiceAccount/kube-system/job-controller']),
    ]);

    expect(holdingsOf(table).map(({ object, related }) => [object.ref.kind, object.ref.name, related.map(({ name }) => name)])).toEqual([
      ['ClusterRole', 'system:discovery', ['system:discovery']],
      ['ClusterRole', 'mine', []],
      ['ClusterRoleBinding', 'mine', ['system:node']],
    ]);
  });

  test('answers who can do something where, and by which bindings', () => {
    const table = tableOf([
      role('reader', ['get secrets']),
      role('lister', ['list pods']),
      binding('all', 'ClusterRole/reader', ['User/jo', 'User/jo']),
      binding('shop', 'ClusterRole/reader', ['User/jo', 'ServiceAccount/shop/web'], 'shop'),
      binding('pods', 'ClusterRole/lister', ['User/kim']),
    ]);

    const names = (namespace?: string) => [...table.whoCan(READ_SECRETS, namespace)].map(([key, { bindings }]) => [key, bindings.map(({ object }) => object.ref.name)]);

    expect(names()).toEqual([['User/jo', ['all']]]);
    expect(names('shop')).toEqual([
      ['User/jo', ['all', 'shop']],
      ['ServiceAccount/shop/web', ['shop']],
    ]);
  });

  test('keeps a rule that many roles say once', () => {
    const state = rbac.start();
    for (const namespace of ['a', 'b', 'c']) add(state, role('reader', ['get secrets'], { namespace }));

    expect(state.rules.size).toBe(1);
    expect(state.roles.size).toBe(3);
  });

  test('takes an object that a file puts into no namespace for one of default', () => {
    const local = role('reader', ['get secrets'], { namespace: 'default' });
    const table = tableOf([{ ...local, metadata: { name: 'reader' } }, binding('jo', 'Role/reader', ['User/jo'], 'default')]);

    expect(has(table.rightsOf(JO, 'default'), READ_SECRETS)).toBe(true);
  });
});

function tableOf(objects: readonly RawObject[]): RbacTable {
  const state = rbac.start();
  for (const object of objects) add(state, object);
  return rbac.finish(state, { version: NEWEST_KNOWN, settings: NO_SETTINGS, now: new Date('2026-11-01T12:00:00Z') });
}

function add(state: ReturnType<typeof rbac.start>, object: RawObject): void {
  const kind = textAt(object, 'kind') as Kind;
  const namespace = textAt(object, 'metadata', 'namespace');
  rbac.add(state, object, { ref: { kind, ...(namespace !== undefined && { namespace }), name: textAt(object, 'metadata', 'name') ?? '' }, stock: isStock(kind, object) });
}

function missing(): never {
  throw new Error('it is not there');
}
