/** Keys remembered at once. Whoever was quiet longest is forgotten first. */
const MAX_KEYS = 10_000;
const WINDOW_MS = 10 * 60_000;
const DAY_MS = 24 * 3600_000;
/** Of so many days the highest windows are the range. */
const DAYS = 7;

export interface Volume {
  readonly connections: number;
  /** Zero where nobody counts them. */
  readonly bytes: number;
}

/** More than was ever known, in two windows in a row. */
export interface Excess {
  readonly of: keyof Volume;
  readonly now: number;
  /** The highest of an earlier day. */
  readonly before: number;
}

/** Learns how much is usual for each of many keys, in a bounded room. */
export interface VolumeRanges {
  /**
   * Adds to a key, and tells once in a window when it is the second in a row above the range by the factor.
   *
   * Each key has its own days, from when it was seen first: its first one is never told of, and a day counts for the range when it has ended.
   */
  readonly add: (key: string, timeMs: number, volume: Volume, factor: number) => Excess | undefined;
}

interface Kept {
  readonly firstMs: number;
  window: number;
  now: Volume;
  /** The window that was above the range last, and how many were in a row. */
  streak: { readonly window: number; readonly length: number };
  /** The highest windows of each of its days, the last day last. */
  days: readonly (Volume & { readonly day: number })[];
}

/** Below this nothing is much, whatever was usual. */
const LEAST: Volume = { connections: 300, bytes: 50 * 2 ** 20 };

export function createVolumeRanges(): VolumeRanges {
  const kept = new Map<string, Kept>();
  return {
    add(key, timeMs, volume, factor) {
      const mine = touched(kept, key, timeMs);
      const window = Math.floor(timeMs / WINDOW_MS);
      // What comes late counts in the window that is open.
      if (window > mine.window) [mine.window, mine.now] = [window, { connections: 0, bytes: 0 }];
      mine.now = sum(mine.now, volume);
      const day = Math.max(0, Math.floor((mine.window * WINDOW_MS - mine.firstMs) / DAY_MS));
      const excess = excessOf(mine, day, factor);
      mine.days = withDay(mine.days, day, mine.now);
      if (excess === undefined || mine.streak.window === mine.window) return undefined;
      const length = mine.streak.window === mine.window - 1 ? mine.streak.length + 1 : 1;
      mine.streak = { window: mine.window, length };
      return length < 2 ? undefined : excess;
    },
  };
}

function excessOf({ days, now }: Kept, day: number, factor: number): Excess | undefined {
  const earlier = days.filter((one) => one.day < day);
  if (earlier.length === 0) return undefined;
  for (const what of ['connections', 'bytes'] as const) {
    const before = Math.max(...earlier.map((one) => one[what]));
    if (now[what] > Math.max(LEAST[what], before * factor)) return { of: what, now: now[what], before };
  }
  return undefined;
}

function withDay(days: Kept['days'], day: number, { connections, bytes }: Volume): Kept['days'] {
  const last = days.at(-1);
  if (last === undefined || last.day < day) return [...days, { day, connections, bytes }].slice(-DAYS - 1);
  return [...days.slice(0, -1), { day: last.day, connections: Math.max(last.connections, connections), bytes: Math.max(last.bytes, bytes) }];
}

function sum(a: Volume, b: Volume): Volume {
  return { connections: a.connections + b.connections, bytes: a.bytes + b.bytes };
}

/** What is kept of a key, which is now the one used last. */
function touched(kept: Map<string, Kept>, key: string, timeMs: number): Kept {
  const mine = kept.get(key) ?? { firstMs: timeMs, window: 0, now: { connections: 0, bytes: 0 }, streak: { window: 0, length: 0 }, days: [] };
  kept.delete(key);
  kept.set(key, mine);
  const [quietest] = kept.size > MAX_KEYS ? kept.keys() : [];
  if (quietest !== undefined) kept.delete(quietest);
  return mine;
}
