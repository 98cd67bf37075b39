import { durationText } from '#src/blocks/text.ts';
import type { Clock } from '#src/model/clock.ts';
import { feedsOf, type EventInbox, type Feed, type EventSettings, type FeedCounts } from '#src/model/event-intake.ts';
import type { FeedHealth } from '#src/model/health.ts';
import type { SelfTests } from '#src/model/self-test.ts';
import { proofProblem } from './proofs.ts';
import { marksHealth } from './self-test.ts';

/** How each source of events is, in one sentence each. */
export async function eventHealth(events: readonly EventSettings[], inbox: Pick<EventInbox, 'counts' | 'problem'>, tests: Pick<SelfTests, 'of'>, clock: Clock): Promise<readonly FeedHealth[]> {
  const feeds = events.flatMap((settings) => feedsOf(settings).map((feed) => ({ cluster: settings.cluster, feed, sender: settings.senders[feed], silentMs: settings.silentMs[feed] })));
  const now = clock.now();
  return Promise.all(
    feeds.map(async ({ cluster, feed, sender, silentMs }) => {
      const problem = sender === undefined ? await inbox.problem(cluster, feed) : await proofProblem(sender);
      const marks = feed === 'audit' ? marksHealth(await tests.of(cluster), now) : {};
      return feedHealth(cluster, feed, { silentMs, counts: await inbox.counts(cluster, feed), problem, marks }, now);
    }),
  );
}

interface KnownOfFeed {
  readonly silentMs: number | undefined;
  readonly counts: FeedCounts | undefined;
  readonly problem: string | undefined;
  readonly marks: ReturnType<typeof marksHealth>;
}

/** `prod-eu audit: 12,345 events today, last 2 min ago`, with what is wrong. */
function feedHealth(cluster: string, feed: Feed, { silentMs, counts, problem, marks }: KnownOfFeed, now: Date): FeedHealth {
  const { lastMs } = counts ?? {};
  const isToday = counts?.day === now.toISOString().slice(0, 10);
  const { events, malformed, lost } = isToday ? counts : { events: 0, malformed: 0, lost: 0 };
  const age = lastMs === undefined ? undefined : Math.max(0, now.getTime() - lastMs);
  const isSilent = silentMs !== undefined && age !== undefined && age > silentMs;
  const last = age === undefined ? 'nothing came in so far' : isSilent ? `SILENT for ${durationText(age)}` : `last ${durationText(age)} ago`;
  const faults = [...(malformed > 0 ? [`${malformed.toLocaleString('en-US')} malformed`] : []), ...(lost > 0 ? [`${lost.toLocaleString('en-US')} lost`] : []), ...(problem === undefined ? [] : [problem]), ...(age === undefined || marks.fault === undefined ? [] : [marks.fault])];
  const notes = age === undefined || marks.text === undefined ? [] : [marks.text];
  return {
    cluster,
    ok: age !== undefined && !isSilent && faults.length === 0,
    text: `${cluster} ${feed}: ${[`${events.toLocaleString('en-US')} ${events === 1 ? 'event' : 'events'} today`, last, ...notes, ...faults].join(', ')}`,
  };
}
