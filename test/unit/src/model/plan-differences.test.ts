import { describe, expect, test } from '@jest/globals';
import type { Plan } from '#src/model/plan.ts';
import { changedSince, differences, marksOf } from '#src/model/plan-differences.ts';
import { removalOf } from '#test/build/request.ts';

const NOTHING: Plan = { changes: [], stays: [], proofs: [], basis: [] };

describe('src/model/plan-differences.ts', () => {
  test.each<[string, Partial<Plan>, Partial<Plan>, readonly string[]]>([
    ['a change that is gone', { changes: [removalOf('a'), removalOf('b', 'dev')] }, { changes: [removalOf('a')] }, ['Not to be changed any more: cluster-admin in the whole cluster (dev).']],
    ['a change that is new', {}, { changes: [removalOf('a')] }, ['To be changed now: cluster-admin in the whole cluster (prod-eu).']],
    ['another one that reads the same', { changes: [removalOf('a')] }, { changes: [removalOf('a'), removalOf('b')] }, ['To be changed now: cluster-admin in the whole cluster (prod-eu).']],
    ['what it rests on', { basis: ['edit: get pods'] }, { basis: ['edit: get secrets'] }, ['What it rests on was: edit: get pods.', 'What it rests on is now: edit: get secrets.']],
    ['what stays', {}, { stays: ['Group devs stays: remove him in Okta.'] }, ['Stays now: Group devs stays: remove him in Okta.']],
    ['an object with the same words', { changes: [removalOf('a')] }, { changes: [removalOf('b')] }, ['The objects that would be changed are not what they were.']],
    ['too much to name', { basis: ['1', '2', '3', '4', '5', '6', '7'] }, {}, ['What it rests on was: 1; 2; 3; 4; 5; and 2 more.']],
  ])('names %s', async (_name, asked, now, told) => {
    expect(differences({ ...NOTHING, ...asked }, { ...NOTHING, ...now })).toEqual(told);
  });

  test.each<[string, readonly string[], readonly string[], readonly string[]]>([
    ['a change that is new', ['a'], ['a', 'b'], ['To be changed now: cluster-admin in the whole cluster.']],
    ['a change that is gone', ['a', 'b'], ['b'], ['Of what was shown, 1 change is not to be made any more.']],
    ['an object that others took the place of', ['a', 'b'], ['c'], ['To be changed now: cluster-admin in the whole cluster.', 'Of what was shown, 2 changes are not to be made any more.']],
    ['something else', ['a', 'b'], ['b', 'a'], ['What the changed objects give, or what stays, is not what it was.']],
  ])('names %s beside marks of what was shown', (_name, shown, now, told) => {
    const planOf = (names: readonly string[]): Plan => ({ ...NOTHING, changes: names.map((name) => removalOf(name)) });

    expect(changedSince(marksOf(planOf(shown)), planOf(now))).toEqual(told);
  });
});
