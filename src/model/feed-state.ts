import type { Feed } from './event-intake.ts';

/** How one feed of a cluster is at one moment. */
export interface FeedState {
  /** Same for the same silence and the same losses. */
  readonly id: string;
  readonly feed: Feed;
  /** Milliseconds since 1970, as all times here. */
  readonly timeMs: number;
  /** When the last event came. */
  readonly lastMs: number;
  /** For how long nothing came that could have come: not while the bot was away. */
  readonly quietMs: number;
  /** When that is a silence; undefined for what may be quiet for days, and for a silence that is told already. */
  readonly limitMs: number | undefined;
  /** False when the API server does not answer, so that it has nothing to tell; undefined where nobody asked. */
  readonly isUp: boolean | undefined;
  /** Since when no request of the bot itself has come back by it, although they used to and other events come; undefined where that is told already. */
  readonly missingSinceMs: number | undefined;
  /** Another cluster, of which requests of the bot came by it; undefined where that is told already. */
  readonly foreign: string | undefined;
  /** Events that got lost since the last look. */
  readonly lost: number;
}
