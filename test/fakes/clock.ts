import type { Clock } from '#src/model/clock.ts';

export interface MovedClock extends Clock {
  readonly advance: (ms: number) => void;
}

/** Stands still until it is moved. */
export function createMovedClock(start = '2026-11-23T08:00:00.000Z'): MovedClock {
  let now = Date.parse(start);
  return {
    now: () => new Date(now),
    advance: (ms) => {
      now += ms;
    },
  };
}
