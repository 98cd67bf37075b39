import { useMemo, type ReactElement } from 'react';
import type { BlockJson } from '../../slack/page/contract.ts';
import { jsonIn, jsonsIn, numberIn, stringIn, stringsIn, typeOf, wordsIn } from '../json.ts';
import { useWorld, type World } from '../world.tsx';
import { channelChoice, channelChoices, optionChoice, optionChoices, personChoice, personChoices } from './choices.ts';
import { Failure } from './failure.tsx';
import type { Choice } from './choice.ts';
import { Picker } from './picker.tsx';
import { useElement, type ElementProps } from './use-element.ts';
import { useSuggestions } from './use-suggestions.ts';

type Source = 'static' | 'external' | 'users' | 'conversations' | 'channels';

/** Field of the payload that holds what is chosen, for one choice and for several. */
const FIELDS: Readonly<Record<Source, readonly [one: string, several: string]>> = {
  static: ['selected_option', 'selected_options'],
  external: ['selected_option', 'selected_options'],
  users: ['selected_user', 'selected_users'],
  conversations: ['selected_conversation', 'selected_conversations'],
  channels: ['selected_channel', 'selected_channels'],
};

/** Every kind of select menu, for one choice and for several. */
export function Select(props: ElementProps): ReactElement {
  const { element, blockId } = props;
  const world = useWorld();
  const { value, use, isBusy, isDisabled, failure } = useElement(props);
  const isMultiple = typeOf(element).startsWith('multi_');
  const source = sourceOf(element);
  const field = FIELDS[source][isMultiple ? 1 : 0];
  const suggestions = useSuggestions(blockId, element);
  const own = useMemo(() => ownChoices(source, element, world), [source, element, world]);
  const max = isMultiple ? numberIn(element, 'max_selected_items') : undefined;

  function choose(chosen: readonly Choice[]): void {
    if (max !== undefined && chosen.length > max) return;
    const values = chosen.map((choice) => choice.value);
    const known = source === 'static' || source === 'external' ? chosen.map(choiceOption) : values;
    void use(isMultiple ? values : (values[0] ?? null), { [field]: isMultiple ? known : (known[0] ?? null) });
  }

  return (
    <span className="element element-select" data-busy={isBusy || undefined}>
      <Picker
        labelId={props.labelId}
        hintId={props.hintId}
        placeholder={wordsIn(element, 'placeholder') || (isMultiple ? 'Choose some' : 'Choose one')}
        choices={source === 'external' ? suggestions.choices : own}
        chosen={chosenIn(value, source, field, world)}
        isMultiple={isMultiple}
        isDisabled={isDisabled}
        isInvalid={props.isInvalid === true}
        canClear={props.isOptional === true}
        wantsFocus={element.focus_on_load === true}
        onChoose={choose}
        onSearch={source === 'external' ? suggestions.search : undefined}
        emptyText={source === 'external' ? suggestions.text : 'Nothing fits.'}
      />
      {max !== undefined && <span className="element-note">At most {max}.</span>}
      <Failure text={failure} />
    </span>
  );
}

function sourceOf(element: BlockJson): Source {
  const [source = ''] = typeOf(element).replace('multi_', '').split('_');
  return source in FIELDS ? (source as Source) : 'static';
}

function ownChoices(source: Source, element: BlockJson, world: World): readonly Choice[] {
  switch (source) {
    case 'users':
      return personChoices(world);
    case 'channels':
    case 'conversations':
      return channelChoices(world, element, source === 'channels');
    case 'static':
      return optionChoices(element);
    case 'external':
      return [];
  }
}

function chosenIn(value: BlockJson, source: Source, field: string, { people, channels }: World): readonly Choice[] {
  const held = value[field];
  if (source === 'static' || source === 'external') return (Array.isArray(held) ? jsonsIn(held) : [jsonIn(value, field)]).flatMap((option) => (option === undefined ? [] : [optionChoice(option)]));
  const ids = Array.isArray(held) ? stringsIn(held) : [stringIn(value, field)];
  return ids.flatMap((id): Choice[] => {
    if (id === undefined) return [];
    const person = people.get(id);
    const channel = channels.get(id);
    return [person !== undefined ? personChoice(person) : channel !== undefined ? channelChoice(channel) : { value: id, label: id }];
  });
}

function choiceOption({ value, label, description }: Choice): BlockJson {
  return { value, text: { type: 'plain_text', text: label }, ...(description !== undefined && { description: { type: 'plain_text', text: description } }) };
}
