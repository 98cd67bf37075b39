import { isObject, type Json } from '#src/blocks/rules.ts';
import type { Backend } from '../state/backend.ts';
import { elementsIn, stateOf, type PlacedElement } from '../state/entered.ts';
import { mimeTypeOf, type StoredFile } from '../state/files.ts';
import type { Message } from '../state/messages.ts';
import type { StoredView, ViewState } from '../state/views.ts';
import { elementsAt } from './elements.ts';
import type { Place } from './payloads.ts';
import { labelOf, readText, wordsOf, wordsOfMessage } from './words.ts';
import { Impossible } from '../state/impossible.ts';

/** A message as it was when somebody looked at it. */
export interface SeenMessage {
  /** Id. */
  readonly channel: string;
  readonly ts: string;
  /** Handle. */
  readonly author: string;
  /** What a notification shows. */
  readonly text: string;
  /** All that can be read, line by line; elements stand in brackets. */
  readonly words: string;
  readonly blocks: readonly Json[];
  readonly attachments: readonly Json[];
  readonly isEphemeral: boolean;
  readonly isEdited: boolean;
  readonly threadTs: string | undefined;
  /** Labels of buttons and other elements. */
  readonly elements: readonly string[];
  readonly files: readonly SeenFile[];
}

export interface SeenFile {
  readonly name: string;
  readonly title: string;
  /** Text, or a picture or a PDF in base64. */
  readonly content: string;
  readonly altText?: string;
}

/** A modal or Home tab as it was when somebody looked at it. */
export interface SeenView {
  readonly id: string;
  readonly title: string;
  readonly words: string;
  /** As the app gave it. */
  readonly content: Json;
  readonly elements: readonly string[];
  readonly values: ViewState;
  /** Below inputs, by block id. */
  readonly errors: Readonly<Record<string, string>>;
}

/** A piece of the words, or any condition. */
export type Expected<T> = string | RegExp | ((seen: T) => boolean);

export function meets<T extends { readonly words: string }>(seen: T, expected: Expected<T>): boolean {
  if (typeof expected === 'string') return seen.words.includes(expected);
  return expected instanceof RegExp ? expected.test(seen.words) : expected(seen);
}

export function seenMessage(backend: Backend, message: Message): SeenMessage {
  const channel = backend.channels.get(message.channel);
  const elements = channel === undefined ? [] : elementsAt({ message, channel });
  return {
    channel: message.channel,
    ts: message.ts,
    author: backend.users.get(message.author)?.handle ?? message.author,
    text: message.text,
    words: wordsOfMessage(backend, message),
    blocks: message.blocks,
    attachments: message.attachments,
    isEphemeral: message.visibleTo !== undefined,
    isEdited: message.editedTs !== undefined,
    threadTs: message.threadTs,
    elements: elements.map(({ element }) => labelOf(backend, element)),
    files: message.files.flatMap((id) => {
      const file = backend.files.get(id);
      return file === undefined ? [] : [seenFile(file)];
    }),
  };
}

function seenFile(file: StoredFile): SeenFile {
  const encoding = /^image\/|^application\/pdf$/.test(mimeTypeOf(file)) ? 'base64' : 'utf8';
  return { name: file.name, title: file.title, content: file.content?.toString(encoding) ?? '', ...(file.altText !== undefined && { altText: file.altText }) };
}

export function seenView(backend: Backend, view: StoredView): SeenView {
  const blocks = Array.isArray(view.content.blocks) ? (view.content.blocks as readonly unknown[]) : [];
  return {
    id: view.id,
    title: readText(backend, view.content.title),
    words: wordsOf(backend, blocks),
    content: view.content,
    elements: elementsIn(blocks).map(({ element }) => labelOf(backend, element)),
    values: stateOf(view),
    errors: view.errors,
  };
}

/** The one element that goes by that name: its action id, its label, or the id or label of its input block. @throws when there is none, or more. */
export function elementNamed(backend: Backend, place: Place, name: string): PlacedElement {
  const elements = elementsAt(place);
  const named = (nameOf: (placed: PlacedElement) => unknown) => elements.filter((placed) => nameOf(placed) === name);
  const byWord = [({ actionId }: PlacedElement) => actionId, ({ element }: PlacedElement) => labelOf(backend, element), ({ block }: PlacedElement) => readText(backend, block.label), ({ blockId }: PlacedElement) => blockId];
  const found = byWord.map(named).find((matches) => matches.length > 0) ?? [];
  const [element] = found;
  if (element !== undefined && found.length === 1) return element;
  const known = elements.map((placed) => `${placed.actionId} "${labelOf(backend, placed.element)}"`).join(', ');
  throw new Impossible(`${found.length === 0 ? 'Nothing' : 'More than one thing'} here is called "${name}". There are: ${known === '' ? 'no elements' : known}.`);
}

/** The value of an option that is called by its value or by what can be read on it. */
export function optionValue(backend: Backend, { element }: PlacedElement, suggested: readonly Json[], word: string): string {
  const inGroups = [element.option_groups].flat().filter(isObject).map(({ options }) => options);
  const options = [element.options, ...inGroups, suggested].flat().filter(isObject);
  const byText = options.find(({ text }) => readText(backend, text) === word);
  return options.some(({ value }) => value === word) || byText === undefined ? word : String(byText.value);
}
