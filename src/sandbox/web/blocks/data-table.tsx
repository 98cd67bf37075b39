import { useState, type ReactElement } from 'react';
import type { BlockJson } from '../../slack/page/contract.ts';
import { numberIn, stringIn, typeOf } from '../json.ts';
import type { BlockProps } from './block-props.ts';
import { Cell, rowsOf } from './cell.tsx';

/** Slack's default. */
const PAGE_SIZE = 5;

/** A `data_table`: the first row is the header, the others come in pages. */
export function DataTable({ block }: BlockProps): ReactElement {
  const [page, setPage] = useState(0);
  const [header = [], ...rows] = rowsOf(block);
  const size = numberIn(block, 'page_size') ?? PAGE_SIZE;
  const last = Math.max(0, Math.ceil(rows.length / size) - 1);
  const shown = Math.min(page, last);
  const caption = stringIn(block, 'caption') ?? '';
  return (
    <figure className="data-table">
      <div className="table-frame" tabIndex={0} role="region" aria-label={caption}>
        <table>
          <caption>{caption}</caption>
          <thead>
            <tr>
              {header.map((cell, column) => (
                <th key={column} scope="col" data-align={alignOf(rows[0]?.[column])}>
                  <Cell cell={cell} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(shown * size, (shown + 1) * size).map((row, index) => (
              <Row key={index} row={row} nameColumn={numberIn(block, 'row_header_column_index')} />
            ))}
          </tbody>
        </table>
      </div>
      {last > 0 && (
        <figcaption className="pages">
          <button type="button" className="button button-quiet" disabled={shown === 0} onClick={() => setPage(shown - 1)}>
            Previous
          </button>
          <span>
            {shown * size + 1}–{Math.min(rows.length, (shown + 1) * size)} of {rows.length}
          </span>
          <button type="button" className="button button-quiet" disabled={shown === last} onClick={() => setPage(shown + 1)}>
            Next
          </button>
        </figcaption>
      )}
    </figure>
  );
}

interface RowProps {
  readonly row: readonly BlockJson[];
  readonly nameColumn: number | undefined;
}

function Row({ row, nameColumn }: RowProps): ReactElement {
  return (
    <tr>
      {row.map((cell, column) => {
        const align = alignOf(cell);
        return column === nameColumn ? (
          <th key={column} scope="row" data-align={align}>
            <Cell cell={cell} />
          </th>
        ) : (
          <td key={column} data-align={align}>
            <Cell cell={cell} />
          </td>
        );
      })}
    </tr>
  );
}

/** Numbers stand below each other. */
function alignOf(cell: BlockJson | undefined): 'right' | undefined {
  return cell !== undefined && typeOf(cell) === 'raw_number' ? 'right' : undefined;
}
