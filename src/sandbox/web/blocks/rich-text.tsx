import type { ReactElement } from 'react';
import type { BlockJson } from '../../slack/page/contract.ts';
import { jsonsIn, numberIn, stringIn, typeOf } from '../json.ts';
import { styledPiece } from '../text/leaf.ts';
import { PieceView } from '../text/pieces-view.tsx';
import { JsonBox } from './json-box.tsx';

interface RichTextProps {
  readonly block: BlockJson;
}

export function RichText({ block }: RichTextProps): ReactElement {
  return (
    <div className="rich-text">
      {jsonsIn(block.elements).map((part, index) => (
        <Part key={index} part={part} />
      ))}
    </div>
  );
}

function Part({ part }: { readonly part: BlockJson }): ReactElement {
  switch (typeOf(part)) {
    case 'rich_text_section':
      return (
        <div className="rich-section">
          <Leaves of={part} />
        </div>
      );
    case 'rich_text_list':
      return <List part={part} />;
    case 'rich_text_quote':
      return (
        <blockquote>
          <Leaves of={part} />
        </blockquote>
      );
    case 'rich_text_preformatted':
      return (
        <pre>
          <Leaves of={part} />
        </pre>
      );
    default:
      return <JsonBox what="text" json={part} />;
  }
}

const NUMBERS = ['decimal', 'lower-alpha', 'lower-roman'] as const;

function List({ part }: { readonly part: BlockJson }): ReactElement {
  const depth = numberIn(part, 'indent') ?? 0;
  const items = jsonsIn(part.elements).map((item, index) => (
    <li key={index}>
      <Leaves of={item} />
    </li>
  ));
  if (stringIn(part, 'style') !== 'ordered') {
    return (
      <ul data-depth={depth} data-bullet={depth % 3}>
        {items}
      </ul>
    );
  }
  return (
    <ol data-depth={depth} start={(numberIn(part, 'offset') ?? 0) + 1} data-number={NUMBERS[depth % 3]}>
      {items}
    </ol>
  );
}

function Leaves({ of }: { readonly of: BlockJson }): ReactElement {
  return (
    <>
      {jsonsIn(of.elements).map((leaf, index) => {
        const piece = styledPiece(leaf);
        return piece === undefined ? <JsonBox key={index} what="text" json={leaf} /> : <PieceView key={index} piece={piece} />;
      })}
    </>
  );
}
