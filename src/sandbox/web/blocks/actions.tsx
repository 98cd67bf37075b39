import type { ReactElement } from 'react';
import { Element } from '../elements/element.tsx';
import { jsonsIn, stringIn } from '../json.ts';
import type { BlockProps } from './block-props.ts';

/** `actions` and `context_actions`. */
export function Actions({ block, blockId }: BlockProps): ReactElement {
  return (
    <div className="actions">
      {jsonsIn(block.elements).map((element, index) => (
        <Element key={stringIn(element, 'action_id') ?? index} blockId={blockId} element={element} />
      ))}
    </div>
  );
}
