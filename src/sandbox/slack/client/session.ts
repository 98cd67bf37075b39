import type { Json } from '#src/blocks/rules.ts';
import type { Courier } from '../delivery/delivery.ts';
import type { Delivered } from '../delivery/transport.ts';
import type { Backend } from '../state/backend.ts';
import type { Message } from '../state/messages.ts';
import { isMemberOfTeam, type User } from '../state/people.ts';
import type { ViewState } from '../state/views.ts';
import { Impossible } from '../state/impossible.ts';

/** What one person's Slack window remembers. */
export interface Session {
  readonly backend: Backend;
  readonly courier: Courier;
  readonly user: User;
  /** What the person picked in messages, by channel and ts. */
  readonly entered: Map<string, ViewState>;
  /** Options that the app suggested, by action id. */
  readonly suggestions: Map<string, readonly Json[]>;
  /** The last message read, by channel. */
  readonly read: Map<string, string>;
  /** Ids of modals whose submission is under way. */
  readonly busy: Set<string>;
}

/** What a person notices of an action: that it worked, or a sentence that says why not. */
export type Outcome = { readonly ok: true } | { readonly ok: false; readonly error: string };

export const DONE: Outcome = { ok: true };

export function failed(error: string): Outcome {
  return { ok: false, error };
}

/** The one session of each person. */
export function createSessions(backend: Backend, courier: Courier): (user: User) => Session {
  const sessions = new Map<string, Session>();
  return (user) => {
    const known = sessions.get(user.id);
    if (known !== undefined) return known;
    const session: Session = { backend, courier, user, entered: new Map(), suggestions: new Map(), read: new Map(), busy: new Set() };
    sessions.set(user.id, session);
    return session;
  };
}

/** Whether somebody can sign in and do anything at all. */
export function canAct(user: User): boolean {
  return !user.isBot && !user.deleted && !user.isInvited;
}

/** @throws when the person is none who could do anything. */
export function requireActor({ user }: Session): void {
  if (!canAct(user)) throw new Impossible(`${user.handle} cannot sign in: ${user.deleted ? 'deactivated' : user.isBot ? 'a bot' : 'has not accepted the invitation'}.`);
}

/** People of another workspace have buttons, but neither commands nor a Home of the app. */
export function isInsider({ backend, user }: Session): boolean {
  return isMemberOfTeam(backend, user);
}

export function enteredIn({ entered }: Session, message: Message): ViewState {
  return entered.get(keyOf(message)) ?? {};
}

export function remember({ entered, backend }: Session, message: Message, blockId: string, actionId: string, value: Json): void {
  const before = entered.get(keyOf(message)) ?? {};
  entered.set(keyOf(message), { ...before, [blockId]: { ...before[blockId], [actionId]: value } });
  backend.changes.tell({ about: 'messages', channel: message.channel });
}

/** Slack's name for what became of a delivery; undefined when the app acknowledged it. */
export function errorOf(delivered: Delivered): string | undefined {
  switch (delivered.result) {
    case 'acknowledged':
      return undefined;
    case 'timed_out':
      return 'operation_timeout';
    case 'unreachable':
    case 'failed':
      return 'dispatch_failed';
  }
}

/** The same for what is not a command. */
export function outcomeOf(delivered: Delivered): Outcome {
  const error = errorOf(delivered);
  return error === undefined ? DONE : failed(`The app did not take it (${error}). Please try again.`);
}

function keyOf({ channel, ts }: Message): string {
  return `${channel}/${ts}`;
}
