import type { Message } from '#src/blocks/build.ts';

/** Where a message stands in Slack. */
export interface Place {
  readonly channel: string;
  readonly ts: string;
}

export interface OutgoingContent {
  readonly filename: string;
  readonly title: string;
  readonly content: string;
  /** What `content` is: text unless said otherwise. */
  readonly encoding?: 'base64';
  readonly altText?: string;
  /** Not in the thread, but in the channel of the message above. */
  readonly beside?: true;
}

/** What became of a call to Slack that changes something. */
export type Delivery =
  | { readonly outcome: 'sent'; readonly place: Place }
  /** Refused; not before `waitMs` again. */
  | { readonly outcome: 'rate-limited'; readonly waitMs: number }
  /** Refused because of the blocks; nothing was posted. */
  | { readonly outcome: 'invalid-blocks'; readonly detail: string }
  /** No answer came: it may have been done. */
  | { readonly outcome: 'lost' }
  /** It was not done, and may be later: Slack could not be reached or failed. */
  | { readonly outcome: 'unavailable'; readonly reason: string }
  /** Not in this channel: the bot is not in it, or it is archived or gone. */
  | { readonly outcome: 'channel-refused'; readonly reason: string }
  /** The message to change is gone or may not be changed any more. */
  | { readonly outcome: 'gone'; readonly reason: string }
  /** The bot's token is refused. */
  | { readonly outcome: 'unauthorized'; readonly reason: string }
  /** Not now and not later. */
  | { readonly outcome: 'rejected'; readonly reason: string };

/** Carries messages to Slack, each once; never waits or repeats by itself. */
export interface Courier {
  readonly post: (channel: string, message: Message, threadTs?: string) => Promise<Delivery>;
  readonly update: (place: Place, message: Message) => Promise<Delivery>;
  readonly upload: (channel: string, file: OutgoingContent, threadTs?: string) => Promise<Delivery>;
  /** Whether Slack answers at all, found out without changing anything. */
  readonly answers: () => Promise<boolean>;
}
