import { isObject, type Json } from '#src/blocks/rules.ts';
import type { Backend } from '../state/backend.ts';
import { channelNamed } from '../state/channels.ts';
import { personNamed } from '../state/people.ts';
import { elementsIn, valueOf, type PlacedElement } from '../state/entered.ts';
import type { StoredView } from '../state/views.ts';

/** What a person enters: text, a date as `2026-11-30`, a time as `09:30`, seconds, the value of an option, a person, a channel, or several. */
export type Entry = string | number | readonly string[] | Json | null;

/** Options that the app suggested for a menu, by action id. */
export type Suggestions = ReadonlyMap<string, readonly Json[]>;

/** What an element holds after the entry. @throws when the element does not offer it: a person could not do that. */
export function entered(backend: Backend, element: Json, entry: Entry, suggestions: Suggestions): Json {
  const type = String(element.type);
  const fill = FILL[type];
  if (fill === undefined) throw new Error(`Nothing can be entered into a ${type}.`);
  return { type, ...fill({ backend, element, entry, suggestions }) };
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
  rich_text_input: ({ entry }) => ({ rich_text_value: isObject(entry) ? entry : richTextOf(String(entry)) }),
  static_select: (filling) => ({ selected_option: filling.entry === null ? null : optionOf(filling, filling.entry) }),
  external_select: (filling) => ({ selected_option: filling.entry === null ? null : optionOf(filling, filling.entry) }),
  radio_buttons: (filling) => ({ selected_option: filling.entry === null ? null : optionOf(filling, filling.entry) }),
  multi_static_select: (filling) => ({ selected_options: several(filling.entry).map((value) => optionOf(filling, value)) }),
  multi_external_select: (filling) => ({ selected_options: several(filling.entry).map((value) => optionOf(filling, value)) }),
  checkboxes: (filling) => ({ selected_options: several(filling.entry).map((value) => optionOf(filling, value)) }),
  users_select: ({ backend, entry }) => ({ selected_user: entry === null ? null : personNamed(backend, String(entry)).id }),
  multi_users_select: ({ backend, entry }) => ({ selected_users: several(entry).map((name) => personNamed(backend, name).id) }),
  conversations_select: ({ backend, entry }) => ({ selected_conversation: entry === null ? null : channelNamed(backend, String(entry)).id }),
  multi_conversations_select: ({ backend, entry }) => ({ selected_conversations: several(entry).map((name) => channelNamed(backend, name).id) }),
  channels_select: ({ backend, entry }) => ({ selected_channel: entry === null ? null : channelNamed(backend, String(entry)).id }),
  multi_channels_select: ({ backend, entry }) => ({ selected_channels: several(entry).map((name) => channelNamed(backend, name).id) }),
  datepicker: ({ entry }) => ({ selected_date: matching(entry, /^\d{4}-\d{2}-\d{2}$/) }),
  timepicker: ({ entry, element }) => ({ selected_time: matching(entry, /^\d{2}:\d{2}$/), ...(element.timezone !== undefined && { timezone: element.timezone }) }),
  datetimepicker: ({ entry }) => ({ selected_date_time: entry === null ? null : Number(entry) }),
};

/** What stands below each input when a person presses the submit button too early, by block id. */
export function faultsOf(view: StoredView): Readonly<Record<string, string>> {
  const faults: Record<string, string> = {};
  for (const placed of elementsIn(view.content.blocks)) {
    if (placed.block.type !== 'input') continue;
    const fault = faultOf(placed, valueOf(placed, view.entered) ?? {});
    if (fault !== undefined) faults[placed.blockId] = fault;
  }
  return faults;
}

function faultOf({ block, element }: PlacedElement, value: Json): string | undefined {
  const filled = filledPart(value);
  if (filled === undefined) return block.optional === true ? undefined : 'Please complete this required field.';
  const length = typeof filled === 'string' ? filled.length : 0;
  switch (element.type) {
    case 'plain_text_input':
      if (length < Number(element.min_length ?? 0)) return `Please enter at least ${String(element.min_length)} characters.`;
      return length > Number(element.max_length ?? 3000) ? `Please enter at most ${String(element.max_length ?? 3000)} characters.` : undefined;
    case 'email_text_input':
      return /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(String(filled)) ? undefined : 'Please enter a valid email address.';
    case 'url_text_input':
      return URL.canParse(String(filled)) ? undefined : 'Please enter a valid URL.';
    case 'number_input':
      return numberFault(Number(filled), element);
    default:
      return undefined;
  }
}

function numberFault(value: number, element: Json): string | undefined {
  if (Number.isNaN(value) || (element.is_decimal_allowed !== true && !Number.isInteger(value))) return 'Please enter a valid number.';
  if (value < Number(element.min_value ?? -Infinity)) return `Please enter a number of at least ${String(element.min_value)}.`;
  return value > Number(element.max_value ?? Infinity) ? `Please enter a number of at most ${String(element.max_value)}.` : undefined;
}

/** The part of a value that a person filled in; undefined when it is empty. */
function filledPart(value: Json): unknown {
  const [part] = Object.entries(value).filter(([name]) => name !== 'type' && name !== 'timezone');
  const content = part?.[1];
  return content === null || content === undefined || (Array.isArray(content) && content.length === 0) ? undefined : content;
}

function text({ entry }: Filling): Json {
  return { value: entry === null || entry === '' ? null : String(entry as string | number) };
}

function optionOf({ element, suggestions }: Filling, entry: unknown): Json {
  const groups = [element.option_groups].flat().filter(isObject).map(({ options }) => options);
  const initial = [element.initial_option, element.initial_options];
  const offered = [element.options, ...groups, ...initial, suggestions.get(String(element.action_id)) ?? []].flat().filter(isObject);
  const option = offered.find(({ value }) => value === entry);
  if (option === undefined) throw new Error(`The menu ${String(element.action_id)} does not offer ${String(entry)}.`);
  return option;
}

function several(entry: Entry): readonly string[] {
  return Array.isArray(entry) ? (entry as readonly string[]) : entry === null ? [] : [String(entry as string)];
}

function matching(entry: Entry, pattern: RegExp): string | null {
  if (entry === null) return null;
  if (!pattern.test(String(entry as string))) throw new Error(`${String(entry as string)} is nothing that can be picked here.`);
  return String(entry as string);
}

function richTextOf(words: string): Json {
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: words }] }] };
}
