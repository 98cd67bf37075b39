import type { Place } from './courier.ts';
import type { Urgency } from './outbox.ts';

/** `sending` while a call is under way, and for good when the process died in it. */
export type RowState = 'pending' | 'sending' | 'sent' | 'failed';

/** A message as it is recorded before it is sent. */
export interface MessageRow {
  readonly id: string;
  /** Where it goes; another one than asked for after the bot was refused there. */
  readonly channel: string;
  readonly thread?: string;
  readonly kind: 'message' | 'file';
  /** Name of the template, or nothing for a file. */
  readonly template: string;
  /** JSON: data of the template, or the file. */
  readonly data: string;
  readonly urgency: Urgency;
  readonly fallbackUser?: string;
  /** Grows with every change of `data`. */
  readonly version: number;
  /** The version that stands in Slack; 0 before the first. */
  readonly sentVersion: number;
  readonly state: RowState;
  /** Grows with every taking; whoever took it before has lost it. */
  readonly taken: number;
  /** Where it stands, once that is known. */
  readonly place?: Place;
  /** Further posts of the same message that turned up after an answer was lost. */
  readonly copies: readonly Place[];
  /** Posts of which nobody knows whether they were made. */
  readonly lost: number;
  /** Failures in a row. */
  readonly failures: number;
  /** Milliseconds since 1970: not to be tried before, and when it was last sent. */
  readonly notBefore: number;
  readonly sentAt: number;
  /** Slack refused its blocks: only its text is sent. */
  readonly plain: boolean;
}

export interface RowPatch extends Partial<Pick<MessageRow, 'state' | 'lost' | 'failures' | 'notBefore' | 'sentAt' | 'sentVersion' | 'plain'>> {
  /** A place where it stands. */
  readonly found?: Place;
  /** Places where it stands no more. */
  readonly gone?: readonly Place[];
}

export interface NewRow extends Pick<MessageRow, 'id' | 'channel' | 'thread' | 'kind' | 'template' | 'data' | 'urgency' | 'fallbackUser'> {
  /** An earlier one than is known changes nothing. */
  readonly revision?: number;
  /** Posted before whatever else waits. */
  readonly ahead?: boolean;
}

export interface MessageRows {
  /** Records it; tells whether there is something to send, and where. */
  readonly put: (row: NewRow) => Promise<{ readonly pending: boolean; readonly channel: string }>;
  readonly get: (id: string) => Promise<MessageRow | undefined>;
  /** What a channel is due: its first post, and the changes of messages that stand already, oldest first. */
  readonly work: (channel: string) => Promise<readonly MessageRow[]>;
  /** For this process alone to send, until then; undefined when another one was quicker or the message changed. */
  readonly take: (row: MessageRow, until: number) => Promise<MessageRow | undefined>;
  /**
   * Writes what became of it. It stays due unless it is `sent` or `failed` now and was not changed meanwhile.
   *
   * After another one has taken it, only the place where it stands is kept.
   */
  readonly settle: (row: MessageRow, patch: RowPatch) => Promise<void>;
  /** A post of it that nobody knew of: it is brought to the current state like the one that was known. */
  readonly adopt: (id: string, place: Place) => Promise<void>;
  readonly retarget: (row: MessageRow, channel: string) => Promise<void>;
  readonly busyChannels: () => Promise<readonly string[]>;
  readonly counts: () => Promise<{ readonly unsent: number; readonly maybeDouble: number; readonly failed: number }>;
}

/** Slack's rates, kept over all replicas. Times are milliseconds since 1970. */
export interface Pace {
  /** When the channel may be posted to next. */
  readonly postAt: (channel: string) => Promise<number>;
  readonly posted: (channel: string, at: number) => Promise<void>;
  /** Nothing of this name (a channel or a method) before then; an earlier moment than is known changes nothing. */
  readonly pause: (name: string, until: number) => Promise<void>;
  readonly pausedUntil: (name: string) => Promise<number>;
  /** Takes that many updates out of the budget; answers 0, or in how many milliseconds there are so many. */
  readonly takeUpdates: (count: number, urgency: Urgency, now: number) => Promise<number>;
  /** How many messages have shown progress within the last minute. */
  readonly live: (id: string, now: number) => Promise<number>;
}
