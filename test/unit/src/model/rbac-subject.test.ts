import { describe, expect, test } from '@jest/globals';
import { builtInGroups, describeSubjects, subjectKey, subjectsOf, type RbacSubject } from '#src/model/rbac-subject.ts';

const user = (name: string): RbacSubject => ({ kind: 'User', name });

describe('src/model/rbac-subject', () => {
  test('takes a ServiceAccount that is named as a user for what it is', () => {
    const subjects = subjectsOf({ subjects: [{ kind: 'User', name: 'system:serviceaccount:shop:web' }, { kind: 'User', name: 'system:serviceaccount:shop' }] });

    expect(subjects).toEqual([{ kind: 'ServiceAccount', namespace: 'shop', name: 'web' }, { kind: 'User', name: 'system:serviceaccount:shop' }]);
  });

  test('puts a ServiceAccount without namespace where its binding is', () => {
    const subjects = [{ kind: 'ServiceAccount', name: 'web' }];

    expect(subjectsOf({ metadata: { namespace: 'shop' }, subjects })).toEqual([{ kind: 'ServiceAccount', namespace: 'shop', name: 'web' }]);
    expect(subjectsOf({ subjects })).toEqual([{ kind: 'ServiceAccount', namespace: 'default', name: 'web' }]);
  });

  test('leaves out what names nobody', () => {
    expect(subjectsOf({ subjects: [null, 'jo', { kind: 'User' }, { kind: 'Robot', name: 'r2' }, { name: 'jo' }] })).toEqual([]);
    expect(subjectsOf({ subjects: { kind: 'User', name: 'jo' } })).toEqual([]);
  });

  test.each<[RbacSubject, readonly string[]]>([
    [user('jo'), ['system:authenticated']],
    [user('system:anonymous'), ['system:unauthenticated']],
    [{ kind: 'ServiceAccount', namespace: 'shop', name: 'web' }, ['system:serviceaccounts', 'system:serviceaccounts:shop', 'system:authenticated']],
    [{ kind: 'Group', name: 'dev' }, []],
  ])('knows the groups of %j', (subject, groups) => {
    expect(builtInGroups(subject)).toEqual(groups);
  });

  test('tells a user from a group and from a ServiceAccount of the same name', () => {
    const keys = [user('web'), { kind: 'Group', name: 'web' } as const, { kind: 'ServiceAccount', namespace: 'shop', name: 'web' } as const].map(subjectKey);

    expect(new Set(keys).size).toBe(3);
  });

  test.each([
    [[user('jo')], 'user jo'],
    [[user('jo'), user('jo')], 'user jo'],
    [[user('jo'), { kind: 'Group', name: 'dev' } as const], 'user jo and group dev'],
    [[user('a'), user('b'), user('c')], 'user a, user b and 1 other'],
    [[user('a'), user('b'), user('c'), { kind: 'ServiceAccount', namespace: 'shop', name: 'web' } as const], 'user a, user b and 2 others'],
  ])('describes %j', (subjects, text) => {
    expect(describeSubjects(subjects)).toBe(text);
  });
});
