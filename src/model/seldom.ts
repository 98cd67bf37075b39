import type { Clock } from './clock.ts';

/** Whether something may be said now: once in a while for each thing, so that one stands for all of its kind. */
export type Seldom = (what: string) => boolean;

export function createSeldom(clock: Clock, everyMs: number): Seldom {
  const saidMs = new Map<string, number>();
  return (what) => {
    const now = clock.now().getTime();
    if (now - (saidMs.get(what) ?? -Infinity) < everyMs) return false;
    saidMs.set(what, now);
    return true;
  };
}
