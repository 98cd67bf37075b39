import type { InputBlock, InputBlockElement, PlainTextOption } from '@slack/types';
import { plain } from './build.ts';
import { LIMITS } from './limits.ts';

/** Below Slack's limits, where people could not read so much. */
const MAX = { label: 75, hint: 150 } as const;

interface InputOptions {
  /** The flag that gets what is entered. */
  readonly field: string;
  readonly label: string;
  /** Stands below the field. */
  readonly hint?: string;
  /** May be left empty. */
  readonly optional?: boolean;
}

export interface Option {
  readonly value: string;
  readonly text: string;
  readonly description?: string;
}

export interface TextInput extends InputOptions {
  /** In characters. */
  readonly min?: number;
  readonly max: number;
  readonly initial?: string;
  readonly lines?: 'several';
}

/** Text that is typed. */
export function textInput({ min, max, initial, lines, ...options }: TextInput): InputBlock {
  return input(options, {
    type: 'plain_text_input',
    max_length: Math.min(max, LIMITS.plainTextInput),
    ...(min !== undefined && { min_length: min }),
    ...(initial !== undefined && { initial_value: initial.slice(0, Math.min(max, LIMITS.plainTextInput)) }),
    ...(lines !== undefined && { multiline: true }),
  });
}

/** One of at most a hundred options. @throws without any: Slack shows no empty menu. */
export function selectInput({ choices, initial, ...options }: InputOptions & { readonly choices: readonly Option[]; readonly initial?: string }): InputBlock {
  const offered = choices.slice(0, LIMITS.select.options).map(optionOf);
  if (offered.length === 0) throw new Error(`the field ${options.field} offers nothing`);
  const chosen = offered.find(({ value }) => value === initial);
  return input(options, { type: 'static_select', options: offered, ...(chosen && { initial_option: chosen }) });
}

/** Any of at most ten options. @throws without any. */
export function checkboxesInput({ choices, initial = [], ...options }: InputOptions & { readonly choices: readonly Option[]; readonly initial?: readonly string[] }): InputBlock {
  const offered = choices.slice(0, LIMITS.choices.options).map(optionOf);
  if (offered.length === 0) throw new Error(`the field ${options.field} offers nothing`);
  const chosen = offered.filter(({ value }) => initial.includes(value ?? ''));
  return input(options, { type: 'checkboxes', options: offered, ...(chosen.length > 0 && { initial_options: chosen }) });
}

/** A day, as `2026-11-30`. */
export function dateInput({ initial, ...options }: InputOptions & { readonly initial?: string }): InputBlock {
  return input(options, { type: 'datepicker', ...(initial !== undefined && { initial_date: initial }) });
}

/** One of whatever the command suggests while somebody types. */
export function suggestInput({ initial, ...options }: InputOptions & { readonly initial?: Option }): InputBlock {
  return input(options, { type: 'external_select', min_query_length: 0, ...(initial && { initial_option: optionOf(initial) }) });
}

/** Slack refuses values above its limit, and one that is cut would mean something else; no name in a cluster is as long in practice. */
export function optionOf({ value, text, description }: Option): PlainTextOption {
  return {
    text: { type: 'plain_text', text: plain(text, LIMITS.option.text), emoji: false },
    value: value.slice(0, LIMITS.option.value),
    ...(description !== undefined && { description: { type: 'plain_text', text: plain(description, LIMITS.option.description), emoji: false } }),
  };
}

function input({ field, label, hint, optional = false }: InputOptions, element: InputBlockElement): InputBlock {
  return {
    type: 'input',
    block_id: field,
    label: { type: 'plain_text', text: plain(label, MAX.label), emoji: false },
    element: { ...element, action_id: field },
    optional,
    ...(hint !== undefined && { hint: { type: 'plain_text', text: plain(hint, MAX.hint), emoji: false } }),
  };
}
