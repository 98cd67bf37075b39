import type { ReactElement } from 'react';
import type { BlockJson } from '../../slack/page/contract.ts';
import { isJson, numberIn, stringIn, typeOf } from '../json.ts';
import { JsonBox } from './json-box.tsx';
import { RichText } from './rich-text.tsx';

/** What stands in one cell of a `table` or `data_table`. Its raw text has no markup. */
export function Cell({ cell }: { readonly cell: BlockJson }): ReactElement {
  switch (typeOf(cell)) {
    case 'raw_text':
      return <>{stringIn(cell, 'text') ?? ''}</>;
    case 'raw_number':
      return <>{stringIn(cell, 'text') ?? numberIn(cell, 'value')}</>;
    case 'rich_text':
      return <RichText block={cell} />;
    default:
      return <JsonBox what="element" json={cell} />;
  }
}

/** The rows of a table; what is no cell is left empty, so that columns stay columns. */
export function rowsOf(block: BlockJson): readonly (readonly BlockJson[])[] {
  if (!Array.isArray(block.rows)) return [];
  return block.rows.map((row: unknown) => (Array.isArray(row) ? row.map((cell: unknown) => (isJson(cell) ? cell : { type: 'raw_text', text: '' })) : []));
}
