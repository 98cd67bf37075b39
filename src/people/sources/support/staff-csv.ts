import { CsvError, parse } from 'csv-parse/sync';
import { columnKey, misfit, type StaffCell, type StaffRow } from './staff-file.ts';

const DELIMITERS = [',', ';', '\t'] as const;

interface RawRow {
  readonly info: { readonly lines: number };
  readonly record: readonly string[];
}

/** The rows of a CSV file with a header. Comma, semicolon or tab: what the header has most of. @throws {SourceFailed} */
export function csvRows(text: string): readonly StaffRow[] {
  const [header, ...rows] = records(text);
  if (header === undefined) return [];
  const columns = header.record.map((name) => ({ column: name, key: columnKey(name) }));
  const twice = columns.find(({ key }, index) => key !== '' && columns.findIndex((other) => other.key === key) !== index);
  if (twice !== undefined) throw misfit(1, twice.column, 'stands twice in the header');
  return rows.map(({ record, info }) => {
    // The parser counts the lines of a record to its end; a cell may hold line breaks.
    const line = info.lines - record.reduce((sum, cell) => sum + (cell.match(/\r\n|\r|\n/g)?.length ?? 0), 0);
    if (record.length !== columns.length) throw misfit(line, undefined, `has ${record.length} cells where the header has ${columns.length}`);
    const cells = columns.map(({ key, column }, index): readonly [string, StaffCell] => [key, { column, values: [record[index] ?? ''] }]);
    return { line, cells: new Map(cells) };
  });
}

function records(text: string): readonly RawRow[] {
  const firstLine = /^[^\r\n]*/.exec(text)?.[0] ?? '';
  const counts = DELIMITERS.map((delimiter) => firstLine.split(delimiter).length);
  const delimiter = DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ',';
  try {
    return parse(text, { bom: true, delimiter, info: true, trim: true, skip_empty_lines: true, relax_column_count: true }) as unknown as readonly RawRow[];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw misfit(typeof error.lines === 'number' ? error.lines : 1, undefined, 'the quotes of a cell do not match');
  }
}
