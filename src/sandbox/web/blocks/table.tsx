import type { ReactElement } from 'react';
import { isJson, stringIn } from '../json.ts';
import type { BlockProps } from './block-props.ts';
import { Cell, rowsOf } from './cell.tsx';

/** A `table`: its first row is the header. */
export function Table({ block }: BlockProps): ReactElement {
  const [header = [], ...rows] = rowsOf(block);
  const settings: readonly unknown[] = Array.isArray(block.column_settings) ? block.column_settings : [];
  const looks = (column: number): { readonly 'data-align': string | undefined; readonly 'data-wrapped': true | undefined } => {
    const setting = settings[column];
    return isJson(setting) ? { 'data-align': stringIn(setting, 'align'), 'data-wrapped': setting.is_wrapped === true || undefined } : { 'data-align': undefined, 'data-wrapped': undefined };
  };
  return (
    <div className="table-frame" tabIndex={0} role="region" aria-label="Table">
      <table>
        <thead>
          <tr>
            {header.map((cell, column) => (
              <th key={column} scope="col" {...looks(column)}>
                <Cell cell={cell} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => (
                <td key={column} {...looks(column)}>
                  <Cell cell={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
