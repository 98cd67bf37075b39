import type { ReactElement } from 'react';
import { jsonsIn, stringIn, wordsIn } from '../json.ts';
import { Icon } from '../icon.tsx';
import { safeUrl } from '../text/pieces.ts';
import { PlainText } from '../text/text-object.tsx';
import { Failure } from './failure.tsx';
import { Menu } from './menu.tsx';
import { useElement, type ElementProps } from './use-element.ts';

export function Overflow(props: ElementProps): ReactElement {
  const { use, isDisabled, failure } = useElement(props);
  const items = jsonsIn(props.element.options).map((option) => {
    const value = stringIn(option, 'value') ?? '';
    const url = safeUrl(stringIn(option, 'url') ?? '');
    return {
      key: value,
      label: <PlainText text={wordsIn(option, 'text')} />,
      description: wordsIn(option, 'description') || undefined,
      onChoose: () => {
        if (url !== undefined) window.open(url, '_blank', 'noopener,noreferrer');
        void use(value);
      },
    };
  });
  return (
    <span className="element">
      <Menu label="More actions" className="button button-icon" items={items} isDisabled={isDisabled}>
        <Icon name="more" />
      </Menu>
      <Failure text={failure} />
    </span>
  );
}
