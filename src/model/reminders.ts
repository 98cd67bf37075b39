/** Shares of the time to an answer after which people are reminded. With the question itself that makes three pings. */
const REMINDERS = [0.25, 0.75];

/** Moments of reminders in milliseconds since 1970, in order. */
export function reminderTimesBetween(askedAt: string, dueAt: string): readonly number[] {
  return REMINDERS.map((share) => shareOfTime(askedAt, dueAt, share));
}

/** The moment at which that share of the time has passed, in milliseconds since 1970. */
export function shareOfTime(askedAt: string, dueAt: string, share: number): number {
  const from = Date.parse(askedAt);
  return from + share * (Date.parse(dueAt) - from);
}

/** How many of these have passed. */
export function countPassed(times: readonly number[], now: Date): number {
  return times.filter((time) => time <= now.getTime()).length;
}
