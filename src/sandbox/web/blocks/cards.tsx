import { useId, type ReactElement, type ReactNode } from 'react';
import type { BlockJson } from '../../slack/page/contract.ts';
import { Element } from '../elements/element.tsx';
import { jsonIn, jsonsIn, stringIn } from '../json.ts';
import { TextObject } from '../text/text-object.tsx';
import type { BlockProps } from './block-props.ts';
import { Picture } from './picture.tsx';
import { RichText } from './rich-text.tsx';

export function Card({ block, blockId }: BlockProps): ReactElement {
  const [hero, icon, title, subtitle, body] = (['hero_image', 'icon', 'title', 'subtitle', 'body'] as const).map((field) => jsonIn(block, field));
  const actions = jsonsIn(block.actions);
  return (
    <article className="card">
      {hero !== undefined && <Picture image={hero} />}
      <div className="card-head">
        {icon !== undefined && <Picture image={icon} isSmall />}
        <div>
          {title !== undefined && (
            <strong>
              <TextObject text={title} />
            </strong>
          )}
          {subtitle !== undefined && (
            <div className="card-subtitle">
              <TextObject text={subtitle} />
            </div>
          )}
        </div>
      </div>
      {body !== undefined && <TextObject text={body} />}
      {actions.length > 0 && (
        <div className="actions">
          {actions.map((action, index) => (
            <Element key={stringIn(action, 'action_id') ?? index} blockId={blockId} element={action} />
          ))}
        </div>
      )}
    </article>
  );
}

export function Carousel({ block }: BlockProps): ReactElement {
  return (
    <div className="carousel" tabIndex={0} role="region" aria-label="Cards">
      {jsonsIn(block.elements).map((card, index) => (
        <Card key={index} block={card} blockId={stringIn(card, 'block_id') ?? ''} />
      ))}
    </div>
  );
}

interface ContainerProps {
  readonly block: BlockJson;
  /** Its child blocks. */
  readonly children: ReactNode;
}

/** Other blocks with a title above them. */
export function Container({ block, children }: ContainerProps): ReactElement {
  const id = useId();
  const title = <ContainerTitle block={block} />;
  if (block.is_collapsible === true) {
    return (
      <details className="container" open={block.default_collapsed !== true}>
        <summary>{title}</summary>
        {children}
      </details>
    );
  }
  return (
    <section className="container" aria-labelledby={id}>
      <div id={id}>{title}</div>
      {children}
    </section>
  );
}

function ContainerTitle({ block }: Pick<BlockProps, 'block'>): ReactElement {
  const [icon, title, richTitle, subtitle] = (['icon', 'title', 'rich_text_title', 'subtitle'] as const).map((field) => jsonIn(block, field));
  return (
    <span className="container-title">
      {icon !== undefined && <Picture image={icon} isSmall />}
      {richTitle !== undefined ? <RichText block={richTitle} /> : <strong>{title !== undefined && <TextObject text={title} />}</strong>}
      {subtitle !== undefined && (
        <span className="card-subtitle">
          <TextObject text={subtitle} />
        </span>
      )}
    </span>
  );
}
