import type { Activity, ActivityCoverage, ActivityState, DayWatch, LastSeen } from '#src/model/activity.ts';
import type { AuditEvent } from '#src/model/audit-event.ts';
import { doingOf, presenceOf, toolUseOf, type Doing, type PlainRequest, type ToolUse } from '#src/model/presence.ts';
import { networkOf } from '#src/network/addresses.ts';
import { isPublicAddress } from '#src/network/public-address.ts';

export type { ActivityState, DayWatch, Deed, LastSeen } from '#src/model/activity.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const MINUTES_OF_DAY = 1440;
/** Of a day, and of the days: the rest may be a restart, or a silent night. */
const ENOUGH = 0.95;
const MAX_KEYS = 100_000;
/** Of a binding it does not matter what it allowed. */
const USED: Doing = { deed: 'read' };
const MAX_DAYS = 400;

export function emptyActivity(): ActivityState {
  return { users: new Map(), bindings: new Map(), actedAs: new Map(), tools: new Map(), days: new Map() };
}

/** Takes note of one request. */
export function addActivity(state: ActivityState, event: AuditEvent): void {
  const doing = doingOf(event);
  const { timeMs } = event;
  const tool = toolUseOf(event);
  const hasRoom = timeMs === undefined || tool === undefined || note(state.tools, toolKey(tool), timeMs, doing);
  addOne(state, { timeMs, plain: presenceOf(event), doing }, hasRoom);
}

/** Takes note of one request of which no more is known. A request without a time says nothing about when. */
export function addPresence(state: ActivityState, request: PlainRequest): void {
  addOne(state, request, true);
}

/** Whatever of it found no room: it is one event that got lost. */
function addOne(state: ActivityState, { timeMs, plain: { person, actedAs, use }, doing }: PlainRequest, hadRoom: boolean): void {
  if (timeMs === undefined) return;
  const day = dayOf(state, timeMs);
  const minute = Math.floor((timeMs % DAY_MS) / MINUTE_MS);
  day.minutes[minute >> 3] = (day.minutes[minute >> 3] ?? 0) | (1 << (minute & 7));
  if (doing.deed === 'read') day.reads = true;
  const found = [
    hadRoom,
    person === undefined || note(state.users, person, timeMs, doing),
    actedAs === undefined || note(state.actedAs, actedAs, timeMs, doing),
    use === undefined || note(state.bindings, use, timeMs, USED),
  ];
  if (found.includes(false)) day.lost += 1;
}

/** Same text for the same tool with the same account from the same place. Of the internet there are too many addresses to keep each. */
function toolKey({ account, tool, address }: ToolUse): string {
  return [account, tool, isPublicAddress(address) ? (networkOf(address) ?? address) : address].join('\n');
}

/** What a person was seen doing, with how much of the last days was watched. The day of `untilMs` is not over and does not count. */
export function activityOf(state: ActivityState, user: string, window: { readonly untilMs: number; readonly days: number }): Activity {
  return activityWithin(state, user, coverageOf(state, window));
}

/** The same where the coverage is known already. */
export function activityWithin({ users }: Pick<ActivityState, 'users'>, user: string, coverage: ActivityCoverage): Activity {
  const seen = users.get(user);
  if (seen === undefined) return { coverage };
  return { lastSeen: new Date(seen.ms).toISOString(), lastDeed: `${seen.deed}${seen.namespace === undefined ? '' : ` in ${seen.namespace}`}`, coverage };
}

/** `complete` only when nearly every day was watched nearly all the time and none was missed, and the log holds what only reads. */
export function coverageOf({ days }: ActivityState, { untilMs, days: ofDays }: { readonly untilMs: number; readonly days: number }): ActivityCoverage {
  if (days.size === 0) return 'none';
  const watches = Array.from({ length: ofDays }, (_, index) => days.get(dayName(untilMs - (index + 1) * DAY_MS)));
  const observedDays = watches.filter((watch) => watch?.lost === 0 && minutesOf(watch) >= ENOUGH * MINUTES_OF_DAY).length;
  const isGapless = watches.every((watch) => watch !== undefined && minutesOf(watch) > 0);
  if (!isGapless || observedDays < ENOUGH * ofDays) return { observedDays, ofDays };
  return watches.some((watch) => watch?.reads) ? 'complete' : 'writes-only';
}

/** Minutes of a day in which an event came in. */
function minutesOf({ minutes }: Pick<DayWatch, 'minutes'>): number {
  let sum = 0;
  for (let bits of minutes) for (; bits > 0; bits &= bits - 1) sum += 1;
  return sum;
}

/** Minutes that were watched from a moment on, of what is known here. */
export function watchedSince({ days }: Pick<ActivityState, 'days'>, sinceMs: number): number {
  const from = dayName(sinceMs);
  const first = Math.floor((sinceMs % DAY_MS) / MINUTE_MS);
  let sum = 0;
  for (const [name, day] of days) {
    if (name > from) sum += minutesOf(day);
    else if (name === from) sum += minutesOf({ minutes: day.minutes.map((bits, index) => (index < first >> 3 ? 0 : index === first >> 3 ? bits & (0xff << (first & 7)) : bits)) });
  }
  return sum;
}

/** Days of which something got lost, of those that are known. */
export function lossyDays({ days }: Pick<ActivityState, 'days'>): number {
  return [...days.values()].filter(({ lost }) => lost > 0).length;
}

/** Keeps the later of the two; of two at the same time the one that weighs more. False when there is no room for another key. */
function note(map: Map<string, LastSeen>, key: string, ms: number, doing: Doing): boolean {
  const { deed, namespace } = doing;
  const known = map.get(key);
  if (known === undefined && map.size >= MAX_KEYS) return false;
  // Most do the same again.
  if (known?.deed === deed && known.namespace === namespace) known.ms = Math.max(known.ms, ms);
  else if (known === undefined || isLater(ms, doing, known)) map.set(key, { ms, deed, ...(namespace !== undefined && { namespace }) });
  return true;
}

function isLater(ms: number, doing: Doing, known: LastSeen): boolean {
  return ms > known.ms || (ms === known.ms && rank(doing) > rank(known));
}

/** The same whichever comes first. */
function rank({ deed, namespace = '' }: Doing): string {
  return `${['read', 'write', 'exec'].indexOf(deed)}${namespace}`;
}

function dayOf({ days }: ActivityState, ms: number): DayWatch {
  const name = dayName(ms);
  const day = days.get(name) ?? emptyDay();
  days.set(name, day);
  if (days.size > MAX_DAYS) days.delete([...days.keys()].sort()[0] ?? name);
  return day;
}

function emptyDay(): DayWatch {
  return { minutes: new Uint8Array(MINUTES_OF_DAY / 8), lost: 0, reads: false };
}

/** Most events are of the day of the one before. */
let latest = { day: NaN, name: '' };

function dayName(ms: number): string {
  const day = Math.floor(ms / DAY_MS);
  if (day !== latest.day) latest = { day, name: new Date(ms).toISOString().slice(0, 10) };
  return latest.name;
}
