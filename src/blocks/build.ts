import type {
  ActionsBlock,
  Button,
  ContextBlock,
  DividerBlock,
  HeaderBlock,
  KnownBlock,
  RichTextBlock,
  RichTextBlockElement,
  RichTextElement,
  RichTextSection,
  RichTextText,
  SectionBlock,
} from '@slack/types';
import { clean, cut, unixSeconds, utcText, type Mrkdwn } from './text.ts';

/** What a message says, in Slack's terms. Notifications and screen readers get `text` alone. */
export interface Message {
  /** At most 300 characters, no markup; names the cluster, and the severity if there is one. */
  readonly text: string;
  readonly blocks: readonly KnownBlock[];
}

/** What a button does: the same as typing the command with these arguments. */
export interface ButtonAction {
  readonly command: string;
  readonly args: readonly string[];
}

const MAX = { text: 300, header: 150, section: 3000, context: 2000, label: 75, accessibility: 75, leaf: 3000 } as const;

/** Cuts the summary and drops nothing else: the block limits hold by how templates are written, and the outbox checks them. */
export function message(text: string, blocks: readonly KnownBlock[]): Message {
  return { text: cut(clean(text), MAX.text), blocks };
}

export function header(text: string): HeaderBlock {
  return { type: 'header', text: { type: 'plain_text', text: cut(clean(text), MAX.header), emoji: false } };
}

export function section(text: Mrkdwn, accessory?: Button): SectionBlock {
  return { type: 'section', text: mrkdwn(text, MAX.section), ...(accessory && { accessory }) };
}

/** At most ten short facts in two columns. */
export function fields(facts: readonly Mrkdwn[]): SectionBlock {
  return { type: 'section', fields: facts.slice(0, 10).map((fact) => mrkdwn(fact, 2000)) };
}

/** A gray line. */
export function context(...parts: readonly Mrkdwn[]): ContextBlock {
  return { type: 'context', elements: parts.slice(0, 10).map((part) => mrkdwn(part, MAX.context)) };
}

export function divider(): DividerBlock {
  return { type: 'divider' };
}

export function actions(...buttons: readonly Button[]): ActionsBlock {
  return { type: 'actions', elements: [...buttons] };
}

export interface ButtonOptions {
  readonly style?: 'primary' | 'danger';
  /** Said by screen readers instead of a short or repeated label. */
  readonly label?: string;
  readonly confirm?: { readonly title: string; readonly text: string; readonly yes: string };
}

/**
 * A button. Until `seal` has replaced it by a random token, its value is the action in JSON; that form never leaves the process.
 */
export function button(text: string, action: ButtonAction, { style, label, confirm }: ButtonOptions = {}): Button {
  return {
    type: 'button',
    text: { type: 'plain_text', text: cut(clean(text), MAX.label), emoji: false },
    action_id: action.command,
    value: JSON.stringify(action),
    ...(style && { style }),
    ...(label !== undefined && { accessibility_label: cut(clean(label), MAX.accessibility) }),
    ...(confirm && {
      confirm: {
        title: { type: 'plain_text', text: cut(clean(confirm.title), 100) },
        text: { type: 'plain_text', text: cut(clean(confirm.text), 300) },
        confirm: { type: 'plain_text', text: cut(clean(confirm.yes), 30) },
        deny: { type: 'plain_text', text: 'Go back' },
      },
    }),
  };
}

export function richText(...elements: readonly RichTextBlockElement[]): RichTextBlock {
  return { type: 'rich_text', elements: [...elements] };
}

export function line(...leaves: readonly RichTextElement[]): RichTextSection {
  return { type: 'rich_text_section', elements: [...leaves] };
}

export function bullets(lines: readonly RichTextSection[]): RichTextBlockElement {
  return { type: 'rich_text_list', style: 'bullet', elements: [...lines] };
}

export function preformatted(text: string): RichTextBlockElement {
  return { type: 'rich_text_preformatted', elements: [words(text)] };
}

/** Text that nothing inside can format, mention or link from. */
export function words(text: string, style?: { readonly bold?: true; readonly code?: true; readonly italic?: true }): RichTextText {
  const shown = cut(clean(text), MAX.leaf);
  return { type: 'text', text: shown === '' ? ' ' : shown, ...(style && { style }) };
}

export function link(url: string, text: string): RichTextElement {
  return { type: 'link', url, text: cut(clean(text), MAX.leaf) };
}

export function date(at: Date): RichTextElement {
  return { type: 'date', timestamp: unixSeconds(at), format: '{date_short_pretty} {time}', fallback: utcText(at) };
}

function mrkdwn(text: Mrkdwn, max: number): { type: 'mrkdwn'; text: string; verbatim: true } {
  return { type: 'mrkdwn', text: fitting(text.mrkdwn, max), verbatim: true };
}

/** A cut inside an entity, a mention or a code span would show as garbage, so it is made before the last one that is whole. */
function fitting(text: string, max: number): string {
  if (text.length <= max) return text;
  let shown = cut(text, max).slice(0, -1);
  shown = shown.replace(/&[a-z]*$/, '').replace(/<[^>]*$/, '');
  if ((shown.match(/`/g) ?? []).length % 2 === 1) shown = shown.slice(0, shown.lastIndexOf('`'));
  return `${shown.trimEnd()}…`;
}
