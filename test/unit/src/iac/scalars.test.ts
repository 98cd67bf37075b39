import { describe, expect, test } from '@jest/globals';
import { plainScalar, taggedScalar } from '#src/iac/scalars.ts';

/** As kubectl v1.37 reads them. */
const PLAIN: readonly (readonly [string, unknown])[] = [
  ...['yes', 'Yes', 'on', 'ON', 'y', 'Y', 'true', 'TRUE'].map((word) => [word, true] as const),
  ...['no', 'No', 'off', 'n', 'N', 'false', 'False'].map((word) => [word, false] as const),
  ...['', '~', 'null', 'NULL'].map((word) => [word, null] as const),
  ['tRUE', 'tRUE'],
  ['yes please', 'yes please'],
  ['010', 8],
  ['-010', -8],
  ['0o10', 8],
  ['0b11', 3],
  ['0x1F', 31],
  ['08', 8],
  ['1_000', 1000],
  ['_1', '_1'],
  ['+1', 1],
  ['-0', 0],
  ['1.', 1],
  ['.5', 0.5],
  ['1e3', 1000],
  ['1e', '1e'],
  ['1e400', '1e400'],
  ['1.2.3', '1.2.3'],
  ['190:20:30', '190:20:30'],
  ['2001-01-01', '2001-01-01'],
  ['100m', '100m'],
  ['.inf', undefined],
  ['-.INF', undefined],
  ['.NaN', undefined],
  ['NaN', 'NaN'],
];

describe('src/iac/scalars.ts', () => {
  test.each(PLAIN)('reads %j as %j', (source, expected) => {
    expect(plainScalar(source)).toBe(expected);
  });

  test.each([
    ['!!str', '010', '010'],
    ['tag:yaml.org,2002:str', 'yes', 'yes'],
    ['!', '12', '12'],
    ['!!timestamp', '2001-01-01', '2001-01-01'],
    ['!!binary', 'aGk=', 'hi'],
    ['!!bool', 'yes', true],
    ['!!bool', 'maybe', undefined],
    ['!!int', '3', 3],
    ['!!int', '3.5', undefined],
    ['!!float', '1', 1],
    ['!!float', 'x', undefined],
    ['!!null', '', null],
    ['!!null', 'x', undefined],
    ['!secret', 'x', undefined],
  ])('reads %s %j as %j', (tag, source, expected) => {
    expect(taggedScalar(tag, source)).toBe(expected);
  });
});
