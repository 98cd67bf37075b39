import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Node, type Pair } from 'yaml';
import { columnKey, misfit, type StaffCell, type StaffRow } from './staff-file.ts';

/** The people of a YAML file: a list of them, or one below `people`. @throws {SourceFailed} */
export function yamlRows(text: string): readonly StaffRow[] {
  const lines = new LineCounter();
  const lineOf = (node: { readonly range?: readonly [number, ...number[]] | null | undefined } | null | undefined) => Math.max(1, lines.linePos(node?.range?.[0] ?? 0).line);
  // All scalars are taken as they are written: a login may look like a number, and a date is no moment.
  const document = parseDocument(text, { lineCounter: lines, schema: 'failsafe', prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) throw misfit(lines.linePos(error.pos[0]).line, undefined, 'is no YAML');
  const { contents } = document;
  const list: unknown = isMap(contents) ? contents.get('people', true) : contents;
  if (!isSeq(list)) throw misfit(lineOf(contents), undefined, 'holds no list of people');
  return list.items.map((item) => {
    const node = item as Node;
    if (!isMap(node)) throw misfit(lineOf(node), undefined, 'is no person with names of columns before its values');
    const cells = new Map<string, StaffCell>();
    for (const pair of node.items) {
      const [key, cell] = cellOf(pair, lineOf);
      if (cells.has(key)) throw misfit(lineOf(pair.key as Node), cell.column, 'stands twice in a person');
      cells.set(key, cell);
    }
    return { line: lineOf(node), cells };
  });
}

function cellOf({ key, value }: Pair, lineOf: (node: Node | null) => number): readonly [key: string, StaffCell] {
  const column = isScalar(key) ? String(key.value) : '';
  const values = isSeq(value) ? value.items : value === null ? [] : [value];
  const texts = values.map((one) => {
    if (!isScalar(one)) throw misfit(lineOf((one ?? value) as Node), column, 'is neither text nor a list of texts');
    return typeof one.value === 'string' ? one.value : '';
  });
  return [columnKey(column), { column, values: texts }];
}
