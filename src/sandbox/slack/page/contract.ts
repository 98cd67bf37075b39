/**
 * What the sandbox's web page and the Slack stand-in tell each other. Types only.
 *
 * Everything is same-origin JSON below `/sandbox/`; `as` is the id of the person who looks or acts:
 *
 *     GET  /sandbox/workspace?as=U…             → Workspace (without `as`: as the first person)
 *     GET  /sandbox/messages?as=U…&channel=C…   → ChannelMessages
 *     GET  /sandbox/home?as=U…                  → HomeTab
 *     GET  /sandbox/modals?as=U…                → ModalStack
 *     GET  /sandbox/events?as=U…                → Server-Sent Events, the data of each is a PageEvent
 *     POST /sandbox/act?as=U…                   PageAction (content type application/json) → ActionAnswer
 *     GET  PageFile.url                         → the bytes
 *
 * The page itself and its assets are served from every other path that Slack does not use. A request that makes no sense (an unknown
 * person, channel or element) is answered with status 400 or 404 and an `ActionFailed`.
 */

/** A block, an element, a view or a piece of one, as the app sent it, with the ids that Slack fills in. */
export type BlockJson = Readonly<Record<string, unknown>>;

/** Everything but messages, the Home tab and modals. Reread after a `workspace` event. */
export interface Workspace {
  readonly team: { readonly id: string; readonly name: string };
  readonly app: PageApp;
  readonly me: PagePerson;
  /** Everybody, bots, deactivated people and people of another workspace included: to resolve mentions and authors. */
  readonly people: readonly PagePerson[];
  /** User groups in use: to resolve `<!subteam^S…>`. */
  readonly groups: readonly PageGroup[];
  /** What `me` can open: own channels, then public channels that `me` may look at and join. Direct messages are not among them. */
  readonly channels: readonly PageChannel[];
  /** The direct message with the app. Absent for a person of another workspace. */
  readonly directMessage?: PageChannel;
  /** The stand-in's time, ISO 8601. Tests and demos can move it. */
  readonly now: string;
}

export interface PageApp {
  readonly id: string;
  readonly name: string;
  /** Author of the app's messages. */
  readonly userId: string;
  /** False: nothing that a person does reaches the app. */
  readonly isConnected: boolean;
  readonly isInstalled: boolean;
  /** False: there is no Home tab to open. */
  readonly hasHome: boolean;
  readonly commands: readonly PageCommand[];
  readonly shortcuts: readonly PageShortcut[];
}

/** For the list that opens when somebody types `/`. */
export interface PageCommand {
  /** With its slash. */
  readonly command: string;
  readonly description: string;
  /** Empty, if the app has none. */
  readonly usageHint: string;
}

export interface PageShortcut {
  readonly name: string;
  readonly description: string;
  readonly callbackId: string;
  readonly type: 'global' | 'message';
}

export interface PagePerson {
  readonly id: string;
  /** What follows an `@`. */
  readonly handle: string;
  readonly realName: string;
  /** `outsider`: of another workspace, in shared channels. `slack`: Slackbot, which speaks for Slack itself. */
  readonly sort: 'member' | 'guest' | 'outsider' | 'bot' | 'slack';
  readonly isDeactivated: boolean;
  /** The page may act as this person. */
  readonly canAct: boolean;
  readonly timeZone: string;
}

export interface PageGroup {
  readonly id: string;
  readonly handle: string;
  readonly name: string;
  /** Ids of people. */
  readonly members: readonly string[];
}

export interface PageChannel {
  readonly id: string;
  /** Without `#`; empty for the direct message. */
  readonly name: string;
  readonly kind: 'public' | 'private' | 'im' | 'mpim';
  readonly isArchived: boolean;
  /** Shared with another workspace. */
  readonly isShared: boolean;
  readonly isMember: boolean;
  /** False: the app does not see it, and it cannot be told to look at anything here. */
  readonly hasApp: boolean;
  /** False: nothing can be typed here, because `me` is no member, it is archived, or the app takes no messages. */
  readonly canWrite: boolean;
  /** Ids of people and bots. */
  readonly members: readonly string[];
  /** Messages outside of threads that `me` has not read; `{ do: 'read' }` makes it 0. */
  readonly unread: number;
}

/** All that `me` sees in a channel, threads and messages for `me` alone included. */
export interface ChannelMessages {
  readonly channel: string;
  /** Oldest first. A reply has `threadTs`; it stands in the channel as well only if `isBroadcast`. */
  readonly messages: readonly PageMessage[];
}

export interface PageMessage {
  readonly ts: string;
  /** Id of a person, of the app, or of Slackbot. */
  readonly author: string;
  /** The message itself if there are no blocks, else what a notification shows. mrkdwn. */
  readonly text: string;
  readonly blocks: readonly BlockJson[];
  readonly attachments: readonly BlockJson[];
  /** The first message of the thread that it is a reply in. */
  readonly threadTs?: string;
  readonly isBroadcast: boolean;
  /** "Only visible to you". */
  readonly isEphemeral: boolean;
  readonly isEdited: boolean;
  readonly files: readonly PageFile[];
  /** Files that image blocks in it name as `slack_file`. */
  readonly pictures: readonly PageFile[];
  /** What `me` has picked in its menus and inputs. */
  readonly values: EnteredValues;
}

