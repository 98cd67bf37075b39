import { isObject, type Json } from '#src/blocks/rules.ts';
import type { Backend } from '../state/backend.ts';
import { readLeaf, readMrkdwn } from './mentions.ts';

/** What can be read on a surface, one line for every line that a person sees; things to press stand in brackets. */
export function wordsOf(backend: Backend, blocks: readonly unknown[]): string {
  return blocks
    .flatMap((block) => (isObject(block) ? linesOf(backend, block) : []))
    .filter((line) => line !== '')
    .join('\n');
}

/** The words of a message: of its blocks and attachments, or of its text when it has none. */
export function wordsOfMessage(backend: Backend, { text, blocks, attachments }: { readonly text: string; readonly blocks: readonly Json[]; readonly attachments: readonly Json[] }): string {
  const attached = attachments.map((attachment) => attachedWords(backend, attachment));
  const own = blocks.length > 0 ? wordsOf(backend, blocks) : readMrkdwn(backend, text);
  return [own, ...attached].filter((part) => part !== '').join('\n');
}

/** A text object, or nothing. */
export function readText(backend: Backend, value: unknown): string {
  if (!isObject(value) || typeof value.text !== 'string') return '';
  return value.type === 'mrkdwn' ? readMrkdwn(backend, value.text) : value.text;
}

/** What a person calls an element: its label, what it shows, or its placeholder. */
export function labelOf(backend: Backend, element: Json): string {
  const initial = isObject(element.initial_option) ? element.initial_option : undefined;
  const candidates = [element.text, initial?.text, element.placeholder].map((value) => readText(backend, value));
  const plain = [element.initial_date, element.initial_time, element.initial_value].filter((value) => typeof value === 'string');
  return [...candidates, ...plain].find((word) => word !== '') ?? (element.type === 'overflow' ? '…' : '');
}

function linesOf(backend: Backend, block: Json): readonly string[] {
  const read = (value: unknown) => readText(backend, value);
  switch (block.type) {
    case 'section':
      return [read(block.text), ...objects(block.fields).map(read), ...objects([block.accessory]).map((element) => wordsOfElement(backend, element))];
    case 'context':
      return [objects(block.elements).map((element) => (element.type === 'image' ? pictureOf(element) : read(element))).join(' ')];
    case 'actions':
    case 'context_actions':
      return [objects(block.elements).map((element) => wordsOfElement(backend, element)).join(' ')];
    case 'input':
      return [read(block.label), read(block.hint), ...objects([block.element]).map((element) => wordsOfElement(backend, element))];
    case 'rich_text':
      return objects(block.elements).flatMap((element) => richLines(backend, element));
    case 'image':
      return [read(block.title), pictureOf(block)];
    case 'divider':
      return ['———'];
    case 'table':
    case 'data_table':
      return [typeof block.caption === 'string' ? block.caption : '', ...lists(block.rows).map((row) => row.map((cell) => cellOf(backend, cell)).join(' | '))];
    case 'markdown':
      return [typeof block.text === 'string' ? block.text : ''];
    case 'container':
      return [read(block.title), read(block.subtitle), ...objects(block.child_blocks).flatMap((child) => linesOf(backend, child))];
    default:
      return [read(block.title), read(block.text), read(block.body)];
  }
}

function wordsOfElement(backend: Backend, element: Json): string {
  if (element.type === 'image') return pictureOf(element);
  const options = element.type === 'checkboxes' || element.type === 'radio_buttons' ? objects(element.options).map(({ text }) => readText(backend, text)) : [];
  return options.length > 0 ? options.map((option) => `( ) ${option}`).join('\n') : `[${labelOf(backend, element)}]`;
}

function richLines(backend: Backend, element: Json): readonly string[] {
  if (element.type === 'rich_text_list') return objects(element.elements).flatMap((item) => richLines(backend, item).map((line) => `• ${line}`));
  const leaves = Array.isArray(element.elements) ? (element.elements as readonly unknown[]) : [];
  return leaves
    .map((leaf) => readLeaf(backend, leaf))
    .join('')
    .split('\n');
}

function cellOf(backend: Backend, cell: unknown): string {
  if (!isObject(cell)) return '';
  if (cell.type === 'rich_text') return objects(cell.elements).flatMap((element) => richLines(backend, element)).join(' ');
  return typeof cell.text === 'string' ? cell.text : '';
}

function attachedWords(backend: Backend, attachment: Json): string {
  if (Array.isArray(attachment.blocks)) return wordsOf(backend, attachment.blocks);
  return typeof attachment.text === 'string' ? readMrkdwn(backend, attachment.text) : '';
}

function pictureOf({ alt_text: alt }: Json): string {
  return `(picture: ${typeof alt === 'string' ? alt : ''})`;
}

function objects(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function lists(value: unknown): readonly (readonly unknown[])[] {
  return Array.isArray(value) ? value.filter((item): item is readonly unknown[] => Array.isArray(item)) : [];
}
