import type { PeopleSnapshot } from '#src/model/people-store.ts';

export const DEFAULT_STALE_AFTER_MS = 48 * 3600_000;

export interface SourceHealth {
  /** False while the last answer was not used, none ever came, or the last one is too old. */
  readonly ok: boolean;
  /** Plain text in one sentence, for people. */
  readonly text: string;
}

const NOBODY = 'nobody is taken for departed meanwhile';

/** How a source is: `okta: 412 people, 10 min ago`. Undefined stands for a source that was never asked. */
export function sourceHealth(source: string, snapshot: PeopleSnapshot | undefined, now: Date, staleAfterMs: number): SourceHealth {
  const whole = snapshot?.whole;
  const last = whole === undefined ? 'no whole answer so far' : `last whole answer ${ago(whole.at, now)}`;
  if (snapshot?.trouble !== undefined) {
    const { fault, message, since } = snapshot.trouble;
    return { ok: false, text: `${source}: ${fault}: ${message} — began ${ago(since, now)}, ${last}, ${NOBODY}` };
  }
  if (whole === undefined) return { ok: false, text: `${source}: not asked yet` };
  if (isStale({ whole }, now, staleAfterMs)) return { ok: false, text: `${source}: not asked for too long — ${last}, ${NOBODY}` };
  const people = snapshot?.people.filter(({ state, kind }) => state !== 'departed' && kind !== 'bot').length ?? 0;
  const written = whole.writtenAt === undefined ? '' : `, written ${ago(whole.writtenAt, now)}`;
  return { ok: true, text: `${source}: ${people.toLocaleString('en-US')} ${people === 1 ? 'person' : 'people'}, ${ago(whole.at, now)}${written}` };
}

/** Whether the last whole answer is too old to conclude anything from who is not in it. */
export function isStale({ whole }: Pick<PeopleSnapshot, 'whole'>, now: Date, staleAfterMs: number): boolean {
  return whole === undefined || now.getTime() - Date.parse(whole.at) > staleAfterMs;
}

const STEPS: readonly (readonly [ms: number, name: string])[] = [
  [24 * 3600_000, 'day'],
  [3600_000, 'hour'],
  [60_000, 'min'],
];

/** `10 min ago`, in the largest unit of which two have passed, so that it is never off by more than half. */
function ago(at: string, now: Date): string {
  const ms = now.getTime() - Date.parse(at);
  const [unit, name] = STEPS.find(([step]) => ms >= 2 * step) ?? [60_000, 'min'];
  const count = Math.floor(ms / unit);
  if (count < 1) return 'just now';
  return `${count.toLocaleString('en-US')} ${name}${count === 1 || name === 'min' ? '' : 's'} ago`;
}
