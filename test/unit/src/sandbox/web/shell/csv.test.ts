import { describe, expect, test } from '@jest/globals';
import { csvRows } from '#src/sandbox/web/shell/csv.ts';

describe('src/sandbox/web/shell/csv.ts', () => {
  test.each([
    ['a,b\n1,2\n', [['a', 'b'], ['1', '2']]],
    ['a,b\r\n1,2', [['a', 'b'], ['1', '2']]],
    ['"a,b","c ""d"""\n"x\ny",', [['a,b', 'c "d"'], ['x\ny', '']]],
    ['', []],
    ['one', [['one']]],
    ['"never closed, a', [['never closed, a']]],
  ])('reads %j', (text, rows) => {
    expect(csvRows(text)).toEqual(rows);
  });
});
