import { isObject, type Json } from '#src/blocks/rules.ts';
import { elementAt, placeOfMessage, placeOfView, suggest, useElement, type Use } from '../client/elements.ts';
import type { Entry } from '../client/inputs.ts';
import { close, openHome, startShortcut, submit } from '../client/modals.ts';
import type { Place } from '../client/payloads.ts';
import { canSee, messagesSeenBy } from '../client/seeing.ts';
import { DONE, requireActor, type Outcome, type Session } from '../client/session.ts';
import { typeLine } from '../client/typing.ts';
import { channelNamed, join, type Channel } from '../state/channels.ts';
import { Impossible } from '../state/impossible.ts';
import { findMessage, removeMessage } from '../state/messages.ts';
import { personNamed } from '../state/people.ts';
import { topView } from '../state/views.ts';
import type { ActionAnswer, PageAction } from './contract.ts';

/** Does what the page asks for. @throws {Impossible} when it makes no sense. */
export async function act(session: Session, action: Json): Promise<ActionAnswer> {
  requireActor(session);
  const perform = typeof action.do === 'string' && Object.hasOwn(ACTIONS, action.do) ? ACTIONS[action.do as PageAction['do']] : undefined;
  if (perform === undefined) throw new Impossible(`There is no action ${JSON.stringify(action.do)}.`);
  return perform(session, action);
}

type Perform = (session: Session, action: Json) => ActionAnswer | Promise<ActionAnswer>;

const ACTIONS: Readonly<Record<PageAction['do'], Perform>> = {
  type: async (session, action) => (await typeLine(session, channelOf(session, action), text(action, 'text'), optionalText(action, 'threadTs'))).outcome,
  async use(session, action) {
    const place = placeOf(session, action);
    return (await useElement(session, place, elementAt(place, text(action, 'blockId'), text(action, 'actionId')), useOf(action))).outcome;
  },
  async suggest(session, action) {
    const place = placeOf(session, action);
    const { outcome, options, optionGroups } = await suggest(session, place, elementAt(place, text(action, 'blockId'), text(action, 'actionId')), text(action, 'query'));
    return outcome.ok ? { ok: true, ...(options && { options }), ...(optionGroups && { optionGroups }) } : outcome;
  },
  submit(session, action) {
    requireTop(session, text(action, 'viewId'));
    return submit(session);
  },
  close(session, action) {
    requireTop(session, text(action, 'viewId'));
    return close(session, action.all === true);
  },
  'open-home': openHome,
  shortcut: (session, action) => startShortcut(session, text(action, 'callbackId')),
  'message-shortcut': (session, action) => startShortcut(session, text(action, 'callbackId'), placeOfMessage(session, text(action, 'channel'), text(action, 'ts'), false)),
  read(session, action) {
    const channel = channelOf(session, action);
    const last = messagesSeenBy(session.backend, channel, session.user).at(-1);
    if (last !== undefined) session.read.set(channel.id, last.ts);
    session.backend.changes.tell({ about: 'channels' });
    return DONE;
  },
  dismiss({ backend, user }, action) {
    const message = findMessage(backend, text(action, 'channel'), text(action, 'ts'), { ephemeral: true });
    if (message?.visibleTo !== user.id) throw new Impossible('There is no such ephemeral message.');
    removeMessage(backend, message);
    return DONE;
  },
  join(session, action) {
    join(session.backend, channelOf(session, action), session.user);
    return DONE;
  },
  invite,
};

function invite(session: Session, action: Json): Outcome {
  const { backend, user } = session;
  const channel = channelOf(session, action);
  const invited = personNamed(backend, text(action, 'user'));
  if (!channel.members.has(user.id) || channel.kind === 'im') throw new Impossible('Only a member of a channel can invite.');
  join(backend, channel, invited, user.id);
  return DONE;
}

function channelOf({ backend, user }: Session, action: Json): Channel {
  const channel = channelNamed(backend, text(action, 'channel'));
  if (!canSee(backend, channel, user)) throw new Impossible(`${user.handle} does not see that channel.`);
  return channel;
}

function placeOf(session: Session, { place }: Json): Place {
  if (!isObject(place)) throw new Impossible('`place` is missing.');
  if (place.in === 'view') return placeOfView(session, text(place, 'viewId'));
  return placeOfMessage(session, text(place, 'channel'), text(place, 'ts'), place.isEphemeral === true);
}

function useOf({ entry, pressedEnter }: Json): Use {
  if (entry !== undefined && !isEntry(entry)) throw new Impossible('`entry` is nothing that can be entered.');
  return { ...(entry !== undefined && { entry }), pressedEnter: pressedEnter === true };
}

function isEntry(value: unknown): value is Entry {
  if (Array.isArray(value)) return value.every((item) => typeof item === 'string');
  return value === null || typeof value === 'string' || typeof value === 'number' || isObject(value);
}

function requireTop({ backend, user }: Session, viewId: string): void {
  if (topView(backend, user.id)?.id !== viewId) throw new Impossible('That modal is not the one on top.');
}

function text(fields: Json, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string') throw new Impossible(`\`${name}\` is missing.`);
  return value;
}

function optionalText(fields: Json, name: string): string | undefined {
  return fields[name] === undefined ? undefined : text(fields, name);
}
