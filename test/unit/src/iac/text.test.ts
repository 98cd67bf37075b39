import { describe, expect, test } from '@jest/globals';
import { decodeText } from '#src/iac/text.ts';

const TEXT = 'kind: Pod\n';

function utf16(text: string, { bigEndian = false, mark = true } = {}): Buffer {
  const bytes = Buffer.from(mark ? `\uFEFF${text}` : text, 'utf16le');
  return bigEndian ? bytes.swap16() : bytes;
}

describe('src/iac/text.ts', () => {
  test.each([
    ['UTF-8', Buffer.from(TEXT)],
    ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${TEXT}`)],
    ['UTF-16, little endian', utf16(TEXT)],
    ['UTF-16, big endian', utf16(TEXT, { bigEndian: true })],
    ['UTF-16 without a mark, little endian', utf16(TEXT, { mark: false })],
    ['UTF-16 without a mark, big endian', utf16(TEXT, { mark: false, bigEndian: true })],
  ])('reads %s', (_, bytes) => {
    expect(decodeText(bytes)).toEqual({ text: TEXT });
  });

  test('reads nothing as nothing', () => {
    expect(decodeText(Buffer.alloc(0))).toEqual({ text: '' });
  });

  test('takes the line ends of old Macs for line ends', () => {
    expect(decodeText(Buffer.from('a: 1\rb: 2\r'))).toEqual({ text: 'a: 1\nb: 2\n' });
  });

  test('keeps what is not UTF-8 as a replacement character', () => {
    expect(decodeText(Buffer.from([0x61, 0xe9, 0x62]))).toEqual({ text: 'a\uFFFDb' });
  });

  test.each([
    ['UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x61, 0, 0, 0]), 'holds UTF-32, which is not read'],
    ['a program', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0]), 'is binary, not text'],
  ])('gives up %s with a reason', (_, bytes, reason) => {
    expect(decodeText(bytes)).toEqual({ reason });
  });
});
