import type { ReactElement } from 'react';
import type { BlockJson } from '../../slack/page/contract.ts';
import { jsonIn, stringIn, stringsIn, typeOf, wordsIn } from '../json.ts';
import { safeUrl } from '../text/pieces.ts';
import { PlainText } from '../text/text-object.tsx';
import { useWorld } from '../world.tsx';
import { Failure } from './failure.tsx';
import { useElement, type ElementProps } from './use-element.ts';

/** `button` and `workflow_button`. */
export function Button(props: ElementProps): ReactElement {
  const { element } = props;
  const url = safeUrl(stringIn(element, 'url') ?? '');
  const style = stringIn(element, 'style');
  return <Pressable {...props} text={wordsIn(element, 'text')} url={url} className={style === 'primary' || style === 'danger' ? `button button-${style}` : 'button'} />;
}

/** An `icon_button`. Some are for certain people only. */
export function IconButton(props: ElementProps): ReactElement | null {
  const { meId } = useWorld();
  const only = stringsIn(props.element.visible_to_user_ids);
  if (only.length > 0 && !only.includes(meId)) return null;
  return <Pressable {...props} text={wordsIn(props.element, 'text')} className="button button-quiet" />;
}

/** `feedback_buttons`: two that answer the same question. */
export function FeedbackButtons(props: ElementProps): ReactElement {
  const [positive, negative] = (['positive_button', 'negative_button'] as const).map((field) => jsonIn(props.element, field) ?? {});
  return (
    <>
      <FeedbackButton {...props} button={positive ?? {}} />
      <FeedbackButton {...props} button={negative ?? {}} />
    </>
  );
}

function FeedbackButton(props: ElementProps & { readonly button: BlockJson }): ReactElement {
  const { button, ...rest } = props;
  return <Pressable {...rest} text={wordsIn(button, 'text')} label={stringIn(button, 'accessibility_label')} entry={stringIn(button, 'value') ?? ''} className="button button-quiet" />;
}

interface PressableProps extends ElementProps {
  readonly text: string;
  readonly label?: string | undefined;
  readonly url?: string | undefined;
  readonly entry?: string;
  readonly className: string;
}

function Pressable({ text, label, url, entry, className, ...props }: PressableProps): ReactElement {
  const { use, isBusy, isDisabled, failure } = useElement(props);
  const words = label ?? stringIn(props.element, 'accessibility_label');

  async function press(): Promise<void> {
    if (isBusy) return;
    // Before anything is waited for: browsers let a window open only at once.
    if (url !== undefined && jsonIn(props.element, 'confirm') === undefined) window.open(url, '_blank', 'noopener,noreferrer');
    await use(entry);
  }

  return (
    <span className="element" data-type={typeOf(props.element)}>
      <button type="button" className={className} aria-label={words} aria-busy={isBusy} disabled={isDisabled} onClick={() => void press()}>
        <PlainText text={text} />
      </button>
      <Failure text={failure} />
    </span>
  );
}
