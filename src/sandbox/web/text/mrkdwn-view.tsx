import type { ReactElement } from 'react';
import { parseMrkdwn, type Line, type Passage } from './mrkdwn.ts';
import { Pieces } from './pieces-view.tsx';

interface MrkdwnProps {
  readonly text: string;
  readonly isVerbatim?: boolean;
}

export function Mrkdwn({ text, isVerbatim = false }: MrkdwnProps): ReactElement {
  return (
    <div className="mrkdwn">
      {parseMrkdwn(text, { linksUrls: !isVerbatim }).map((passage, index) => (
        <PassageView key={index} passage={passage} />
      ))}
    </div>
  );
}

function PassageView({ passage }: { readonly passage: Passage }): ReactElement {
  if (passage.kind === 'preformatted') return <pre>{passage.text}</pre>;
  const lines = passage.lines.map((line, index) => <LineView key={index} line={line} />);
  return passage.kind === 'quote' ? <blockquote>{lines}</blockquote> : <div>{lines}</div>;
}

function LineView({ line }: { readonly line: Line }): ReactElement {
  if (line.marker === undefined) return <div className="line">{line.pieces.length === 0 ? '\u00a0' : <Pieces pieces={line.pieces} />}</div>;
  return (
    <div className="line line-item" data-depth={line.depth}>
      <span className="line-marker">{line.marker}</span>
      <span>
        <Pieces pieces={line.pieces} />
      </span>
    </div>
  );
}
