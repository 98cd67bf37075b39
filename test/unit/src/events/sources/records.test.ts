import { describe, expect, test } from '@jest/globals';
import { createRecordSplitter, type JsonRecord } from '#src/events/sources/records.ts';

/** What a stream holds, cut into chunks of some size. */
function split(text: string, chunkBytes = 65_536, maxBytes?: number): readonly unknown[] {
  const splitter = createRecordSplitter(maxBytes);
  const bytes = Buffer.from(text);
  const records: JsonRecord[] = [];
  for (let start = 0; start < bytes.length; start += chunkBytes) records.push(...splitter.push(bytes.subarray(start, start + chunkBytes)));
  return [...records, ...splitter.end()].map((record) => ('text' in record ? (JSON.parse(record.text) as unknown) : record));
}

const A = { id: 'a', text: 'brackets }{][ "quotes" \\ and\nbreaks \u2028 🚀' };
const B = { id: 'b', list: [1, { two: [] }] };
const SHAPES: Readonly<Record<string, string>> = {
  'one per line': `${JSON.stringify(A)}\n${JSON.stringify(B)}\n`,
  'lines that end as on Windows, with empty ones between': `${JSON.stringify(A)}\r\n\r\n${JSON.stringify(B)}`,
  'one after the other': JSON.stringify(A) + JSON.stringify(B),
  'over many lines': `${JSON.stringify(A, undefined, 2)}\n${JSON.stringify(B, undefined, 2)}\n`,
  'a list in one line': JSON.stringify([A, B]),
  'a list over many lines': JSON.stringify([A, B], undefined, 2),
  'a list with each element in a line at the left edge': `[\n${JSON.stringify(A)},\n${JSON.stringify(B)}\n]`,
  'with a byte order mark': `\ufeff${JSON.stringify(A)}\n${JSON.stringify(B)}`,
};

describe('src/events/sources/records.ts', () => {
  describe.each(Object.entries(SHAPES))('%s', (_name, text) => {
    test.each([1, 2, 3, 7, 64, 65_536])('is the same values in chunks of %i bytes', (chunkBytes) => {
      expect(split(text, chunkBytes)).toEqual([A, B]);
    });
  });

  test('a broken line spoils no other', () => {
    const splitter = createRecordSplitter();

    const records = [...splitter.push(Buffer.from(`${JSON.stringify(A)}\n{"id":"cut off\n${JSON.stringify(B)}\n`))];

    expect(records.map((record) => ('text' in record ? record.text : ''))).toEqual([JSON.stringify(A), '{"id":"cut off', JSON.stringify(B)]);
  });

  test('a value that breaks off is told, and what comes after it is read', () => {
    expect(split(`{\n "id": "cut off\n${JSON.stringify(B)}`)).toEqual([{ malformed: 'it breaks off' }, B]);
    expect(split(`{\n "id":\n${JSON.stringify(B)}`)).toEqual([{ malformed: 'it breaks off' }, B]);
    expect(split('{\n "id": 1,\n')).toEqual([{ malformed: 'it breaks off' }]);
  });

  test('nobody who writes a text makes it a value', () => {
    const spoof = { text: '\n{"id":"b","list":[]}\n}{"verb":"create"}' };

    expect(split(JSON.stringify(spoof, undefined, 1), 5)).toEqual([spoof]);
    expect(split(JSON.stringify(spoof), 5)).toEqual([spoof]);
  });

  test.each([['lines', (text: string) => `${JSON.stringify(B)}\n${text}\n${JSON.stringify(B)}\n`], ['brackets', (text: string) => `[${JSON.stringify(B)},${text},${JSON.stringify(B)}]`]] as const)(
    'among %s, a value that is too long is told once and left out',
    (_name, around) => {
      const long = JSON.stringify({ id: 'x'.repeat(500) });

      expect(split(around(long), 64, 200)).toEqual([B, { malformed: 'longer than 0 MiB' }, B]);
    },
  );

  test('an empty stream holds nothing', () => {
    expect(split('')).toEqual([]);
    expect(split('\n \n')).toEqual([]);
  });
});
