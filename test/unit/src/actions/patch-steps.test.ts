import { describe, expect, test } from '@jest/globals';
import { appendStep, pointer, removeSteps, setStep } from '#src/actions/patch-steps.ts';
import type { Step } from '#src/model/raw.ts';

describe('src/actions/patch-steps.ts', () => {
  test.each<[readonly Step[], string]>([
    [[], ''],
    [['data', 'mapUsers'], '/data/mapUsers'],
    [['metadata', 'labels', 'kubernetes.io/legacy-token-invalid-since'], '/metadata/labels/kubernetes.io~1legacy-token-invalid-since'],
    [['a~/b', 0, '~1'], '/a~0~1b/0/~01'],
  ])('points to %j', (path, expected) => {
    expect(pointer(path)).toBe(expected);
  });

  test.each<[string, object, object]>([
    ['where the object around it is', { metadata: { labels: { b: 'c' } } }, { op: 'add', path: '/metadata/labels/a', value: 'x' }],
    ['where that is missing', { metadata: {} }, { op: 'add', path: '/metadata/labels', value: { a: 'x' } }],
    ['where nothing is', {}, { op: 'add', path: '/metadata', value: { labels: { a: 'x' } } }],
  ])('sets a value %s', (_name, object, step) => {
    expect(setStep(object as Record<string, unknown>, ['metadata', 'labels', 'a'], 'x')).toEqual(step);
  });

  test('appends to a list that is there and makes one that is not', () => {
    expect(appendStep({ subjects: [] }, ['subjects'], { a: 1 })).toEqual({ op: 'add', path: '/subjects/-', value: { a: 1 } });
    expect(appendStep({}, ['subjects'], { a: 1 })).toEqual({ op: 'add', path: '/subjects', value: [{ a: 1 }] });
  });

  test('takes items out from the end, each only while it is what it was', () => {
    expect(removeSteps({ list: ['a', 'b', 'a'] }, ['list'], [0, 2])).toEqual([
      { op: 'test', path: '/list/2', value: 'a' },
      { op: 'remove', path: '/list/2' },
      { op: 'test', path: '/list/0', value: 'a' },
      { op: 'remove', path: '/list/0' },
    ]);
  });
});
