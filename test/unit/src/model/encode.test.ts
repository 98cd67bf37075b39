import { describe, expect, test } from '@jest/globals';
import { encode } from '#src/model/encode.ts';

const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

describe('src/model/encode.ts', () => {
  test.each(['\u001b[31mred', 'a\u007fb', '\u009b2J', '\u202egnp.exe', '\u2028', '\u{e0041}', 'plain é 日本 🙂'])('%j is safe on a terminal and means the same', (text) => {
    const encoded = encode({ text });

    expect(encoded).not.toMatch(UNSAFE);
    expect(JSON.parse(encoded)).toEqual({ text });
  });
});
