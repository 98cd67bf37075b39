import { describe, expect, test } from '@jest/globals';
import { fitted, MAX_LINE_BYTES, shortened } from '#src/cli/output/encode.ts';
import { encode } from '#src/model/encode.ts';

function bytesOf(value: unknown): number {
  return Buffer.byteLength(`${encode(value)}\n`);
}

describe('src/cli/output/encode.ts', () => {
  test('leaves alone what fits', () => {
    const record = { file: 'a.yaml', message: 'm'.repeat(10_000) };

    expect(fitted(record)).toBe(record);
  });

  test.each([
    ['letters', 'm'.repeat(100_000)],
    ['letters of several bytes', '日'.repeat(50_000)],
    ['characters that are escaped', '\u0001'.repeat(20_000)],
    ['pairs of surrogates', '🙂'.repeat(60_000)],
  ])('cuts a message of many %s, and only that', (_, message) => {
    const record = { file: 'a.yaml', object: { kind: 'Pod', name: 'a' }, message };

    const short = fitted(record);

    expect(bytesOf(short)).toBeLessThanOrEqual(MAX_LINE_BYTES);
    expect(short.message.endsWith('…')).toBe(true);
    expect(short.message).not.toMatch(/\p{Cs}/u);
    expect(record.message.startsWith(short.message.slice(0, -1))).toBe(true);
    expect({ ...short, message }).toEqual(record);
  });

  test('cuts everything but the file when that is not enough, and says so', () => {
    const record = { file: 'f'.repeat(4000), object: { name: 'n'.repeat(70_000) }, related: Array.from({ length: 5000 }, (_, index) => ({ name: `r${index}` })), message: 'm' };

    const short = fitted(record);

    expect(bytesOf(short)).toBeLessThanOrEqual(MAX_LINE_BYTES);
    expect(short).toMatchObject({ file: record.file, message: 'm', cut: true });
  });

  test.each([
    ['abc', 3, 'abc'],
    ['abcd', 3, 'ab…'],
    ['a🙂b', 3, 'a…'],
  ])('%j in %i characters is %j', (text, limit, expected) => {
    expect(shortened(text, limit)).toBe(expected);
  });
});
