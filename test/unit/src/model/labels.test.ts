import { describe, expect, test } from '@jest/globals';
import { bears, isLabelName, labelsProblem, labelsText, parseLabels } from '#src/model/labels.ts';

describe('src/model/labels.ts', () => {
  test.each<readonly [string, Readonly<Record<string, string>> | undefined]>([
    ['app=web', { app: 'web' }],
    ['app=web,tier=front', { app: 'web', tier: 'front' }],
    ['app==web, tier = front', { app: 'web', tier: 'front' }],
    ['app.kubernetes.io/name=web', { 'app.kubernetes.io/name': 'web' }],
    ['canary=', { canary: '' }],
    ['app!=web', undefined],
    ['app in (web, api)', undefined],
    ['app', undefined],
    ['!app', undefined],
    ['app=web,', undefined],
    ['app=web,app=api', undefined],
    ['app=a=b', undefined],
    ['', undefined],
  ])('"%s" is read as kubectl reads equality, and nothing else is', (text, labels) => {
    expect(parseLabels(text)).toEqual(labels);
  });

  test.each<readonly [Readonly<Record<string, string>>, string | undefined]>([
    [{ app: 'web', 'app.kubernetes.io/part-of': 'Shop_1.2', canary: '' }, undefined],
    [{}, 'has no label; leave it out for pods with any'],
    [{ app: 'we b' }, 'has "app" with a key or a value that no label of Kubernetes has'],
    [{ app: '-web' }, 'has "app" with a key or a value that no label of Kubernetes has'],
    [{ app: 'x'.repeat(64) }, 'has "app" with a key or a value that no label of Kubernetes has'],
    [{ 'a/b/c': 'x' }, 'has "a/b/c" with a key or a value that no label of Kubernetes has'],
    [{ 'Example.com/app': 'x' }, 'has "Example.com/app" with a key or a value that no label of Kubernetes has'],
    [{ '/app': 'x' }, 'has "/app" with a key or a value that no label of Kubernetes has'],
    [Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`l${index}`, 'x'])), 'has 9 labels, and 8 is the most'],
  ])('%j: what is wrong', (labels, problem) => {
    expect(labelsProblem(labels)).toBe(problem);
  });

  test('the same labels are the same text, in whatever order, and are read back', () => {
    expect(labelsText({ tier: 'front', app: 'web' })).toBe('app=web,tier=front');
    expect(parseLabels(labelsText({ tier: 'front', app: '' }))).toEqual({ app: '', tier: 'front' });
  });

  test('all labels have to be borne, a label without a value too', () => {
    const borne = new Map([['app', 'web'], ['canary', '']]);

    expect([bears(borne, { app: 'web', canary: '' }), bears(borne, { app: 'web', tier: '' }), bears(borne, { app: 'api' })]).toEqual([true, false, false]);
  });

  test.each([['web', true], ['Web_1.2-x', true], ['', false], ['web.', false], ['x'.repeat(63), true], ['x'.repeat(64), false]])('"%s" is the name of a label: %s', (text, expected) => {
    expect(isLabelName(text)).toBe(expected);
  });
});
