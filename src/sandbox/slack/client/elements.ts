import { checkMessage } from '#src/blocks/checker.ts';
import { isObject, type Json } from '#src/blocks/rules.ts';
import { channelNamed } from '../state/channels.ts';
import { elementsIn, type PlacedElement } from '../state/entered.ts';
import { findMessage } from '../state/messages.ts';
import { homeOf, tellOf, topView, type StoredView } from '../state/views.ts';
import { entered, offeredOption, type Entry } from './inputs.ts';
import { actionPayload, suggestionPayload, type MessagePlace, type Place } from './payloads.ts';
import { messagesSeenBy } from './seeing.ts';
import { DONE, enteredIn, failed, outcomeOf, remember, requireActor, type Outcome, type Session } from './session.ts';
import { Impossible } from '../state/impossible.ts';

export interface Used {
  readonly outcome: Outcome;
  /** Marks the messages that answer the click; absent in views, and when the app was not told. */
  readonly responseKey?: string;
}

export interface Use {
  readonly entry?: Entry;
  /** The text was ended with Enter. */
  readonly pressedEnter?: boolean;
}

/** Where the person sees a message. @throws when they do not. */
export function placeOfMessage({ backend, user }: Session, channelId: string, ts: string, ephemeral: boolean): MessagePlace {
  const channel = channelNamed(backend, channelId);
  const message = findMessage(backend, channel.id, ts, { ephemeral });
  if (message === undefined || !messagesSeenBy(backend, channel, user).includes(message)) throw new Impossible(`${user.handle} does not see a message ${ts} in ${channelId}.`);
  return { message, channel };
}

/** The Home tab or the top modal of the person. @throws when it is neither. */
export function placeOfView({ backend, user }: Session, viewId: string): { readonly view: StoredView } {
  const view = [homeOf(backend, user.id), topView(backend, user.id)].find((candidate) => candidate?.id === viewId);
  if (view === undefined) throw new Impossible(`${user.handle} does not see a view ${viewId}.`);
  return { view };
}

/** @throws when there is no such element. */
export function elementAt(place: Place, blockId: string, actionId: string): PlacedElement {
  const found = elementsAt(place).find((placed) => placed.blockId === blockId && placed.actionId === actionId);
  if (found === undefined) throw new Impossible(`There is no element ${actionId} in block ${blockId}.`);
  return found;
}

export function elementsAt(place: Place): readonly PlacedElement[] {
  if ('view' in place) return elementsIn(place.view.content.blocks);
  const { blocks, attachments } = place.message;
  return [blocks, ...attachments.map((attachment) => attachment.blocks)].flatMap(elementsIn);
}

/** Presses, picks or enters something. The app hears of it at once, unless it is an input that waits to be submitted. */
export async function useElement(session: Session, place: Place, placed: PlacedElement, use: Use = {}): Promise<Used> {
  requireActor(session);
  const { backend, courier, user } = session;
  const action = actionOf(session, placed, use.entry);
  if (holdsSomething(placed)) enter(session, place, placed, action);
  if (!isDispatched(placed, use)) return { outcome: DONE };
  if (!backend.app.isInteractive || !backend.app.installed) return { outcome: failed('This app is not set up to hear of what people press.') };
  const { payload, responseKey } = actionPayload(backend, user, place, placed, action, 'message' in place ? enteredIn(session, place.message) : {});
  const outcome = outcomeOf(await courier.send({ type: 'interactive', payload, acceptsAnswer: false }));
  return { outcome, ...(responseKey !== undefined && { responseKey }) };
}

export interface Suggested {
  readonly outcome: Outcome;
  readonly options?: readonly Json[];
  readonly optionGroups?: readonly Json[];
}

