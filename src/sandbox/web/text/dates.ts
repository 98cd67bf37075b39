/** Whose wall clock the words stand on, and what "today" is. */
export interface Viewpoint {
  readonly zone: string;
  readonly nowMs: number;
}

const DAY_MS = 86_400_000;

type Writer = (at: Date, viewpoint: Viewpoint) => string;

const TOKENS: Readonly<Record<string, Writer>> = {
  date_num: isoDay,
  date_slash: (at, viewpoint) => isoDay(at, viewpoint).replaceAll('-', '/'),
  date: longDay,
  date_pretty: pretty(longDay),
  date_short: shortDay,
  date_short_pretty: pretty(shortDay),
  date_long: fullDay,
  date_long_full: fullDay,
  date_long_pretty: pretty(fullDay),
  day_divider_pretty: pretty(fullDay),
  time: clockTime,
  time_secs: (at, viewpoint) => written(at, viewpoint, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }),
  ago: (at, { nowMs }) => agoText(at.getTime() - nowMs),
};

/** Fills Slack's date tokens; undefined if the time or a token makes no sense, so that the fallback is to be shown. */
export function dateText(unixSeconds: number, format: string, viewpoint: Viewpoint): string | undefined {
  const at = new Date(unixSeconds * 1000);
  if (Number.isNaN(at.getTime())) return undefined;
  const names = [...format.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  if (names.length === 0 || names.some((name) => TOKENS[name] === undefined)) return undefined;
  const text = format.replaceAll(/\{(\w+)\}/g, (_token, name: string) => TOKENS[name]?.(at, viewpoint) ?? '');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `09:00`. */
export function clockTime(at: Date, viewpoint: Viewpoint): string {
  return written(at, viewpoint, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
}

/** `Today`, `Yesterday`, or the day in full: for the line between two days. */
export function dayName(at: Date, viewpoint: Viewpoint): string {
  const text = pretty(fullDay)(at, viewpoint);
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Everything about a moment, for tooltips. */
export function momentText(at: Date, viewpoint: Viewpoint): string {
  return `${fullDay(at, viewpoint)}, ${written(at, viewpoint, { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23', timeZoneName: 'short' })}`;
}

export function isoDay(at: Date, { zone }: Viewpoint): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(at);
}

/** `2026-11-23T09:00` on the viewer's wall clock, as date and time fields hold it. */
export function wallTime(at: Date, viewpoint: Viewpoint): string {
  return `${isoDay(at, viewpoint)}T${clockTime(at, viewpoint)}`;
}

/** The moment at which the viewer's wall clock shows `2026-11-23T09:00`; undefined for anything else. */
export function momentAt(wall: string, viewpoint: Viewpoint): Date | undefined {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(wall)) return undefined;
  const wanted = Date.parse(`${wall.slice(0, 16)}Z`);
  if (Number.isNaN(wanted)) return undefined;
  // Twice, because the first guess may lie on the other side of a change to or from summer time.
  let at = wanted;
  for (let round = 0; round < 2; round += 1) at += wanted - Date.parse(`${wallTime(new Date(at), viewpoint)}Z`);
  return new Date(at);
}

export function agoText(fromNowMs: number): string {
  const [size, unit] = span(Math.abs(fromNowMs) / 1000);
  if (unit === 'second') return fromNowMs > 0 ? 'in a few seconds' : 'just now';
  return new Intl.RelativeTimeFormat('en', { numeric: 'auto' }).format(Math.sign(fromNowMs) * Math.round(size), unit);
}

function span(seconds: number): readonly [size: number, unit: Intl.RelativeTimeFormatUnit] {
  if (seconds < 45) return [seconds, 'second'];
  if (seconds < 45 * 60) return [seconds / 60, 'minute'];
  if (seconds < 22 * 3600) return [seconds / 3600, 'hour'];
  if (seconds < 26 * 86_400) return [seconds / 86_400, 'day'];
  return seconds < 320 * 86_400 ? [seconds / (30 * 86_400), 'month'] : [seconds / (365 * 86_400), 'year'];
}

function pretty(otherwise: Writer): Writer {
  return (at, viewpoint) => {
    const days = dayNumber(at, viewpoint) - dayNumber(new Date(viewpoint.nowMs), viewpoint);
    return ({ '-1': 'yesterday', 0: 'today', 1: 'tomorrow' } as Readonly<Record<string, string>>)[String(days)] ?? otherwise(at, viewpoint);
  };
}

function dayNumber(at: Date, viewpoint: Viewpoint): number {
  return Math.round(Date.parse(`${isoDay(at, viewpoint)}T00:00Z`) / DAY_MS);
}

function shortDay(at: Date, viewpoint: Viewpoint): string {
  return written(at, viewpoint, { day: 'numeric', month: 'short', year: 'numeric' });
}

function longDay(at: Date, viewpoint: Viewpoint): string {
  return written(at, viewpoint, { day: 'numeric', month: 'long', year: 'numeric' });
}

function fullDay(at: Date, viewpoint: Viewpoint): string {
  return written(at, viewpoint, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
}

function written(at: Date, { zone }: Viewpoint, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone: zone, ...options }).format(at);
}
