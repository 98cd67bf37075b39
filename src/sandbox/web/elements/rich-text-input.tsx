import type { ReactElement } from 'react';
import type { BlockJson, PageEntry } from '../../slack/page/contract.ts';
import { jsonIn, jsonsIn, stringIn, wordsIn } from '../json.ts';
import { useSurface } from '../surface.tsx';
import { Failure } from './failure.tsx';
import { useDraft } from './use-draft.ts';
import type { ElementProps } from './use-element.ts';

/** Takes the words without formatting; the app gets a rich text object all the same. */
export function RichTextInput(props: ElementProps): ReactElement {
  const { blockId, element, labelId, hintId, isInvalid = false } = props;
  const { values } = useSurface();
  const known = wordsOfRichText(jsonIn(values[blockId]?.[stringIn(element, 'action_id') ?? ''] ?? {}, 'rich_text_value'));
  const { text, isDisabled, failure, change, send } = useDraft(props, known, richTextEntry);
  return (
    <div className="element element-text">
      <textarea
        className="text-field"
        rows={4}
        value={text}
        placeholder={wordsIn(element, 'placeholder')}
        disabled={isDisabled}
        data-focus={element.focus_on_load === true || undefined}
        aria-labelledby={labelId}
        aria-describedby={hintId}
        aria-invalid={isInvalid || undefined}
        onChange={(event) => change(event.target.value)}
        onBlur={() => void send()}
      />
      <Failure text={failure} />
    </div>
  );
}

function richTextEntry(text: string): PageEntry {
  return text === '' ? null : { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text }] }] };
}

function wordsOfRichText(richText: BlockJson | undefined): string {
  return jsonsIn(richText?.elements)
    .map((part) => jsonsIn(part.elements).map((leaf) => stringIn(leaf, 'text') ?? '').join(''))
    .join('\n');
}
