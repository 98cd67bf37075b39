import { durationText } from '#src/blocks/text.ts';
import type { Clock } from '#src/model/clock.ts';
import { FEEDS, type EventInbox, type EventSettings, type Feed, type FeedCounts } from '#src/model/event-intake.ts';
import type { FeedHealth } from '#src/model/health.ts';

/** An API server is never quiet for so long; Falco may be for days. */
const SILENT_MS = 30 * 60_000;

/** How each source of events is, in one sentence each. */
export async function eventHealth(events: readonly EventSettings[], inbox: Pick<EventInbox, 'counts'>, clock: Clock): Promise<readonly FeedHealth[]> {
  const feeds = events.flatMap(({ cluster, tokens }) => FEEDS.filter((feed) => tokens[feed] !== undefined).map((feed) => ({ cluster, feed })));
  const now = clock.now();
  return Promise.all(feeds.map(async ({ cluster, feed }) => feedHealth(`${cluster} ${feed}`, feed, await inbox.counts(cluster, feed), now)));
}

/** `prod-eu audit: 12,345 events today, last 2 min ago`, with what is wrong. */
export function feedHealth(name: string, feed: Feed, counts: FeedCounts | undefined, now: Date): FeedHealth {
  const { lastMs } = counts ?? {};
  const isToday = counts?.day === now.toISOString().slice(0, 10);
  const { events, malformed, lost } = isToday ? counts : { events: 0, malformed: 0, lost: 0 };
  const age = lastMs === undefined ? undefined : Math.max(0, now.getTime() - lastMs);
  const isSilent = feed === 'audit' && age !== undefined && age > SILENT_MS;
  const last = age === undefined ? 'nothing came in so far' : isSilent ? `SILENT for ${durationText(age)}` : `last ${durationText(age)} ago`;
  const faults = [...(malformed > 0 ? [`${malformed.toLocaleString('en-US')} malformed`] : []), ...(lost > 0 ? [`${lost.toLocaleString('en-US')} lost`] : [])];
  return {
    ok: age !== undefined && !isSilent && faults.length === 0,
    text: `${name}: ${[`${events.toLocaleString('en-US')} ${events === 1 ? 'event' : 'events'} today`, last, ...faults].join(', ')}`,
  };
}