export interface PageFile {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly altText: string;
  readonly mimeType: string;
  readonly size: number;
  /** Same-origin path, to be used as it is in `src` or `href`. */
  readonly url: string;
}

/** The Home tab of the app. Ask for it after `{ do: 'open-home' }`; it changes later with a `home` event. */
export interface HomeTab {
  /** Absent until the app has published one. */
  readonly view?: PageView;
}

export interface ModalStack {
  /** The last one is on top, and the only one that a person sees. Empty: no modal is open. */
  readonly modals: readonly PageView[];
}

export interface PageView {
  readonly id: string;
  /** Whole, as the app gave it: `title`, `submit`, `close`, `blocks` … */
  readonly content: BlockJson;
  /** What every input, menu and picker holds now, initial values included. */
  readonly values: EnteredValues;
  /** Messages to show below inputs, by block id. */
  readonly errors: Readonly<Record<string, string>>;
  /** A submission is under way: buttons are off. */
  readonly isBusy: boolean;
  readonly pictures: readonly PageFile[];
}

/**
 * By block id and action id, in the words of Slack's payloads: `{ type: 'static_select', selected_option: {…} | null }`,
 * `{ type: 'plain_text_input', value: '…' | null }`, `selected_options`, `selected_user(s)`, `selected_conversation(s)`,
 * `selected_channel(s)`, `selected_date`, `selected_time`, `selected_date_time`, `rich_text_value`.
 */
export type EnteredValues = Readonly<Record<string, Readonly<Record<string, BlockJson>>>>;

/** What to read again. The first event after every connect is `workspace`, and after a reconnect everything shown is to be read again. */
export type PageEvent =
  | { readonly about: 'workspace' }
  | { readonly about: 'messages'; readonly channel: string }
  | { readonly about: 'home' }
  | { readonly about: 'modals' };

/** Where an element stands. */
export type ElementPlace =
  | { readonly in: 'message'; readonly channel: string; readonly ts: string; readonly isEphemeral: boolean }
  /** A modal or the Home tab. */
  | { readonly in: 'view'; readonly viewId: string };

/**
 * What a person gives to an element: text, a number as text, a date `2026-11-30`, a time `09:30`, a date with time in seconds, the
 * `value` of an option, the id of a person or channel, or a list of those for what takes several. `null` empties it. A rich_text object
 * for a rich_text_input.
 */
export type PageEntry = string | number | readonly string[] | BlockJson | null;

export type PageAction =
  /** Types a line in a channel: a command if it starts with `/`, else a message. Commands cannot be typed in threads. */
  | { readonly do: 'type'; readonly channel: string; readonly text: string; readonly threadTs?: string }
  /**
   * Uses an element: presses a button (no entry), picks an entry of an overflow menu, or enters something. Slack decides whether the
   * app hears of it at once: always outside of input blocks, inside of them only with `dispatch_action`. The page has shown `confirm`
   * before. `pressedEnter`: the person ended the text with Enter.
   */
  | { readonly do: 'use'; readonly place: ElementPlace; readonly blockId: string; readonly actionId: string; readonly entry?: PageEntry; readonly pressedEnter?: boolean }
  /** Asks for the options of an external select; answered with `options` or `optionGroups`. They can then be picked with `use`. */
  | { readonly do: 'suggest'; readonly place: ElementPlace; readonly blockId: string; readonly actionId: string; readonly query: string }
  /** Presses the submit button of the top modal. What `use` has entered counts. */
  | { readonly do: 'submit'; readonly viewId: string }
  /** Leaves the top modal by its close button; with `all` the whole stack, by the cross. */
  | { readonly do: 'close'; readonly viewId: string; readonly all?: boolean }
  | { readonly do: 'open-home' }
  | { readonly do: 'shortcut'; readonly callbackId: string }
  | { readonly do: 'message-shortcut'; readonly callbackId: string; readonly channel: string; readonly ts: string }
  /** Has read a channel up to its end. */
  | { readonly do: 'read'; readonly channel: string }
  /** Takes an ephemeral message away. */
  | { readonly do: 'dismiss'; readonly channel: string; readonly ts: string }
  /** Joins a public channel. */
  | { readonly do: 'join'; readonly channel: string }
  /** Brings a person, or the app by its `userId`, into a channel. */
  | { readonly do: 'invite'; readonly channel: string; readonly user: string };

/** Comes when the app has acknowledged or its three seconds are over. What follows from it comes by events. */
export type ActionAnswer = ActionDone | ActionFailed;

export interface ActionDone {
  readonly ok: true;
  /** For `suggest` only. */
  readonly options?: readonly BlockJson[];
  readonly optionGroups?: readonly BlockJson[];
}

/**
 * For a command that fails Slackbot leaves an ephemeral message as well. For a button the page shows a warning sign beside it, for a modal
 * the error on top of it. What is wrong with single inputs is in `PageView.errors`; `error` then only says that something is.
 */
export interface ActionFailed {
  readonly ok: false;
  /** A sentence for the person. */
  readonly error: string;
}
