import { useId, type ReactElement } from 'react';
import { Element } from '../elements/element.tsx';
import { jsonIn, wordsIn } from '../json.ts';
import { useSurface } from '../surface.tsx';
import { TextObject } from '../text/text-object.tsx';
import type { BlockProps } from './block-props.ts';

/** An input with its label, its hint and what is wrong with it. */
export function Input({ block, blockId }: BlockProps): ReactElement {
  const { errors } = useSurface();
  const id = useId();
  const error = errors[blockId];
  const hint = jsonIn(block, 'hint');
  const isOptional = block.optional === true;
  const hintId = hint === undefined && error === undefined ? {} : { hintId: `${id}-hint` };
  return (
    <div className="input" data-invalid={error !== undefined || undefined}>
      <div className="input-label" id={`${id}-label`}>
        {wordsIn(block, 'label')}
        {isOptional && <span className="input-optional"> (optional)</span>}
      </div>
      <Element
        blockId={blockId}
        element={jsonIn(block, 'element') ?? {}}
        labelId={`${id}-label`}
        {...hintId}
        isInvalid={error !== undefined}
        isOptional={isOptional}
        dispatches={block.dispatch_action === true}
      />
      <div id={`${id}-hint`} aria-live="polite">
        {error !== undefined && <div className="input-error">{error}</div>}
        {hint !== undefined && (
          <div className="input-hint">
            <TextObject text={hint} />
          </div>
        )}
      </div>
    </div>
  );
}
