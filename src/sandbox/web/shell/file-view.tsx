import { useEffect, useState, type ReactElement } from 'react';
import type { PageFile } from '../../slack/page/contract.ts';
import { Icon } from '../icon.tsx';
import { csvRows } from './csv.ts';

const PREVIEW_BYTES = 64 * 1024;
const PREVIEW_ROWS = 12;

interface FileProps {
  readonly file: PageFile;
}

/** A file in a message: with a download, and what can be shown of it. */
export function FileView({ file }: FileProps): ReactElement {
  const isPicture = /^image\/(?:png|jpeg|gif)$/.test(file.mimeType);
  const isText = /^text\/|json$|yaml$/.test(file.mimeType);
  return (
    <figure className="file">
      <figcaption className="file-row">
        <Icon name={isPicture ? 'picture' : 'file'} />
        <span className="file-name">
          <strong>{file.title || file.name}</strong>
          <span>
            {file.name} · {sizeText(file.size)}
          </span>
        </span>
        <a className="button button-icon" href={file.url} download={file.name} aria-label={`Download ${file.name}`} title="Download">
          <Icon name="download" />
        </a>
      </figcaption>
      {isPicture && (
        <a href={file.url} target="_blank" rel="noreferrer" title="Open in full size">
          <img className="picture" src={file.url} alt={file.altText || file.title} />
        </a>
      )}
      {isText && <TextPreview file={file} />}
    </figure>
  );
}

function TextPreview({ file }: FileProps): ReactElement {
  const text = usePreview(file.url);
  if (text === undefined) return <div className="file-preview file-waiting">Loading…</div>;
  if (!file.mimeType.endsWith('csv')) return <pre className="file-preview">{text.split('\n').slice(0, PREVIEW_ROWS).join('\n')}</pre>;
  const rows = csvRows(text);
  const [header = [], ...body] = rows.slice(0, PREVIEW_ROWS + 1);
  return (
    <div className="file-preview table-frame" tabIndex={0} role="region" aria-label={`First rows of ${file.name}`}>
      <table>
        <thead>
          <tr>
            {header.map((cell, index) => (
              <th key={index} scope="col">
                {cell}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {body.map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => (
                <td key={column}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > PREVIEW_ROWS + 1 && <p className="file-more">{file.size > PREVIEW_BYTES ? 'More' : `${rows.length - PREVIEW_ROWS - 1} more`} rows in the file</p>}
    </div>
  );
}

/** The beginning of a text; undefined while it is being read. */
function usePreview(url: string): string | undefined {
  const [text, setText] = useState<string>();
  useEffect(() => {
    const stop = new AbortController();
    readStart(url, stop.signal).then(setText, (error: unknown) => {
      if (!stop.signal.aborted) setText(`It could not be read: ${error instanceof Error ? error.message : String(error)}`);
    });
    return () => stop.abort();
  }, [url]);
  return text;
}

async function readStart(url: string, signal: AbortSignal): Promise<string> {
  const response = await fetch(url, { signal });
  if (!response.ok) throw new Error(`the sandbox answered ${response.status}`);
  const blob = await response.blob();
  return blob.slice(0, PREVIEW_BYTES).text();
}

function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} kB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
