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
  readonly place?: Place;
  /** Further posts of the same message that turned up after an answer was lost. */
  readonly copies: readonly Place[];
  /** Posts whose answer was lost. */
  readonly lost: number;
  /** Failures in a row. */
  readonly failures: number;
  /** Milliseconds since 1970: not to be tried before, and when it was last sent. */
  readonly notBefore: number;
  readonly sentAt: number;
  /** Slack refused its blocks: only its text is sent. */
  readonly plain: boolean;
}

export type RowPatch = Partial<Pick<MessageRow, 'state' | 'place' | 'copies' | 'lost' | 'failures' | 'notBefore' | 'sentAt' | 'sentVersion' | 'plain'>>;

export type NewRow = Pick<MessageRow, 'id' | 'channel' | 'thread' | 'kind' | 'template' | 'data' | 'urgency' | 'fallbackUser'>;

export interface MessageRows {
  /** Records it; tells whether there is something to send and where. */
  readonly put: (row: NewRow) => Promise<{ readonly changed: boolean; readonly channel: string }>;
  readonly get: (id: string) => Promise<MessageRow | undefined>;
  /** What a channel has to be sent, oldest first. */
  readonly work: (channel: string) => Promise<readonly MessageRow[]>;
  /** For this process alone to send; false when another one was quicker or the message changed. */
  readonly take: (row: MessageRow) => Promise<boolean>;
  /** Writes what became of it. Takes it off the work when `done` is its newest version, or it failed. */
  readonly settle: (id: string, patch: RowPatch, done?: number) => Promise<void>;
  /** A post of it that nobody knew of: it is brought to the current state like the one that was known. */
  readonly adopt: (row: MessageRow, place: Place) => Promise<void>;
  readonly retarget: (id: string, channel: string) => Promise<void>;
  readonly busyChannels: () => Promise<readonly string[]>;
  readonly counts: () => Promise<{ readonly unsent: number; readonly maybeDouble: number; readonly failed: number }>;
}

/** Slack's rates, kept over all replicas. Times are milliseconds since 1970. */
export interface Pace {
  /** When the channel may be posted to next. */
  readonly postAt: (channel: string) => Promise<number>;
  readonly posted: (channel: string, at: number) => Promise<void>;
  /** Nothing of this name (a channel or a method) before then. */
  readonly pause: (name: string, until: number) => Promise<void>;
  readonly pausedUntil: (name: string) => Promise<number>;
  /** Takes one update out of the budget; answers 0, or in how many milliseconds there is one. */
  readonly takeUpdate: (urgency: Urgency, now: number) => Promise<number>;
  /** How many messages have shown progress within the last minute. */
  readonly live: (id: string, now: number) => Promise<number>;
}
