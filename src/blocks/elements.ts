import type { ActionsBlockElement, ContextActionsBlockElement, InputBlockElement, SectionBlockAccessory } from '@slack/types';
import {
  confirm,
  conversationFilter,
  dispatchActionConfig,
  imageElement,
  optionGroup,
  overflowOption,
  plainOption,
  plainText,
  richOption,
  style,
  url,
} from './composition.ts';
import { LIMITS } from './limits.ts';
import { richText } from './rich-text.ts';
import { boolean, byType, exactlyOne, integer, isObject, known, list, object, string, when, type Fields, type Rule } from './rules.ts';

type ElementType = (ActionsBlockElement | ContextActionsBlockElement | InputBlockElement | SectionBlockAccessory)['type'];

const type = known;
const id: Fields = { action_id: string({ max: LIMITS.actionId }) };
const placeholder = plainText(LIMITS.placeholder);
const focus: Fields = { focus_on_load: boolean };
/** What every menu has. */
const menu: Fields = { ...id, ...focus, confirm, placeholder };
const multiple: Fields = { max_selected_items: integer({ min: 1 }) };
const typed: Fields = { ...id, ...focus, placeholder, dispatch_action_config: dispatchActionConfig };
const label = string({ max: LIMITS.button.accessibilityLabel });
const ids = list(string());
const choices = list(richOption, { max: LIMITS.choices.options });
const options = list(plainOption, { max: LIMITS.select.options });
const optionSource: Fields = { options, option_groups: list(optionGroup, { max: LIMITS.select.groups }) };
const decimal = string({ pattern: /^-?\d+(\.\d+)?$/ });

const feedback: Rule = object({ text: plainText(LIMITS.button.text), value: string({ max: LIMITS.button.value }) }, { accessibility_label: label });

/** Every interactive element, and the image that may stand beside a section. */
export const ELEMENTS: Readonly<Record<ElementType, Rule>> = {
  button: object(
    { type, text: plainText(LIMITS.button.text) },
    { ...id, value: string({ max: LIMITS.button.value }), url, style, confirm, accessibility_label: label },
  ),
  checkboxes: object({ type, options: choices }, { ...id, ...focus, confirm, initial_options: list(richOption) }, initialAmongOptions),
  radio_buttons: object({ type, options: choices }, { ...id, ...focus, confirm, initial_option: richOption }, initialAmongOptions),
  overflow: object({ type, options: list(overflowOption, { max: LIMITS.overflow.options }) }, { ...id, confirm }),

  static_select: object({ type }, { ...menu, ...optionSource, initial_option: plainOption }, exactlyOne('options', 'option_groups'), initialAmongOptions),
  multi_static_select: object(
    { type },
    { ...menu, ...multiple, ...optionSource, initial_options: list(plainOption) },
    exactlyOne('options', 'option_groups'),
    initialAmongOptions,
  ),
  external_select: object({ type }, { ...menu, initial_option: plainOption, min_query_length: integer({ min: 0 }) }),
  multi_external_select: object({ type }, { ...menu, ...multiple, initial_options: list(plainOption), min_query_length: integer({ min: 0 }) }),
  users_select: object({ type }, { ...menu, initial_user: string() }),
  multi_users_select: object({ type }, { ...menu, ...multiple, initial_users: ids }),
  conversations_select: object(
    { type },
    { ...menu, initial_conversation: string(), default_to_current_conversation: boolean, response_url_enabled: boolean, filter: conversationFilter },
  ),
  multi_conversations_select: object(
    { type },
    { ...menu, ...multiple, initial_conversations: ids, default_to_current_conversation: boolean, filter: conversationFilter },
  ),
  channels_select: object({ type }, { ...menu, initial_channel: string(), response_url_enabled: boolean }),
  multi_channels_select: object({ type }, { ...menu, ...multiple, initial_channels: ids }),

  datepicker: object({ type }, { ...menu, initial_date: string({ pattern: /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/ }) }),
  timepicker: object({ type }, { ...menu, initial_time: string({ pattern: /^([01]\d|2[0-3]):[0-5]\d$/ }), timezone: string() }),
  datetimepicker: object({ type }, { ...id, ...focus, confirm, initial_date_time: integer({ min: 1_000_000_000, max: 9_999_999_999 }) }),

  plain_text_input: object(
    { type },
    {
      ...typed,
      initial_value: string({ min: 0, max: LIMITS.plainTextInput }),
      multiline: boolean,
      min_length: integer({ min: 0, max: LIMITS.plainTextInput }),
      max_length: integer({ min: 1, max: LIMITS.plainTextInput }),
    },
    when(({ min_length: min, max_length: max }) => Number(min) > Number(max), '`min_length` must not be greater than `max_length`'),
  ),
  email_text_input: object({ type }, { ...typed, initial_value: string({ min: 0 }) }),
  url_text_input: object({ type }, { ...typed, initial_value: string({ min: 0 }) }),
  number_input: object(
    { type, is_decimal_allowed: boolean },
    { ...typed, initial_value: decimal, min_value: decimal, max_value: decimal },
    when(({ min_value: min, max_value: max }) => Number(min) > Number(max), '`min_value` must not be greater than `max_value`'),
  ),
  rich_text_input: object(
    { type },
    {
      ...typed,
      initial_value: richText,
      min_lines: integer({ min: 1, max: LIMITS.richTextInput.lines }),
      max_lines: integer({ min: 1, max: LIMITS.richTextInput.lines }),
    },
  ),
  file_input: object({ type }, { ...id, filetypes: list(string()), max_files: integer({ min: 1, max: LIMITS.fileInput.files }) }),

  feedback_buttons: object({ type, positive_button: feedback, negative_button: feedback }, id),
  icon_button: object(
    { type, icon: string(), text: plainText(LIMITS.button.text) },
    { ...id, confirm, accessibility_label: label, value: string({ max: LIMITS.button.value }), visible_to_user_ids: ids },
  ),
  workflow_button: object(
    {
      type,
      text: plainText(LIMITS.button.text),
      workflow: object({ trigger: object({ url }, { customizable_input_parameters: list(object({ name: string(), value: known })) }) }),
    },
    { ...id, confirm, style, accessibility_label: label },
  ),
  image: imageElement,
};

