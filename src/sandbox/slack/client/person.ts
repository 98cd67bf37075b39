import { channelNamed, directMessageWith } from '../state/channels.ts';
import { findMessage, type Message } from '../state/messages.ts';
import { homeOf, topView } from '../state/views.ts';
import { placeOfMessage, suggest, useElement, type Use } from './elements.ts';
import type { Entry } from './inputs.ts';
import { close, openHome, startShortcut, submit } from './modals.ts';
import type { Place } from './payloads.ts';
import { messagesSeenBy, standsInChannel } from './seeing.ts';
import { elementNamed, meets, optionValue, seenMessage, seenView, type Expected, type SeenMessage, type SeenView } from './seen.ts';
import type { Outcome, Session } from './session.ts';
import { typeLine } from './typing.ts';
import { readText } from './words.ts';
import { Impossible } from '../state/impossible.ts';

/** A channel by name or id, `dm` for the direct message with the app, or the thread of a message. */
export type Spot = string | SeenMessage;

/** What has elements: a message, the modal on top, or the Home tab. */
export type Where = SeenMessage | 'modal' | 'home';

/** A command or click, after the app acknowledged it or failed to. */
export interface Run {
  readonly outcome: Outcome;
  /** What answered it so far: in the acknowledgement, or through its response URL. */
  readonly answers: () => readonly SeenMessage[];
  /** Waits for an answer. */
  readonly answer: (expected?: Expected<SeenMessage>) => Promise<SeenMessage>;
}

/** Somebody with a Slack window. Looking never waits; what starts with `sees` does. Impossible actions throw. */
export interface Person {
  readonly id: string;
  readonly handle: string;
  /** Types a command; in the direct message with the app, if no channel is given. */
  readonly command: (line: string, channel?: string) => Promise<Run>;
  /** What Slack shows while the command is typed. */
  readonly usageHint: (command: string) => string | undefined;
  readonly say: (spot: Spot, text: string) => Promise<SeenMessage>;

  /** Oldest first. A channel without the replies in its threads; a thread without its first message. */
  readonly messages: (spot: Spot) => readonly SeenMessage[];
  readonly sees: (spot: Spot, expected: Expected<SeenMessage>) => Promise<SeenMessage>;
  /** The message as it is now; undefined when it is gone. */
  readonly reread: (message: SeenMessage) => SeenMessage | undefined;
  readonly seesChange: (message: SeenMessage, expected: Expected<SeenMessage>) => Promise<SeenMessage>;

  readonly press: (where: Where, name: string) => Promise<Run>;
  /** Enters or picks something in one element: options go by value or by their text, people and channels by name. */
  readonly choose: (where: Where, name: string, entry: Entry, use?: Omit<Use, 'entry'>) => Promise<Run>;
  /** Texts of the options that the app suggests. */
  readonly suggestions: (where: Where, name: string, query: string) => Promise<readonly string[]>;

  readonly modal: () => SeenView | undefined;
  readonly seesModal: (expected?: Expected<SeenView>) => Promise<SeenView>;
  readonly seesNoModal: () => Promise<void>;
  /** Presses the submit button, after entering what is given. */
  readonly submit: (entries?: Readonly<Record<string, Entry>>) => Promise<Outcome>;
  readonly close: (options?: { readonly all?: boolean }) => Promise<Outcome>;

  readonly openHome: () => Outcome;
  readonly home: () => SeenView | undefined;
  readonly seesHome: (expected?: Expected<SeenView>) => Promise<SeenView>;
  readonly shortcut: (callbackId: string, message?: SeenMessage) => Promise<Outcome>;
}

export function createPerson(session: Session): Person {
  const { user } = session;
  return { id: user.id, handle: user.handle, ...lookingOf(session), ...viewsOf(session), ...elementsOf(session), ...typingOf(session) };
}

type Looking = Pick<Person, 'messages' | 'sees' | 'reread' | 'seesChange'>;

function lookingOf(session: Session): Looking {
  const { backend, user } = session;
  const messages = (spot: Spot) => messagesAt(session, spot).map((message) => seenMessage(backend, message));
  const reread = ({ channel, ts, isEphemeral }: SeenMessage) => {
    const message = findMessage(backend, channel, ts, { ephemeral: isEphemeral });
    return message && seenMessage(backend, message);
  };
  return {
    messages,
    reread,
    sees: (spot, expected) =>
      backend.changes.until(
        `${user.handle} to see ${nameOf(expected)}`,
        () => messages(spot).find((message) => meets(message, expected)),
        () => describe(messages(spot)),
      ),
    seesChange: (message, expected) =>
      backend.changes.until(
        `${user.handle} to see a message become ${nameOf(expected)}`,
        () => {
          const now = reread(message);
          return now !== undefined && meets(now, expected) ? now : undefined;
        },
        () => describe([reread(message)].flatMap((now) => now ?? [])),
      ),
  };
}

