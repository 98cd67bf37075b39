const DAY_MS = 24 * 3600_000;

/** `2026-12-01`, and a day that there is. */
export function isDay(text: string): boolean {
  const at = Date.parse(`${text}T00:00:00.000Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

/** The day of a moment in UTC. */
export function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10);
}

/** The day so many days later. */
export function dayAfter(now: Date, days: number): string {
  return dayOf(new Date(now.getTime() + days * DAY_MS));
}

/** Why access cannot be kept until this day, which may be so many days away; undefined when it can. */
export function dayFault(until: string, now: Date, mostDays: number): string | undefined {
  const last = dayAfter(now, mostDays);
  if (!isDay(until)) return `"${until}" is no day such as ${last}.`;
  if (until <= dayOf(now)) return 'That day is not in the future.';
  return until > last ? `It can be kept for ${mostDays} days at most, until ${last}.` : undefined;
}
