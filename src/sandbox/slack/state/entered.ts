import { isObject, type Json } from '#src/blocks/rules.ts';
import { blocksIn } from '#src/blocks/walk.ts';
import type { StoredView, ViewState } from './views.ts';

/** An element that a person can use, and the block around it. */
export interface PlacedElement {
  readonly block: Json;
  readonly blockId: string;
  readonly element: Json;
  readonly actionId: string;
}

/** What an element holds before anybody touched it, in the words of Slack's payloads. Buttons and overflow menus hold nothing. */
const INITIAL: Readonly<Record<string, (element: Json) => Json>> = {
  plain_text_input: textValue,
  email_text_input: textValue,
  url_text_input: textValue,
  number_input: textValue,
  rich_text_input: ({ initial_value: value }) => (value === undefined ? {} : { rich_text_value: value }),
  static_select: oneOption,
  external_select: oneOption,
  radio_buttons: oneOption,
  multi_static_select: manyOptions,
  multi_external_select: manyOptions,
  checkboxes: manyOptions,
  users_select: (element) => ({ selected_user: element.initial_user ?? null }),
  multi_users_select: (element) => ({ selected_users: element.initial_users ?? [] }),
  conversations_select: (element) => ({ selected_conversation: element.initial_conversation ?? null }),
  multi_conversations_select: (element) => ({ selected_conversations: element.initial_conversations ?? [] }),
  channels_select: (element) => ({ selected_channel: element.initial_channel ?? null }),
  multi_channels_select: (element) => ({ selected_channels: element.initial_channels ?? [] }),
  datepicker: (element) => ({ selected_date: element.initial_date ?? null }),
  timepicker: (element) => ({ selected_time: element.initial_time ?? null, ...(element.timezone !== undefined && { timezone: element.timezone }) }),
  datetimepicker: (element) => ({ selected_date_time: element.initial_date_time ?? null }),
  file_input: () => ({ files: [] }),
};

/** Every interactive element of some blocks, in order. */
export function elementsIn(blocks: unknown): readonly PlacedElement[] {
  if (!Array.isArray(blocks)) return [];
  return [...blocksIn(blocks, '')].flatMap(({ value: block }) =>
    [block.elements, block.actions, block.accessory, block.element]
      .flat()
      .filter(isObject)
      .flatMap((element) => (typeof element.action_id === 'string' ? [{ block, blockId: String(block.block_id), element, actionId: element.action_id }] : [])),
  );
}

/** What an element holds now. */
export function valueOf({ blockId, actionId, element }: PlacedElement, entered: ViewState): Json | undefined {
  const type = String(element.type);
  const initial = INITIAL[type];
  if (initial === undefined) return undefined;
  const known = entered[blockId]?.[actionId];
  return known?.type === type ? known : { type, ...initial(element) };
}

/** `state.values` as payloads carry it. */
export function valuesOf(blocks: unknown, entered: ViewState): ViewState {
  const values: Record<string, Record<string, Json>> = {};
  for (const placed of elementsIn(blocks)) {
    const value = valueOf(placed, entered);
    if (value !== undefined) (values[placed.blockId] ??= {})[placed.actionId] = value;
  }
  return values;
}

export function stateOf(view: StoredView): ViewState {
  return valuesOf(view.content.blocks, view.entered);
}

function textValue({ initial_value: value }: Json): Json {
  return { value: value === undefined || value === '' ? null : value };
}

function oneOption({ initial_option: option }: Json): Json {
  return { selected_option: option ?? null };
}

function manyOptions({ initial_options: options }: Json): Json {
  return { selected_options: options ?? [] };
}
