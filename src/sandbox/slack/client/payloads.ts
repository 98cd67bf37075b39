import type { Json } from '#src/blocks/rules.ts';
import { nextTs, type Backend } from '../state/backend.ts';
import type { Channel } from '../state/channels.ts';
import { stateOf, valuesOf, type PlacedElement } from '../state/entered.ts';
import { messageJson, type Message } from '../state/messages.ts';
import type { User } from '../state/people.ts';
import { newResponseUrl } from '../state/response-urls.ts';
import { newTrigger } from '../state/triggers.ts';
import { viewJson, type StoredView, type ViewState } from '../state/views.ts';

/** Where a person used an element. */
export type Place = MessagePlace | { readonly view: StoredView };

export interface MessagePlace {
  readonly message: Message;
  readonly channel: Channel;
}

export function commandPayload(backend: Backend, user: User, channel: Channel, command: string, text: string): { readonly payload: Json; readonly responseKey: string } {
  const { url, key } = newResponseUrl(backend, { kind: 'command', user: user.id, channel: channel.id, source: undefined });
  const payload = {
    token: 'sandbox',
    team_id: backend.team.id,
    team_domain: backend.team.domain,
    channel_id: channel.id,
    channel_name: channelName(channel),
    user_id: user.id,
    user_name: user.handle,
    command,
    text,
    api_app_id: backend.app.id,
    is_enterprise_install: 'false',
    response_url: url,
    trigger_id: newTrigger(backend, user.id),
  };
  return { payload, responseKey: key };
}

/** `action` is what the element adds about itself, such as the option picked. Without a message there is no response URL. */
export function actionPayload(backend: Backend, user: User, place: Place, placed: PlacedElement, action: Json, entered: ViewState): { readonly payload: Json; readonly responseKey?: string } {
  const ts = nextTs(backend);
  const actions = [{ type: placed.element.type, action_id: placed.actionId, block_id: placed.blockId, ...action, action_ts: ts }];
  const common = { type: 'block_actions', ...sender(backend, user) };
  if ('view' in place) {
    const { view } = place;
    return {
      payload: { ...common, trigger_id: newTrigger(backend, user.id, view.id), container: { type: 'view', view_id: view.id }, view: viewJson(backend, view, stateOf(view)), actions },
    };
  }
  const { message, channel } = place;
  const ephemeral = message.visibleTo !== undefined;
  const { url, key } = newResponseUrl(backend, { kind: 'action', user: user.id, channel: channel.id, source: { ts: message.ts, ephemeral } });
  const payload = {
    ...common,
    trigger_id: newTrigger(backend, user.id),
    container: containerOf(message, channel),
    channel: { id: channel.id, name: channelName(channel) },
    ...(!ephemeral && { message: messageJson(backend, message) }),
    state: { values: valuesOf(message.blocks, entered) },
    response_url: url,
    actions,
  };
  return { payload, responseKey: key };
}

export function suggestionPayload(backend: Backend, user: User, place: Place, placed: PlacedElement, query: string): Json {
  const common = { type: 'block_suggestion', ...sender(backend, user), action_id: placed.actionId, block_id: placed.blockId, value: query };
  if ('view' in place) return { ...common, container: { type: 'view', view_id: place.view.id }, view: viewJson(backend, place.view, stateOf(place.view)) };
  const { message, channel } = place;
  return { ...common, container: containerOf(message, channel), channel: { id: channel.id, name: channelName(channel) }, message: messageJson(backend, message) };
}

export function submissionPayload(backend: Backend, user: User, view: StoredView): Json {
  return { type: 'view_submission', ...sender(backend, user), trigger_id: newTrigger(backend, user.id, view.id), view: viewJson(backend, view, stateOf(view)), response_urls: [] };
}

export function closedPayload(backend: Backend, user: User, view: StoredView, isCleared: boolean): Json {
  return { type: 'view_closed', ...sender(backend, user), view: viewJson(backend, view, stateOf(view)), is_cleared: isCleared };
}

export function globalShortcutPayload(backend: Backend, user: User, callbackId: string): Json {
  return { type: 'shortcut', ...sender(backend, user), action_ts: nextTs(backend), callback_id: callbackId, trigger_id: newTrigger(backend, user.id) };
}

export function messageShortcutPayload(backend: Backend, user: User, callbackId: string, message: Message, channel: Channel): Json {
  const { url } = newResponseUrl(backend, { kind: 'action', user: user.id, channel: channel.id, source: { ts: message.ts, ephemeral: false } });
  return {
    type: 'message_action',
    ...sender(backend, user),
    action_ts: nextTs(backend),
    callback_id: callbackId,
    trigger_id: newTrigger(backend, user.id),
    response_url: url,
    message_ts: message.ts,
    channel: { id: channel.id, name: channelName(channel) },
    message: messageJson(backend, message),
  };
}

/** Slack does not give away the names of private conversations here. */
function channelName(channel: Channel): string {
  return { public: channel.name, private: 'privategroup', im: 'directmessage', mpim: 'mpdm' }[channel.kind];
}

function containerOf(message: Message, channel: Channel): Json {
  return {
    type: 'message',
    message_ts: message.ts,
    channel_id: channel.id,
    is_ephemeral: message.visibleTo !== undefined,
    ...(message.threadTs !== undefined && { thread_ts: message.threadTs }),
  };
}

/** Who did it. Somebody of another workspace comes with that workspace. */
function sender(backend: Backend, user: User): Json {
  const team = user.teamId === backend.team.id ? backend.team : backend.otherTeam;
  return {
    user: { id: user.id, username: user.handle, name: user.handle, team_id: user.teamId },
    team: { id: team.id, domain: team.domain },
    enterprise: null,
    is_enterprise_install: false,
    api_app_id: backend.app.id,
    token: 'sandbox',
  };
}
