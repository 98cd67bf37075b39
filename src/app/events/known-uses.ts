import { coverageOf, lossyDays } from '#src/events/activity.ts';
import type { ActivityState } from '#src/model/activity.ts';
import type { AccountTool, KnownUses } from '#src/model/known-uses.ts';
import { actingOf, bindingKey } from '#src/model/presence.ts';
import { accountOf } from '#src/model/principal.ts';
import { watchGapOf } from '#src/people/known-users.ts';

const DAY_MS = 24 * 3600_000;

/** What was used in the days of a window, the current one included. */
export function knownUsesOf(state: ActivityState, window: { readonly untilMs: number; readonly days: number }): KnownUses {
  const { untilMs, days } = window;
  const sinceMs = Math.floor(untilMs / DAY_MS) * DAY_MS - days * DAY_MS;
  const isWithin = ([, { ms }]: readonly [string, { readonly ms: number }]): boolean => ms >= sinceMs;
  const used = new Set([...state.bindings].filter(isWithin).map(([key]) => key));
  const gap = watchGapOf(coverageOf(state, window)) ?? lossOf(state, days);
  return {
    ...(gap !== undefined && { watchGap: gap }),
    windowDays: days,
    namesBindings: used.size > 0,
    isUsed: (binding) => used.has(bindingKey(binding)),
    actors: new Set([...state.actedAs].filter(isWithin).map(([key]) => actingOf(key)[0])),
    tools: [...state.tools].filter(isWithin).flatMap(([key, { ms }]) => toolOf(key, ms)),
  };
}

/** A person mostly comes again on another day, and the one use of a binding may be what got lost. */
function lossOf(state: ActivityState, days: number): string | undefined {
  const lossy = lossyDays(state);
  return lossy === 0 ? undefined : `events of the audit log got lost on ${lossy} of the last ${days} days`;
}

function toolOf(key: string, ms: number): readonly AccountTool[] {
  const [user = '', tool = '', from = ''] = key.split('\n');
  const account = accountOf(user);
  return account === undefined ? [] : [{ ...account, tool, from, day: new Date(ms).toISOString().slice(0, 10) }];
}
