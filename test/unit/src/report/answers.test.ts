import { describe, expect, test } from '@jest/globals';
import { answersTo } from '#src/report/answers.ts';
import { aCheck, aControl } from '#test/build/framework.ts';

const named = (...checks: Parameters<typeof answersTo>[1]) => Object.fromEntries([...answersTo('cis', checks)].map(([id, answers]) => [id, answers.map(({ check, item }) => (item === undefined ? check.id : `${check.id}:${item}`))]));

describe('src/report/answers.ts', () => {
  test('a control is answered by every check that names it', () => {
    expect(named(aCheck('a/one', [aControl('1'), aControl('2')]), aCheck('a/two', [aControl('2')]))).toEqual({ 1: ['a/one'], 2: ['a/one', 'a/two'] });
  });

  test('an item that names a control answers it alone, and the whole check answers the others', () => {
    const items = { alpha: { title: 'A', sources: [aControl('1')] }, beta: { title: 'B', sources: [aControl('2')] }, gamma: { title: 'C', sources: [aControl('2')] } };

    expect(named(aCheck('a/family', [aControl('1'), aControl('2'), aControl('3')], { items }))).toEqual({ 1: ['a/family:alpha'], 2: ['a/family:beta', 'a/family:gamma'], 3: ['a/family'] });
  });

  test('a control that is named twice is answered once', () => {
    expect(named(aCheck('a/one', [aControl('1'), aControl('1')]))).toEqual({ 1: ['a/one'] });
  });

  test('sources without a control, and controls of other frameworks, are left out', () => {
    expect(named(aCheck('a/one', [{ title: 'Some page' }, { title: 'N', control: { framework: 'nsa', id: '1' } }]))).toEqual({});
  });
});
