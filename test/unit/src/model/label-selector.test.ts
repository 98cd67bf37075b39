import { describe, expect, test } from '@jest/globals';
import { parseLabelSelector } from '#src/model/label-selector.ts';
import type { RawObject } from '#src/model/raw.ts';

const LABELS = new Map([
  ['app', 'api'],
  ['tier', 'front'],
]);

const SELECTORS: readonly (readonly [says: string, selector: RawObject, selected: boolean])[] = [
  ['selects everything when it is empty', {}, true],
  ['wants every label', { matchLabels: { app: 'api', tier: 'back' } }, false],
  ['takes the labels that it wants', { matchLabels: { app: 'api', tier: 'front' } }, true],
  ['takes one of several values', { matchExpressions: [{ key: 'app', operator: 'In', values: ['web', 'api'] }] }, true],
  ['wants the label to exist for In', { matchExpressions: [{ key: 'none', operator: 'In', values: [''] }] }, false],
  ['leaves out a value', { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['api'] }] }, false],
  ['takes an absent label for NotIn', { matchExpressions: [{ key: 'none', operator: 'NotIn', values: ['api'] }] }, true],
  ['wants a label whatever its value', { matchExpressions: [{ key: 'tier', operator: 'Exists' }] }, true],
  ['wants a label absent', { matchExpressions: [{ key: 'tier', operator: 'DoesNotExist' }] }, false],
  ['wants expressions as well as labels', { matchLabels: { app: 'api' }, matchExpressions: [{ key: 'tier', operator: 'DoesNotExist' }] }, false],
  ['selects nothing with an operator that nobody knows', { matchExpressions: [{ key: 'tier', operator: 'Like', values: ['f*'] }] }, false],
];

describe('src/model/label-selector.ts', () => {
  test.each(SELECTORS)('%s', (_, selector, selected) => {
    expect(parseLabelSelector(selector)(LABELS)).toBe(selected);
  });
});
