import { checkMessage, type CheckedMessage, type Issue } from '#src/blocks/checker.ts';
import { PLAIN } from './blocks.ts';

export type Json = Readonly<Record<string, unknown>>;

const ACCESSORIES = new Set(['button', 'overflow', 'image', 'workflow_button']);

export function messageOf(...blocks: readonly object[]): CheckedMessage {
  return { text: 'T', blocks };
}

export function inMessage(block: object): readonly Issue[] {
  return checkMessage(messageOf(block));
}

export function modalOf(...blocks: readonly object[]): Json {
  return { type: 'modal', title: PLAIN, submit: PLAIN, blocks };
}

export function homeOf(...blocks: readonly object[]): Json {
  return { type: 'home', blocks };
}

/** A block in which the element may stand. */
export function around(element: object): Json {
  const type = (element as { type?: string }).type ?? '';
  return ACCESSORIES.has(type) ? { type: 'section', text: PLAIN, accessory: element } : { type: 'input', label: PLAIN, element };
}

export function actionsOf(...elements: readonly object[]): Json {
  return { type: 'actions', elements };
}

export function buttons(...overrides: readonly object[]): Json {
  return actionsOf(...overrides.map((override) => ({ type: 'button', text: PLAIN, ...override })));
}

export function confirm(override: object): object {
  return { title: PLAIN, text: PLAIN, confirm: PLAIN, deny: PLAIN, ...override };
}

export function option(value: string): Json {
  return { text: PLAIN, value };
}

export function options(count: number): readonly Json[] {
  return times(count, undefined).map((_, index) => option(String(index)));
}

export function cell(value: string): Json {
  return { type: 'raw_text', text: value };
}

export function dataTable(...rows: readonly (readonly unknown[])[]): Json {
  return { type: 'data_table', caption: 'Findings', rows };
}

export function chart(series: number): Json {
  return { type: 'data_visualization', title: 'Open findings', chart: { type: 'line', series: times(series, {}) } };
}

export function plain(length: number): Json {
  return { type: 'plain_text', text: text(length) };
}

export function mrkdwn(length: number): Json {
  return { type: 'mrkdwn', text: text(length) };
}

export function text(length: number): string {
  return 'a'.repeat(length);
}

export function times<T>(count: number, value: T): readonly T[] {
  return Array.from({ length: count }, () => value);
}
