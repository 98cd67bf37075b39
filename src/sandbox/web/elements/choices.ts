import type { BlockJson, PageChannel, PagePerson } from '../../slack/page/contract.ts';
import { jsonIn, jsonsIn, stringIn, stringsIn, wordsIn } from '../json.ts';
import type { World } from '../world.tsx';
import type { Choice } from './choice.ts';

/** Options of a menu, those in groups included. */
export function optionChoices(source: { readonly options?: unknown; readonly option_groups?: unknown }): readonly Choice[] {
  const groups = jsonsIn(source.option_groups).flatMap((group) => jsonsIn(group.options).map((option) => optionChoice(option, wordsIn(group, 'label'))));
  return [...jsonsIn(source.options).map((option) => optionChoice(option)), ...groups];
}

export function optionChoice(option: BlockJson, group?: string): Choice {
  const description = wordsIn(option, 'description');
  return {
    value: stringIn(option, 'value') ?? '',
    label: wordsIn(option, 'text'),
    ...(description !== '' && { description }),
    ...(group !== undefined && { group }),
  };
}

export function personChoices({ people }: World): readonly Choice[] {
  return [...people.values()].filter(({ isDeactivated, sort }) => !isDeactivated && sort !== 'slack').map(personChoice);
}

export function personChoice({ id, realName, handle }: PagePerson): Choice {
  return { value: id, label: realName, description: `@${handle}` };
}

export function channelChoice({ id, name, kind }: PageChannel): Choice {
  return { value: id, label: kind === 'im' ? 'Direct message with the app' : name, ...(kind === 'private' && { description: 'private' }) };
}

/** Channels that a menu offers: public ones for `channels_select`, and what its filter lets through for `conversations_select`. */
export function channelChoices({ channels }: World, element: BlockJson, onlyPublic: boolean): readonly Choice[] {
  const filter = jsonIn(element, 'filter') ?? {};
  const included = stringsIn(filter.include);
  return [...channels.values()]
    .filter(({ kind, isArchived, isShared }) => {
      if (isArchived || (isShared && filter.exclude_external_shared_channels === true)) return false;
      return onlyPublic ? kind === 'public' : included.length === 0 || included.includes(kind);
    })
    .map(channelChoice);
}
