import type { Verdicts } from '#src/model/detection.ts';
import type { FeedState } from '#src/model/feed-state.ts';

/** Alarms about a feed that says nothing any more, one for each silence, or that has lost events. */
export function* silenceOf({ feed, lastMs, quietMs, limitMs, isUp, lost }: FeedState, name: string): Verdicts {
  if (limitMs !== undefined && quietMs >= limitMs) {
    const since = new Date(lastMs).toISOString();
    if (isUp === false) yield { undecided: 'nothing came in, and the API server does not answer' };
    else yield { item: 'silent', group: [feed, since], message: `Nothing has come from ${name} since ${since.slice(0, 16).replace('T', ' ')} UTC` };
  }
  if (lost > 0) yield { item: 'lost', group: [feed], message: `${lost.toLocaleString('en-US')} ${lost === 1 ? 'event' : 'events'} of ${name} got lost` };
}
