import { describe, expect, test } from '@jest/globals';
import { withoutEntries } from '#src/people/cloud-map.ts';

const HEAD = '# people of the platform team\n';
const BOB = '- userarn: arn:aws:iam::1:user/bob # on call\n  username: bob\n  groups: # all\n    - system:masters\n';
const BETWEEN = '\n# contractors\n';
const EVE = '- {userarn: "arn:aws:iam::1:user/eve", username: eve, groups: [dev]}\n';
const ANN = '-   userarn:   arn:aws:iam::1:user/ann\n    username: ann\n    groups: [ "dev",  ops ]\n';
const TEXT = `${HEAD}${BOB}${BETWEEN}${EVE}${ANN}`;

describe('src/people/cloud-map', () => {
  test.each<readonly [what: string, indexes: readonly number[], rest: string]>([
    ['the first', [0], `${HEAD}${BETWEEN}${EVE}${ANN}`],
    ['the middle one, in braces', [1], `${HEAD}${BOB}${BETWEEN}${ANN}`],
    ['the last', [2], `${HEAD}${BOB}${BETWEEN}${EVE}`],
    ['two', [2, 0], `${HEAD}${BETWEEN}${EVE}`],
    ['all', [0, 1, 2], `${HEAD}${BETWEEN}`],
  ])('takes out %s, and leaves every other byte', (_what, indexes, rest) => {
    expect(withoutEntries(TEXT, indexes)).toBe(rest);
  });

  test.each<readonly [what: string, text: string]>([
    ['a list in brackets', '[{userarn: a, username: bob}, {userarn: b, username: eve}]'],
    ['an entry that another one copies', '- &bob {userarn: a, username: bob}\n- *bob\n'],
    ['no YAML', '- userarn: ['],
    ['no list', 'userarn: a'],
    ['a dash and the entry on lines of their own', '-\n  # a-b\n  userarn: a\n- userarn: b\n'],
  ])('does not touch %s', (_what, text) => {
    expect(withoutEntries(text, [0])).toBeUndefined();
  });

  test('keeps an end without a line feed, and line feeds of Windows', () => {
    expect(withoutEntries('- userarn: a\n- userarn: b', [1])).toBe('- userarn: a\n');
    expect(withoutEntries('- userarn: a\r\n- userarn: b\r\n', [0])).toBe('- userarn: b\r\n');
  });
});
