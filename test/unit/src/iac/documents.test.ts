import { describe, expect, test } from '@jest/globals';
import { splitDocuments } from '#src/iac/documents.ts';

describe('src/iac/documents.ts', () => {
  test.each([
    ['nothing', '', []],
    ['blank lines and comments only', '\n# a\n\n', []],
    ['separators with nothing between', '---\n---\n', [[1, 0], [2, 1]]],
    ['one document without a separator', 'a: 1\n', [[1, 0]]],
    ['a comment before the first separator', '# licence\n---\na: 1\n', [[1, 0]]],
    ['several, the last without a line end', 'a: 1\n---\nb: 1\n---\nc: 1', [[1, 0], [2, 1], [3, 3]]],
    ['an end marker', 'a: 1\n...\nb: 1\n', [[1, 0], [2, 1]]],
    ['a directive that belongs to the next document', 'a: 1\n...\n%YAML 1.1\n---\nb: 1\n', [[1, 0], [2, 1]]],
    ['lines that only begin like a separator', 'a: 1\n---x: 1\n----\n', [[1, 0]]],
    ['a separator within a block text', 'a: |\n  ---\n  b\n', [[1, 0]]],
    ['line ends of Windows', 'a: 1\r\n---\r\nb: 1\r\n', [[1, 0], [2, 1]]],
    ['a byte order mark before a separator', '\uFEFF---\na: 1\n', [[1, 0]]],
    ['JSON values that follow each other', '{"a":1}\n{"b":1}\n', [[1, 0], [2, 1]]],
    ['JSON values between separators', '---\n{"a":1}\n---\n{"b":1}\n', [[1, 1], [2, 3]]],
  ] as const)('finds the documents of %s', (_, text, expected) => {
    expect([...splitDocuments(text)].map(({ number, linesBefore }) => [number, linesBefore])).toEqual(expected);
  });

  test.each([
    ['an object', '{"a": "}"}', 'json'],
    ['a list', ' [1, {"a": "]\\""}]\n', 'json'],
    ['an object that does not end', '{"a": 1', 'yaml'],
    ['an object with text after it', '{"a": 1}\nb: 1\n', 'yaml'],
    ['a block map', 'a: {}\n', 'yaml'],
  ])('takes %s for what it is', (_, text, format) => {
    expect([...splitDocuments(text)].map((document) => document.format)).toEqual([format]);
  });
});