/** Asks the app for the options of an external menu. */
export async function suggest(session: Session, place: Place, placed: PlacedElement, query: string): Promise<Suggested> {
  requireActor(session);
  const { backend, courier, user, suggestions } = session;
  if (placed.element.type !== 'external_select' && placed.element.type !== 'multi_external_select') throw new Impossible(`${placed.actionId} has its own options.`);
  if (query.length < Number(placed.element.min_query_length ?? 3)) return { outcome: DONE, options: [] };
  const delivered = await courier.send({ type: 'interactive', payload: suggestionPayload(backend, user, place, placed, query), acceptsAnswer: true });
  if (delivered.result !== 'acknowledged') return { outcome: outcomeOf(delivered) };
  const offer = offerOf(delivered.answer);
  if (offer === undefined) return { outcome: failed('The app’s options could not be loaded.') };
  const inGroups = (offer.optionGroups ?? []).flatMap(({ options }) => (Array.isArray(options) ? options.filter(isObject) : []));
  suggestions.set(placed.actionId, [...(offer.options ?? []), ...inGroups]);
  return { outcome: DONE, ...offer };
}

const PRESSED: ReadonlySet<unknown> = new Set(['button', 'icon_button', 'workflow_button', 'feedback_buttons', 'overflow']);
const TEXTS: ReadonlySet<unknown> = new Set(['plain_text_input', 'email_text_input', 'url_text_input', 'number_input', 'rich_text_input']);

function holdsSomething({ element }: PlacedElement): boolean {
  return !PRESSED.has(element.type);
}

/** What the payload says of the action besides its ids. */
function actionOf({ backend, suggestions }: Session, { element }: PlacedElement, entry: Entry | undefined): Json {
  switch (element.type) {
    case 'button':
    case 'icon_button':
    case 'workflow_button':
      return { type: element.type, text: element.text, ...(element.value !== undefined && { value: element.value }), ...(element.style !== undefined && { style: element.style }) };
    case 'feedback_buttons':
      return { type: element.type, ...feedbackOf(element, entry) };
    case 'overflow':
      return { type: element.type, selected_option: offeredOption(element, entry, suggestions) };
    default:
      if (entry === undefined) throw new Impossible(`Nothing was given to enter into ${String(element.action_id)}.`);
      return entered(backend, element, entry, suggestions);
  }
}

function feedbackOf(element: Json, entry: Entry | undefined): Json {
  const pressed = [element.positive_button, element.negative_button].filter(isObject).find(({ value }) => value === entry);
  if (pressed === undefined) throw new Impossible(`There is no such feedback: ${JSON.stringify(entry)}.`);
  return { text: pressed.text, value: pressed.value };
}

function enter(session: Session, place: Place, { blockId, actionId }: PlacedElement, value: Json): void {
  if ('message' in place) {
    remember(session, place.message, blockId, actionId, value);
    return;
  }
  const { view } = place;
  view.entered = { ...view.entered, [blockId]: { ...view.entered[blockId], [actionId]: value } };
  // What was wrong with the input before is not known to be wrong any more.
  view.errors = Object.fromEntries(Object.entries(view.errors).filter(([id]) => id !== blockId));
  tellOf(session.backend, view);
}

function isDispatched({ block, element }: PlacedElement, { pressedEnter = false }: Use): boolean {
  if (block.type !== 'input') return true;
  if (block.dispatch_action !== true) return false;
  if (!TEXTS.has(element.type)) return true;
  const config = isObject(element.dispatch_action_config) ? element.dispatch_action_config.trigger_actions_on : undefined;
  const on: readonly unknown[] = Array.isArray(config) ? config : ['on_enter_pressed'];
  return on.includes('on_character_entered') || (pressedEnter && on.includes('on_enter_pressed'));
}

/** The options in an answer; undefined when a menu could not show them. No options at all are fine. */
function offerOf(answer: unknown): { readonly options?: readonly Json[]; readonly optionGroups?: readonly Json[] } | undefined {
  if (!isObject(answer)) return undefined;
  const { options, option_groups: groups } = answer;
  if (Array.isArray(options) && options.length === 0) return { options: [] };
  if (Array.isArray(groups) && groups.length === 0) return { optionGroups: [] };
  const menu = { type: 'static_select', ...(options !== undefined && { options }), ...(groups !== undefined && { option_groups: groups }) };
  if (checkMessage({ text: ' ', blocks: [{ type: 'actions', elements: [menu] }] }).length > 0) return undefined;
  return Array.isArray(options) ? { options: options.filter(isObject) } : Array.isArray(groups) ? { optionGroups: groups.filter(isObject) } : undefined;
}

