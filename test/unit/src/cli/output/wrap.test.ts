import { describe, expect, test } from '@jest/globals';
import { indented, wrap } from '#src/cli/output/wrap.ts';

describe('src/cli/output/wrap.ts', () => {
  test.each([
    ['', 10, ['']],
    ['one two three', 20, ['one two three']],
    ['one two three', 7, ['one two', 'three']],
    ['one two three', 3, ['one', 'two', 'three']],
    ['spec.containers[0].image is long', 10, ['spec.containers[0].image', 'is long']],
  ])('%j is broken at %i', (text, width, lines) => {
    expect(wrap(text, width)).toEqual(lines);
  });

  test('an indent counts for the width', () => {
    expect(indented('one two three', 9, '  ')).toBe('  one two\n  three\n');
  });
});
