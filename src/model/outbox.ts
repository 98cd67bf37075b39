import type { Message } from '#src/blocks/build.ts';

/** What a template may know besides its data. */
export interface RenderContext {
  /** Zone for times in plain text. */
  readonly zone: string;
}

/** One message of the product: a pure function of its data, with a sample that is its documentation and its test. */
export interface Template<Data = unknown> {
  readonly name: string;
  /** What it tells whom, for the documentation. */
  readonly summary: string;
  readonly samples: Readonly<Record<string, Data>>;
  // A method, so that templates of different data fit into one list.
  render(data: Data, context: RenderContext): Message;
}

export function defineTemplate<Data>(template: Template<Data>): Template<Data> {
  return template;
}

/** What waits longer when Slack's update budget is short. A `decision` has buttons that somebody presses: it is shown at once, whenever it changed last. */
export type Urgency = 'progress' | 'result' | 'decision';

/** A message as it should stand in Slack. Putting it again with other data edits the one that was posted. */
export interface OutgoingMessage<Data> {
  /** Lasting name, such as `scan/01J…`; a second put with the same id never posts a second message. */
  readonly id: string;
  /** Channel id, or a user id for a direct message. */
  readonly channel: string;
  /** Id of the message in whose thread it stands. */
  readonly thread?: string;
  readonly template: Template<Data>;
  readonly data: Data;
  readonly urgency?: Urgency;
  /** Posted before whatever else waits in its channel: what is critical. */
  readonly ahead?: boolean;
  /** Of what is shown: data of an earlier revision never takes the place of data of a later one, however late it comes. */
  readonly revision?: number;
  /** Told instead, in a direct message, when the bot may not post in the channel. */
  readonly fallbackUser?: string;
}

export interface OutgoingFile {
  readonly id: string;
  readonly channel: string;
  readonly thread?: string;
  readonly filename: string;
  readonly title: string;
  readonly content: string;
  /** What `content` is: text unless said otherwise. */
  readonly encoding?: 'base64';
  /** Of a picture, for people who do not see it; at most 1000 characters. */
  readonly altText?: string;
  /** It stands after the message `thread` in the same channel, wherever that came to stand, and not in its thread. */
  readonly beside?: true;
}

/** Posts what should stand in Slack: recorded before it is sent, in order per channel, within Slack's rates. */
export interface Outbox {
  readonly put: <Data>(message: OutgoingMessage<Data>) => Promise<void>;
  readonly putFile: (file: OutgoingFile) => Promise<void>;
}
