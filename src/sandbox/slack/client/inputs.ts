import { isObject, type Json } from '#src/blocks/rules.ts';
import type { Backend } from '../state/backend.ts';
import { channelNamed } from '../state/channels.ts';
import { personNamed } from '../state/people.ts';
import { Impossible } from '../state/impossible.ts';

/** What a person enters: text, a date as `2026-11-30`, a time as `09:30`, seconds, the value of an option, a person, a channel, or several. */
export type Entry = string | number | readonly string[] | Json | null;

/** Options that the app suggested for a menu, by action id. */
export type Suggestions = ReadonlyMap<string, readonly Json[]>;

/** What an element holds after the entry. @throws when the element does not offer it: a person could not do that. */
export function entered(backend: Backend, element: Json, entry: Entry, suggestions: Suggestions): Json {
  const type = String(element.type);
  const fill = FILL[type];
  if (fill === undefined) throw new Impossible(`Nothing can be entered into a ${type}.`);
  return { type, ...fill({ backend, element, entry, suggestions }) };
}

/** An option of a menu by its value. @throws when the menu has none such. */
export function offeredOption(element: Json, value: unknown, suggestions: Suggestions): Json {
  const groups = [element.option_groups].flat().filter(isObject).map(({ options }) => options);
  const initial = [element.initial_option, element.initial_options];
  const offered = [element.options, ...groups, ...initial, suggestions.get(String(element.action_id)) ?? []].flat().filter(isObject);
  const option = offered.find((candidate) => candidate.value === value);
  if (option === undefined) throw new Impossible(`The menu ${String(element.action_id)} does not offer ${JSON.stringify(value)}.`);
  return option;
}

interface Filling {
  readonly backend: Backend;
  readonly element: Json;
  readonly entry: Entry;
  readonly suggestions: Suggestions;
}

const FILL: Readonly<Record<string, (filling: Filling) => Json>> = {
  plain_text_input: text,
  email_text_input: text,
  url_text_input: text,
  number_input: text,
  rich_text_input: ({ entry }) => ({ rich_text_value: isObject(entry) ? entry : richTextOf(oneWord(entry)) }),
  static_select: oneOption,
  external_select: oneOption,
  radio_buttons: oneOption,
  multi_static_select: manyOptions,
  multi_external_select: manyOptions,
  checkboxes: manyOptions,
  users_select: ({ backend, entry }) => ({ selected_user: entry === null ? null : personNamed(backend, oneWord(entry)).id }),
  multi_users_select: ({ backend, entry }) => ({ selected_users: several(entry).map((name) => personNamed(backend, name).id) }),
  conversations_select: ({ backend, entry }) => ({ selected_conversation: entry === null ? null : channelNamed(backend, oneWord(entry)).id }),
  multi_conversations_select: ({ backend, entry }) => ({ selected_conversations: several(entry).map((name) => channelNamed(backend, name).id) }),
  channels_select: ({ backend, entry }) => ({ selected_channel: entry === null ? null : channelNamed(backend, oneWord(entry)).id }),
  multi_channels_select: ({ backend, entry }) => ({ selected_channels: several(entry).map((name) => channelNamed(backend, name).id) }),
  datepicker: ({ entry }) => ({ selected_date: matching(entry, /^\d{4}-\d{2}-\d{2}$/) }),
  timepicker: ({ entry, element }) => ({ selected_time: matching(entry, /^\d{2}:\d{2}$/), ...(element.timezone !== undefined && { timezone: element.timezone }) }),
  datetimepicker: ({ entry }) => ({ selected_date_time: entry === null ? null : Number(matching(entry, /^\d{10}$/)) }),
};

function text({ entry }: Filling): Json {
  return { value: entry === null || entry === '' ? null : oneWord(entry) };
}

function oneOption({ element, entry, suggestions }: Filling): Json {
  return { selected_option: entry === null ? null : offeredOption(element, entry, suggestions) };
}

function manyOptions({ element, entry, suggestions }: Filling): Json {
  return { selected_options: several(entry).map((value) => offeredOption(element, value, suggestions)) };
}

function several(entry: Entry): readonly string[] {
  if (entry === null) return [];
  return isList(entry) ? entry : [oneWord(entry)];
}

function isList(entry: Entry): entry is readonly string[] {
  return Array.isArray(entry);
}

function oneWord(entry: Entry): string {
  if (typeof entry === 'string' || typeof entry === 'number') return String(entry);
  throw new Impossible(`One word or number was expected, not ${JSON.stringify(entry)}.`);
}

function matching(entry: Entry, pattern: RegExp): string | null {
  if (entry === null) return null;
  const word = oneWord(entry);
  if (!pattern.test(word)) throw new Impossible(`${word} is nothing that can be picked here.`);
  return word;
}

function richTextOf(words: string): Json {
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: words }] }] };
}
