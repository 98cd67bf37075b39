import type { Json } from '#src/blocks/rules.ts';
import { LIMITS } from '#src/blocks/limits.ts';
import { stateOf } from '../state/entered.ts';
import type { Backend } from '../state/backend.ts';
import { userOf } from '../state/people.ts';
import { checkTrigger, type Trigger } from '../state/triggers.ts';
import { homeOf, isExternalIdTaken, newView, openStack, pushOnStack, replaceView, tellOf, topView, viewJson, type StoredView } from '../state/views.ts';
import { ApiError, invalidArguments } from './api-error.ts';
import { requiredArg, textArg, type Arguments } from './arguments.ts';
import { viewOf } from './content.ts';

export function openView(backend: Backend, args: Arguments): object {
  const trigger = triggerOf(backend, args);
  const content = modalOf(backend, args);
  trigger.exchanged = true;
  const view = newView(backend, trigger.user, 'modal', content);
  openStack(backend, view);
  return answerWith(backend, view);
}

/** Puts a modal on top of the one in which the trigger was pulled. */
export function pushView(backend: Backend, args: Arguments): object {
  const trigger = triggerOf(backend, args);
  const content = modalOf(backend, args);
  const below = topView(backend, trigger.user);
  const stack = backend.stacks.get(trigger.user) ?? [];
  if (below === undefined || trigger.viewId === undefined || !stack.includes(trigger.viewId)) throw new ApiError('not_found');
  if (stack.length >= LIMITS.view.stack) throw new ApiError('push_limit_reached');
  trigger.exchanged = true;
  const view = newView(backend, trigger.user, 'modal', content, below);
  pushOnStack(backend, view);
  return answerWith(backend, view);
}

export function updateView(backend: Backend, args: Arguments): object {
  const [id, externalId] = [textArg(args, 'view_id'), textArg(args, 'external_id')];
  if (id !== undefined && externalId !== undefined) throw invalidArguments('Cannot provide both `view_id` and `external_id`');
  if (id === undefined && externalId === undefined) throw invalidArguments('Must provide either `view_id` or `external_id`');
  const content = viewOf(backend, args);
  const view = [...backend.views.values()].find((candidate) => candidate.id === id || (externalId !== undefined && candidate.content.external_id === externalId));
  if (view === undefined) throw new ApiError('not_found');
  if (view.type !== content.type) throw invalidArguments('view type must not change [json-pointer:/view/type]');
  checkHash(args, view);
  if (isExternalIdTaken(backend, content.external_id, view)) throw new ApiError('duplicate_external_id');
  replaceView(backend, view, content);
  return answerWith(backend, view);
}

export function publishView(backend: Backend, args: Arguments): object {
  const user = userOf(backend, requiredArg(args, 'user_id'));
  const content = viewOf(backend, args);
  if (user === undefined || user.isBot) throw invalidArguments('invalid `user_id` [json-pointer:/user_id]');
  if (content.type !== 'home') throw invalidArguments('invalid view type [json-pointer:/view/type]');
  if (!backend.app.homeTab) throw new ApiError('not_enabled');
  const known = homeOf(backend, user.id);
  if (isExternalIdTaken(backend, content.external_id, known)) throw new ApiError('duplicate_external_id');
  if (known !== undefined) {
    checkHash(args, known);
    replaceView(backend, known, content);
    return answerWith(backend, known);
  }
  const view = newView(backend, user.id, 'home', content);
  backend.homes.set(user.id, view.id);
  tellOf(backend, view);
  return answerWith(backend, view);
}

function triggerOf(backend: Backend, args: Arguments): Trigger {
  const trigger = checkTrigger(backend, requiredArg(args, 'trigger_id'));
  if (typeof trigger === 'string') throw new ApiError(trigger);
  return trigger;
}

function modalOf(backend: Backend, args: Arguments): Json {
  const content = viewOf(backend, args);
  if (content.type !== 'modal') throw invalidArguments('invalid view type [json-pointer:/view/type]');
  if (isExternalIdTaken(backend, content.external_id)) throw new ApiError('duplicate_external_id');
  return content;
}

function checkHash(args: Arguments, view: StoredView): void {
  const hash = textArg(args, 'hash');
  if (hash !== undefined && hash !== view.hash) throw new ApiError('hash_conflict');
}

function answerWith(backend: Backend, view: StoredView): object {
  return { view: viewJson(backend, view, stateOf(view)) };
}
