import type { Json } from '#src/blocks/rules.ts';

/** One thing that Slack tells the app. */
export interface Envelope {
  readonly type: 'slash_commands' | 'interactive' | 'events_api';
  readonly payload: Json;
  /** The acknowledgement may carry an answer. */
  readonly acceptsAnswer: boolean;
  /** Set on further deliveries of an event. */
  readonly retry?: { readonly attempt: number; readonly reason: string };
}

/** What became of an envelope. `afterMs` is on the stand-in's clock. */
export type Delivered =
  | { readonly result: 'acknowledged'; readonly afterMs: number; readonly answer: unknown }
  /** Nothing came within three seconds. */
  | { readonly result: 'timed_out' }
  /** There was nobody to tell. */
  | { readonly result: 'unreachable' }
  /** HTTP mode only: another status than 200, or an answer that is no JSON. */
  | { readonly result: 'failed'; readonly status: number; readonly noRetry: boolean };

/** Socket Mode or HTTP mode. */
export interface Transport {
  readonly send: (envelope: Envelope) => Promise<Delivered>;
}
