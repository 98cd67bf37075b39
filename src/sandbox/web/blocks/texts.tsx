import type { ReactElement } from 'react';
import { jsonIn, jsonsIn, numberIn, stringIn, typeOf } from '../json.ts';
import { TextObject } from '../text/text-object.tsx';
import { Element } from '../elements/element.tsx';
import type { BlockProps } from './block-props.ts';
import { Picture } from './picture.tsx';

export function Header({ block }: BlockProps): ReactElement {
  return (
    <h3 className="block-header" data-level={numberIn(block, 'level')}>
      <TextObject text={jsonIn(block, 'text') ?? {}} />
    </h3>
  );
}

export function Section({ block, blockId }: BlockProps): ReactElement {
  const text = jsonIn(block, 'text');
  const fields = jsonsIn(block.fields);
  const accessory = jsonIn(block, 'accessory');
  return (
    <div className="section">
      <div className="section-text">
        {text !== undefined && <TextObject text={text} />}
        {fields.length > 0 && (
          <div className="fields">
            {fields.map((field, index) => (
              <div key={index}>
                <TextObject text={field} />
              </div>
            ))}
          </div>
        )}
      </div>
      {accessory !== undefined && (
        <div className="section-accessory">
          <Element blockId={blockId} element={accessory} />
        </div>
      )}
    </div>
  );
}

/** A gray line. */
export function Context({ block }: BlockProps): ReactElement {
  return (
    <div className="context">
      {jsonsIn(block.elements).map((element, index) => (typeOf(element) === 'image' ? <Picture key={index} image={element} isSmall /> : <TextObject key={index} text={element} />))}
    </div>
  );
}

export function Divider(): ReactElement {
  return <hr />;
}

const ALERTS: Readonly<Record<string, string>> = { info: 'Note', warning: 'Warning', error: 'Error', success: 'Done' };

export function Alert({ block }: BlockProps): ReactElement {
  const level = stringIn(block, 'level') ?? 'default';
  return (
    <div className="alert" data-level={level}>
      {ALERTS[level] !== undefined && <strong>{ALERTS[level]}</strong>}
      <TextObject text={jsonIn(block, 'text') ?? {}} />
    </div>
  );
}