const IN_ACTIONS: Readonly<Record<ActionsBlockElement['type'], true>> = {
  button: true,
  checkboxes: true,
  datepicker: true,
  datetimepicker: true,
  multi_static_select: true,
  multi_external_select: true,
  multi_users_select: true,
  multi_conversations_select: true,
  multi_channels_select: true,
  overflow: true,
  radio_buttons: true,
  static_select: true,
  external_select: true,
  users_select: true,
  conversations_select: true,
  channels_select: true,
  timepicker: true,
  workflow_button: true,
  rich_text_input: true,
};

const IN_INPUT: Readonly<Record<InputBlockElement['type'], true>> = {
  checkboxes: true,
  datepicker: true,
  datetimepicker: true,
  email_text_input: true,
  file_input: true,
  multi_static_select: true,
  multi_external_select: true,
  multi_users_select: true,
  multi_conversations_select: true,
  multi_channels_select: true,
  number_input: true,
  plain_text_input: true,
  radio_buttons: true,
  rich_text_input: true,
  static_select: true,
  external_select: true,
  users_select: true,
  conversations_select: true,
  channels_select: true,
  timepicker: true,
  url_text_input: true,
};

const AS_ACCESSORY: Readonly<Record<SectionBlockAccessory['type'], true>> = {
  button: true,
  checkboxes: true,
  datepicker: true,
  image: true,
  multi_static_select: true,
  multi_external_select: true,
  multi_users_select: true,
  multi_conversations_select: true,
  multi_channels_select: true,
  overflow: true,
  radio_buttons: true,
  static_select: true,
  external_select: true,
  users_select: true,
  conversations_select: true,
  channels_select: true,
  timepicker: true,
  workflow_button: true,
};

export const actionsElement: Rule = among(IN_ACTIONS);
export const inputElement: Rule = among(IN_INPUT);
export const accessory: Rule = among(AS_ACCESSORY);
export const contextActionsElement: Rule = among({ feedback_buttons: true, icon_button: true } satisfies Record<ContextActionsBlockElement['type'], true>);
export const button: Rule = among({ button: true });

function among(types: Readonly<Partial<Record<ElementType, true>>>): Rule {
  return byType(Object.fromEntries((Object.keys(types) as ElementType[]).map((name) => [name, ELEMENTS[name]])));
}

/** What is selected at first must be one of the options, compared by value. */
function initialAmongOptions(value: unknown, at: string, report: (pointer: string, message: string) => void): void {
  if (!isObject(value)) return;
  const groups = Array.isArray(value.option_groups) ? (value.option_groups as unknown[]).filter(isObject).map((group) => group.options) : [];
  const offered = new Set([value.options, ...groups].flatMap(valuesOf));
  for (const field of ['initial_option', 'initial_options']) {
    const initial = value[field];
    if (initial !== undefined && valuesOf(initial).some((one) => !offered.has(one))) report(`${at}/${field}`, 'must be one of the provided options');
  }
}

function valuesOf(optionOrOptions: unknown): readonly unknown[] {
  return [optionOrOptions].flat().filter(isObject).map((option) => option.value);
}
