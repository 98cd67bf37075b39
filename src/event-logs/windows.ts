import { z } from 'zod';
import type { Clock } from '#src/model/clock.ts';
import type { EventPull } from '#src/model/event-intake.ts';

/** A span of time, the end not in it, in milliseconds since 1970. */
export interface Span {
  readonly fromMs: number;
  readonly untilMs: number;
}

export interface LogPage {
  readonly lines: readonly string[];
  /** What the next page is asked for with. */
  readonly next: string | undefined;
}

export interface WindowsNeeds {
  readonly page: (span: Span, token: string | undefined, signal: AbortSignal) => Promise<LogPage>;
  readonly clock: Clock;
  /** How long an entry may take until it can be found. */
  readonly lateMs?: number;
}

/** Clouds take a while until an entry can be found, and what is behind the cursor is not looked at again. */
const LATE_MS = 60_000;
const SPAN_MS = 3600_000;
/** Shorter spans would only cost more requests. */
const LEAST_MS = 5000;

const cursorShape = z.strictObject({ fromMs: z.int(), untilMs: z.int().optional(), token: z.string().optional() });

/** Reads a log of a cloud forward in time, span by span and page by page. It begins with what is written from now on. */
export function createWindowsPull({ page, clock, lateMs = LATE_MS }: WindowsNeeds): EventPull {
  return {
    async pull(cursor, signal) {
      const readyMs = clock.now().getTime() - lateMs;
      if (cursor === undefined) return { text: '', cursor: JSON.stringify({ fromMs: readyMs }) };
      const { fromMs, untilMs = Math.min(fromMs + SPAN_MS, readyMs), token } = cursorShape.parse(JSON.parse(cursor));
      if (token === undefined && untilMs - fromMs < LEAST_MS) return undefined;
      const { lines, next } = await page({ fromMs, untilMs }, token, signal);
      return { text: lines.join('\n'), cursor: JSON.stringify(next === undefined ? { fromMs: untilMs } : { fromMs, untilMs, token: next }) };
    },
  };
}
