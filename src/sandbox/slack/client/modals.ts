import { LIMITS } from '#src/blocks/limits.ts';
import { isObject, type Json } from '#src/blocks/rules.ts';
import { blocksIn } from '#src/blocks/walk.ts';
import { ApiError } from '../api/api-error.ts';
import { viewOf } from '../api/content.ts';
import { directMessageWith } from '../state/channels.ts';
import { nextTs } from '../state/backend.ts';
import { stateOf } from '../state/entered.ts';
import { clearStack, homeOf, isExternalIdTaken, newView, pushOnStack, removeFromStack, replaceView, tellOf, topView, viewJson, type StoredView } from '../state/views.ts';
import { faultsOf } from './input-faults.ts';
import { closedPayload, globalShortcutPayload, messageShortcutPayload, submissionPayload, type MessagePlace } from './payloads.ts';
import { DONE, failed, isInsider, outcomeOf, requireActor, type Outcome, type Session } from './session.ts';
import { Impossible } from '../state/impossible.ts';

const TROUBLE = failed('We had some trouble connecting. Try again?');
const WITH_ERRORS = failed('Something in the form is not right.');

/** Presses the submit button of the modal that the person sees. */
export async function submit(session: Session): Promise<Outcome> {
  requireActor(session);
  const { backend, courier, user, busy } = session;
  const view = openModal(session);
  if (view.content.submit === undefined) throw new Impossible('The modal has no submit button.');
  if (busy.has(view.id)) return failed('The form is being submitted already.');
  const faults = faultsOf(view);
  if (Object.keys(faults).length > 0) return showErrors(session, view, faults);
  setBusy(session, view, true);
  const delivered = await courier.send({ type: 'interactive', payload: submissionPayload(backend, user, view), acceptsAnswer: true });
  setBusy(session, view, false);
  if (delivered.result !== 'acknowledged') return TROUBLE;
  return follow(session, view, delivered.answer);
}

/** Leaves a modal by its close button, or with `all` every open one by the cross. The app hears of it where it asked to. */
export async function close(session: Session, all = false): Promise<Outcome> {
  requireActor(session);
  const { backend, courier, user } = session;
  const view = openModal(session);
  const isCleared = all || view.content.clear_on_close === true;
  const closed = isCleared ? (backend.stacks.get(user.id) ?? []).flatMap((id) => backend.views.get(id) ?? []) : [view];
  const payloads = closed.filter(({ content }) => content.notify_on_close === true).map((one) => closedPayload(backend, user, one, isCleared));
  if (isCleared) clearStack(backend, user.id);
  else removeFromStack(backend, view);
  await Promise.all(payloads.map((payload) => courier.send({ type: 'interactive', payload, acceptsAnswer: false })));
  return DONE;
}

/** Opens the app's Home tab. The app hears of it by an event. */
export function openHome(session: Session): Outcome {
  requireActor(session);
  const { backend, user } = session;
  if (!backend.app.homeTab || !isInsider(session)) return failed('The app has no Home tab.');
  const view = homeOf(backend, user.id);
  const channel = directMessageWith(backend, user.id);
  const shown = view && { view: viewJson(backend, view, stateOf(view)) };
  backend.emit({ type: 'app_home_opened', user: user.id, channel: channel.id, tab: 'home', event_ts: nextTs(backend), ...shown });
  return DONE;
}

/** Starts a shortcut of the app, on a message if it is one for messages. @throws when the app has none such. */
export async function startShortcut(session: Session, callbackId: string, place?: MessagePlace): Promise<Outcome> {
  requireActor(session);
  const { backend, courier, user } = session;
  const type = place === undefined ? 'global' : 'message';
  const known = backend.app.shortcuts.some((shortcut) => shortcut.callback_id === callbackId && shortcut.type === type);
  if (!known || !backend.app.installed || !isInsider(session)) throw new Impossible(`The app has no ${type} shortcut ${callbackId}.`);
  const payload = place === undefined ? globalShortcutPayload(backend, user, callbackId) : messageShortcutPayload(backend, user, callbackId, place.message, place.channel);
  return outcomeOf(await courier.send({ type: 'interactive', payload, acceptsAnswer: false }));
}

function openModal({ backend, user }: Session): StoredView {
  const view = topView(backend, user.id);
  if (view === undefined) throw new Impossible(`${user.handle} has no modal open.`);
  return view;
}

function setBusy({ backend, busy }: Session, view: StoredView, isBusy: boolean): void {
  if (isBusy) busy.add(view.id);
  else busy.delete(view.id);
  tellOf(backend, view);
}

/** Does what the app answered to a submission: without an answer the modal closes. */
function follow(session: Session, view: StoredView, answer: unknown): Outcome {
  const { backend, user } = session;
  if (answer === undefined || answer === '') {
    removeFromStack(backend, view);
    return DONE;
  }
  if (!isObject(answer)) return TROUBLE;
  switch (answer.response_action) {
    case 'clear':
      clearStack(backend, user.id);
      return DONE;
    case 'errors':
      return isErrors(view, answer.errors) ? showErrors(session, view, answer.errors) : TROUBLE;
    case 'update':
    case 'push':
      return showNext(session, view, answer);
    default:
      return TROUBLE;
  }
}

function showNext({ backend, user }: Session, view: StoredView, { response_action: action, view: given }: Json): Outcome {
  try {
    const content = viewOf(backend, { view: given });
    const isUpdate = action === 'update';
    const depth = backend.stacks.get(user.id)?.length ?? 0;
    if (content.type !== 'modal' || isExternalIdTaken(backend, content.external_id, isUpdate ? view : undefined)) return TROUBLE;
    if (!isUpdate && depth >= LIMITS.view.stack) return TROUBLE;
    if (isUpdate) replaceView(backend, view, content);
    else pushOnStack(backend, newView(backend, user.id, 'modal', content, view));
    return DONE;
  } catch (error) {
    if (error instanceof ApiError) return TROUBLE;
    throw error;
  }
}

function showErrors({ backend }: Session, view: StoredView, errors: Readonly<Record<string, string>>): Outcome {
  view.errors = errors;
  tellOf(backend, view);
  return WITH_ERRORS;
}

/** Errors stand below input blocks only; with any other key Slack shows none of them. */
function isErrors(view: StoredView, errors: unknown): errors is Readonly<Record<string, string>> {
  if (!isObject(errors) || Object.keys(errors).length === 0) return false;
  const blocks = Array.isArray(view.content.blocks) ? (view.content.blocks as readonly unknown[]) : [];
  const inputs = new Set([...blocksIn(blocks, '')].filter(({ value }) => value.type === 'input').map(({ value }) => value.block_id));
  return Object.entries(errors).every(([id, text]) => inputs.has(id) && typeof text === 'string' && text !== '');
}
