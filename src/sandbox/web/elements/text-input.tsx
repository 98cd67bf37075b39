import type { HTMLAttributes, KeyboardEvent, ReactElement } from 'react';
import type { PageEntry } from '../../slack/page/contract.ts';
import { numberIn, stringIn, typeOf, wordsIn } from '../json.ts';
import { useSurface } from '../surface.tsx';
import { Failure } from './failure.tsx';
import { useDraft } from './use-draft.ts';
import type { ElementProps } from './use-element.ts';

const INPUT_MODES: Readonly<Record<string, HTMLAttributes<HTMLInputElement>['inputMode']>> = {
  email_text_input: 'email',
  url_text_input: 'url',
  number_input: 'decimal',
};

/** Plain text, numbers and addresses. Whether they are valid is for the sandbox to say, as it is for Slack. */
export function TextInput(props: ElementProps): ReactElement {
  const { blockId, element, labelId, hintId, isInvalid = false, dispatches = false } = props;
  const { values } = useSurface();
  const known = stringIn(values[blockId]?.[stringIn(element, 'action_id') ?? ''] ?? {}, 'value') ?? '';
  const { text, isDisabled, failure, change, send } = useDraft(props, known, textEntry);
  const max = numberIn(element, 'max_length');
  const isMultiline = element.multiline === true;

  function press(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || !dispatches || (isMultiline && !(event.ctrlKey || event.metaKey))) return;
    // In any other field Enter submits the form.
    event.preventDefault();
    void send(true);
  }

  const common = {
    className: 'text-field',
    value: text,
    placeholder: wordsIn(element, 'placeholder'),
    disabled: isDisabled,
    'data-focus': element.focus_on_load === true || undefined,
    'aria-labelledby': labelId,
    'aria-describedby': hintId,
    'aria-invalid': isInvalid || undefined,
    onBlur: () => void send(),
    onKeyDown: press,
  };
  return (
    <div className="element element-text">
      {isMultiline ? (
        <textarea {...common} rows={4} onChange={(event) => change(event.target.value)} />
      ) : (
        <input {...common} type="text" autoComplete="off" inputMode={INPUT_MODES[typeOf(element)]} onChange={(event) => change(event.target.value)} />
      )}
      {max !== undefined && max - text.length < Math.min(100, max / 2) && (
        <span className="element-note" data-over={text.length > max || undefined}>
          {max - text.length} left
        </span>
      )}
      <Failure text={failure} />
    </div>
  );
}

function textEntry(text: string): PageEntry {
  return text === '' ? null : text;
}
