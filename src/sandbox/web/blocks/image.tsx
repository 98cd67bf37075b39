import type { ReactElement } from 'react';
import { jsonIn } from '../json.ts';
import { TextObject } from '../text/text-object.tsx';
import type { BlockProps } from './block-props.ts';
import { Picture } from './picture.tsx';

export function Image({ block }: BlockProps): ReactElement {
  const title = jsonIn(block, 'title');
  return (
    <figure className="image">
      {title !== undefined && (
        <figcaption>
          <TextObject text={title} />
        </figcaption>
      )}
      <Picture image={block} />
    </figure>
  );
}
