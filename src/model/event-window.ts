/** Users, addresses or workloads remembered at once. Whoever was quiet longest is forgotten first. */
const MAX_KEYS = 10_000;

/** Counts what happened of late, for many keys at once, in a bounded room. */
export interface EventWindow {
  /**
   * Adds something that happened, and tells how many there are by now when they are more than the limit.
   *
   * A burst is told about once: undefined until the window has passed. Events may come late by as much as the window is long.
   */
  readonly add: (key: string, timeMs: number | undefined, limit: number, what?: string) => number | undefined;
}

interface Entry {
  readonly timeMs: number;
  readonly what: string;
}

interface Kept {
  /** In order of time, the newest last; at most `limit` + 1. */
  entries: Entry[];
  toldMs: number | undefined;
}

/** With `distinct`, the same `what` counts once. An event without a time counts as of the latest time seen. */
export function createEventWindow({ windowMs, distinct = false }: { readonly windowMs: number; readonly distinct?: boolean }): EventWindow {
  const kept = new Map<string, Kept>();
  let latestMs = 0;
  return {
    add(key, timeMs, limit, what = '') {
      const now = timeMs ?? latestMs;
      latestMs = Math.max(latestMs, now);
      const mine = touched(kept, key);
      if (mine.toldMs !== undefined && Math.abs(now - mine.toldMs) <= windowMs) return undefined;
      const others = distinct ? mine.entries.filter((entry) => entry.what !== what) : mine.entries;
      const newestMs = Math.max(now, others.at(-1)?.timeMs ?? now);
      mine.entries = inserted(others, { timeMs: now, what }).filter((entry) => entry.timeMs >= newestMs - windowMs);
      if (mine.entries.length <= limit) return undefined;
      const count = mine.entries.length;
      kept.set(key, { entries: [], toldMs: now });
      return count;
    },
  };
}

/** What is kept of a key, which is now the one used last. */
function touched(kept: Map<string, Kept>, key: string): Kept {
  const mine = kept.get(key) ?? { entries: [], toldMs: undefined };
  kept.delete(key);
  kept.set(key, mine);
  const [quietest] = kept.size > MAX_KEYS ? kept.keys() : [];
  if (quietest !== undefined) kept.delete(quietest);
  return mine;
}

function inserted(entries: readonly Entry[], entry: Entry): Entry[] {
  const place = entries.findLastIndex((other) => other.timeMs <= entry.timeMs) + 1;
  return [...entries.slice(0, place), entry, ...entries.slice(place)];
}
