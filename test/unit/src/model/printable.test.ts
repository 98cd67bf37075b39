import { describe, expect, test } from '@jest/globals';
import { printable } from '#src/model/printable.ts';

describe('src/model/printable.ts', () => {
  test.each([
    ['plain é 日本 🙂', 'plain é 日本 🙂'],
    ['\u001b[2Jgone', '\\x1b[2Jgone'],
    ['two\nlines\r', 'two\\x0alines\\x0d'],
    ['\u009bx', '\\x9bx'],
    ['txt\u202egnp.exe', 'txt\\u{202e}gnp.exe'],
    ['a\u2028b', 'a\\u{2028}b'],
    ['\ud800', '\\u{d800}'],
  ])('%j is shown as %j', (text, expected) => {
    expect(printable(text)).toBe(expected);
  });
});
