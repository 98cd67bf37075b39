import { z } from 'zod';
import { FEEDS } from '#src/model/event-intake.ts';
import type { FeedState } from '#src/model/feed-state.ts';

const MINUTE_MS = 60_000;
const at = z.iso.datetime().transform((text) => Date.parse(text));
const minutes = z.int().min(0).transform((count) => count * MINUTE_MS);

/** As a person writes it. */
const state = z.strictObject({ feed: z.enum(FEEDS), time: at, last: at, quietMinutes: minutes, limitMinutes: minutes.optional(), up: z.boolean().optional(), missing: at.optional(), foreign: z.string().optional(), lost: z.int().min(0).default(0) });

/** How a feed is, from its written form. */
export function parseFeedState(value: unknown): { readonly event: FeedState } | { readonly malformed: string } {
  const { success, data } = state.safeParse(value);
  if (!success) return { malformed: 'no state of a feed' };
  const { feed, time, last, quietMinutes, limitMinutes, up, missing, foreign, lost } = data;
  return { event: { id: `${feed} ${last} ${lost}`, feed, timeMs: time, lastMs: last, quietMs: quietMinutes, limitMs: limitMinutes, isUp: up, missingSinceMs: missing, foreign, lost } };
}
