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
import { LIMITS } from './limits.ts';
import { weightOf } from './sums.ts';
import { clean, cut, ours, sentence, unixSeconds, utcText, type Mrkdwn } from './text.ts';

/** What a message says, in Slack's terms. Notifications and screen readers get `text` alone. */
export interface Message {
  /** At most 300 characters without markup, but escaped: Slack reads it as markup. Names the cluster, and the severity if there is one. */
  readonly text: string;
  readonly blocks: readonly KnownBlock[];
}

/** What a button does: the same as typing the command with these arguments. */
export interface ButtonAction {
  readonly command: string;
  readonly args: readonly string[];
}

/** Below Slack's limits where people could not read so much: phones cut labels of buttons at about 24 characters. */
const MAX = { text: 300, header: 150, section: 3000, context: 2000, label: 24, accessibility: 75, leaf: 3000, code: 120, codeLines: 8 } as const;

/** Stands where nothing would, which Slack does not accept. */
const NOTHING = '–';

/** Cuts the summary, and leaves out at the end what is more than Slack takes in one message. */
export function message(text: string, blocks: readonly KnownBlock[]): Message {
  return { text: fitting(sentence(text).mrkdwn, MAX.text), blocks: withinLimits(blocks) };
}

/** For the Home tab, where twice as much may stand. */
export function homeMessage(text: string, blocks: readonly KnownBlock[]): Message {
  return { text: fitting(sentence(text).mrkdwn, MAX.text), blocks };
}

/** Templates keep within the limits by how they are written; this is for texts that nobody foresaw, which must not cost the whole message. */
function withinLimits(blocks: readonly KnownBlock[]): readonly KnownBlock[] {
  if (fits(blocks)) return blocks;
  const note = context(ours('The rest is left out: it is more than Slack takes in one message.'));
  let kept = blocks.slice(0, LIMITS.blocks.message - 1);
  while (kept.length > 0 && !fits([...kept, note])) kept = kept.slice(0, -1);
  return [...kept, note];
}

function fits(blocks: readonly KnownBlock[]): boolean {
  return blocks.length <= LIMITS.blocks.message && blocks.reduce((sum, block) => sum + weightOf({ ...block }), 0) <= LIMITS.message.blocks.total;
}

/** The same message where its blocks are not accepted. */
export function textAlone({ text }: Message): Message {
  return { text, blocks: [] };
}

export function header(text: string): HeaderBlock {
  return { type: 'header', text: { type: 'plain_text', text: plain(text, MAX.header), emoji: false } };
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
    text: { type: 'plain_text', text: plain(text, MAX.label), emoji: false },
    action_id: action.command,
    value: JSON.stringify(action),
    ...(style && { style }),
    ...(label !== undefined && { accessibility_label: plain(label, MAX.accessibility) }),
    ...(confirm && {
      confirm: {
        title: { type: 'plain_text', text: plain(confirm.title, 100) },
        text: { type: 'plain_text', text: plain(confirm.text, 300) },
        confirm: { type: 'plain_text', text: plain(confirm.yes, 30) },
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
  return { type: 'rich_text_list', style: 'bullet', elements: lines.length > 0 ? [...lines] : [line(words(NOTHING))] };
}

/** At most eight lines of 120 characters: who wants more looks at the object itself. */
export function preformatted(text: string): RichTextBlockElement {
  const lines = clean(text).split('\n');
  const shown = lines.slice(0, MAX.codeLines).map((row) => cut(row, MAX.code));
  if (lines.length > shown.length) shown.push('…');
  return { type: 'rich_text_preformatted', elements: [words(shown.join('\n'))] };
}

/** Text that nothing inside can format, mention or link from. */
export function words(text: string, style?: { readonly bold?: true; readonly code?: true; readonly italic?: true }): RichTextText {
  const shown = cut(clean(text), MAX.leaf);
  return { type: 'text', text: shown === '' ? ' ' : shown, ...(style && { style }) };
}

export function link(url: string, text: string): RichTextElement {
  return { type: 'link', url, text: plain(text, MAX.leaf) };
}

export function date(at: Date): RichTextElement {
  return { type: 'date', timestamp: unixSeconds(at), format: '{date_short_pretty} {time}', fallback: utcText(at) };
}

function mrkdwn(text: Mrkdwn, max: number): { type: 'mrkdwn'; text: string; verbatim: true } {
  return { type: 'mrkdwn', text: fitting(text.mrkdwn, max) || NOTHING, verbatim: true };
}

/** One line in which nothing is markup. */
export function plain(text: string, max: number): string {
  return cut(clean(text).replaceAll(/\s+/g, ' ').trim(), max) || NOTHING;
}

/** A cut inside an entity, a mention or a code span would show as garbage, so it is made before the last one that is whole. */
function fitting(text: string, max: number): string {
  if (text.length <= max) return text;
  let shown = cut(text, max).slice(0, -1);
  shown = shown.replace(/&[a-z]*$/, '').replace(/<[^>]*$/, '');
  if ((shown.match(/`/g) ?? []).length % 2 === 1) shown = shown.slice(0, shown.lastIndexOf('`'));
  return `${shown.trimEnd()}…`;
}