function viewsOf(session: Session): Pick<Person, 'modal' | 'seesModal' | 'seesNoModal' | 'submit' | 'close' | 'openHome' | 'home' | 'seesHome' | 'shortcut'> {
  const { backend, user } = session;
  const modal = () => [topView(backend, user.id)].flatMap((view) => (view === undefined ? [] : [seenView(backend, view)]))[0];
  const home = () => [homeOf(backend, user.id)].flatMap((view) => (view === undefined ? [] : [seenView(backend, view)]))[0];
  const sees = (what: string, look: () => SeenView | undefined) => (expected: Expected<SeenView> = () => true) =>
    backend.changes.until(
      `${user.handle} to see ${what} with ${nameOf(expected)}`,
      () => {
        const now = look();
        return now !== undefined && meets(now, expected) ? now : undefined;
      },
      () => look()?.words ?? `There is no ${what}.`,
    );
  return {
    modal,
    home,
    seesModal: sees('a modal', modal),
    seesHome: sees('the Home tab', home),
    async seesNoModal() {
      await backend.changes.until(`the modals of ${user.handle} to close`, () => (modal() === undefined ? true : undefined));
    },
    async submit(entries = {}) {
      for (const [name, entry] of Object.entries(entries)) await choose(session, 'modal', name, { entry });
      return submit(session);
    },
    close: ({ all = false } = {}) => close(session, all),
    openHome: () => openHome(session),
    shortcut: (callbackId, message) => startShortcut(session, callbackId, message && placeOfMessage(session, message.channel, message.ts, message.isEphemeral)),
  };
}

function elementsOf(session: Session): Pick<Person, 'press' | 'choose' | 'suggestions'> {
  const { backend } = session;
  return {
    async press(where, name) {
      const { outcome, responseKey } = await choose(session, where, name, {});
      return runOf(session, outcome, responseKey);
    },
    async choose(where, name, entry, use = {}) {
      const { outcome, responseKey } = await choose(session, where, name, { ...use, entry });
      return runOf(session, outcome, responseKey);
    },
    async suggestions(where, name, query) {
      const place = placeAt(session, where);
      const { outcome } = await suggest(session, place, elementNamed(backend, place, name), query);
      if (!outcome.ok) throw new Impossible(outcome.error);
      return (session.suggestions.get(elementNamed(backend, place, name).actionId) ?? []).map(({ text }) => readText(backend, text));
    },
  };
}

function typingOf(session: Session): Pick<Person, 'command' | 'usageHint' | 'say'> {
  const { backend } = session;
  return {
    usageHint: (command) => backend.app.commands.find((known) => known.command === command)?.usage_hint,
    async command(line, channel = 'dm') {
      const { outcome, responseKey } = await typeLine(session, channelAt(session, channel), line);
      return runOf(session, outcome, responseKey);
    },
    async say(spot, text) {
      const { message, outcome } = await typeLine(session, channelAt(session, spot), text, typeof spot === 'string' ? undefined : (spot.threadTs ?? spot.ts));
      if (message === undefined) throw new Impossible(outcome.ok ? `${text} is a command.` : outcome.error);
      return seenMessage(backend, message);
    },
  };
}

function choose(session: Session, where: Where, name: string, use: Use): ReturnType<typeof useElement> {
  const { backend, suggestions } = session;
  const place = placeAt(session, where);
  const placed = elementNamed(backend, place, name);
  const suggested = suggestions.get(placed.actionId) ?? [];
  const { entry } = use;
  const toValue = (word: string) => optionValue(backend, placed, suggested, word);
  const resolved = typeof entry === 'string' ? toValue(entry) : isWords(entry) ? entry.map(toValue) : entry;
  return useElement(session, place, placed, resolved === undefined ? use : { ...use, entry: resolved });
}

function runOf(session: Session, outcome: Outcome, responseKey: string | undefined): Run {
  const { backend, user } = session;
  const answers = () => (responseKey === undefined ? [] : allSeenBy(session).filter(({ via }) => via === responseKey)).map((message) => seenMessage(backend, message));
  return {
    outcome,
    answers,
    answer: (expected = () => true) =>
      backend.changes.until(
        `${user.handle} to be answered with ${nameOf(expected)}`,
        () => answers().find((message) => meets(message, expected)),
        () => describe(answers()),
      ),
  };
}

function placeAt(session: Session, where: Where): Place {
  const { backend, user } = session;
  if (typeof where !== 'string') return placeOfMessage(session, where.channel, where.ts, where.isEphemeral);
  const view = where === 'modal' ? topView(backend, user.id) : homeOf(backend, user.id);
  if (view === undefined) throw new Impossible(`${user.handle} sees no ${where}.`);
  return { view };
}

function channelAt({ backend, user }: Session, spot: Spot) {
  if (typeof spot !== 'string') return channelNamed(backend, spot.channel);
  return spot === 'dm' ? directMessageWith(backend, user.id) : channelNamed(backend, spot);
}

function messagesAt(session: Session, spot: Spot): readonly Message[] {
  const seen = messagesSeenBy(session.backend, channelAt(session, spot), session.user);
  return typeof spot === 'string' ? seen.filter(standsInChannel) : seen.filter(({ threadTs }) => threadTs === (spot.threadTs ?? spot.ts));
}

function allSeenBy({ backend, user }: Session): readonly Message[] {
  return [...backend.channels.values()].flatMap((channel) => messagesSeenBy(backend, channel, user));
}

function isWords(entry: Entry | undefined): entry is readonly string[] {
  return Array.isArray(entry);
}

function nameOf(expected: Expected<never>): string {
  if (typeof expected === 'function') return 'what a condition asks for';
  return typeof expected === 'string' ? `"${expected}"` : String(expected);
}

function describe(messages: readonly SeenMessage[]): string {
  const shown = messages.map(({ author, words }) => `${author}: ${words}`);
  return shown.length === 0 ? 'There is no message.' : `There is:\n${shown.join('\n')}`;
}
