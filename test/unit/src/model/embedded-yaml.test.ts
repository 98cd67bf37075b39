import { describe, expect, test } from '@jest/globals';
import { parseEmbeddedYaml } from '#src/model/embedded-yaml.ts';

describe('src/model/embedded-yaml', () => {
  test.each([
    ['- groups: [a]\n', [{ groups: ['a'] }]],
    ['', null],
    ['"text"', 'text'],
  ])('reads %j', (text, value) => {
    expect(parseEmbeddedYaml(text)).toEqual({ value });
  });

  test.each(['- {', 'a: b: c', '*nowhere', 'a: 1\na: 2'])('reads nothing from %j', (text) => {
    expect(parseEmbeddedYaml(text)).toBeUndefined();
  });

  test('does not unfold aliases of aliases without end', () => {
    const bomb = ['a: &a [x, x, x, x, x, x, x, x, x]', ...'bcdefghi'.split('').map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[index] ?? ''}`).join(', ')}]`)].join('\n');

    expect(parseEmbeddedYaml(bomb)).toBeUndefined();
  });
});
