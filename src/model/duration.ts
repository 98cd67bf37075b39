const UNITS_MS = { m: 60_000, h: 3600_000, d: 24 * 3600_000 } as const;

/** `30m`, `8h`, `3d` in milliseconds; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  const [, count, unit] = /^([1-9]\d{0,4})(m|h|d)$/.exec(text.trim()) ?? [];
  return count === undefined || unit === undefined ? undefined : Number(count) * UNITS_MS[unit as keyof typeof UNITS_MS];
}

/** As it is typed: `90m`, `8h`, `3d`. Whole minutes. */
export function formatDuration(ms: number): string {
  const unit = (['d', 'h', 'm'] as const).find((one) => ms % UNITS_MS[one] === 0) ?? 'm';
  return `${Math.round(ms / UNITS_MS[unit])}${unit}`;
}

/** As it is read: `30 minutes`, `1 hour`, `3 days`. */
export function durationWords(ms: number): string {
  const unit = (['d', 'h', 'm'] as const).find((one) => ms % UNITS_MS[one] === 0) ?? 'm';
  const count = Math.round(ms / UNITS_MS[unit]);
  return `${count} ${{ d: 'day', h: 'hour', m: 'minute' }[unit]}${count === 1 ? '' : 's'}`;
}
