import type { Detected, Detector } from '#src/events/detect.ts';
import type { Clock } from '#src/model/clock.ts';
import { feedsOf, type EventInbox, type EventSettings, type Feed, type FeedCounts } from '#src/model/event-intake.ts';
import type { FeedState } from '#src/model/feed-state.ts';
import type { Log } from '#src/model/log.ts';
import type { SelfTest } from '#src/model/self-test.ts';
import type { FeedWatches } from '#src/store/feed-watches.ts';
import { startHeldLoop, type HeldLoop } from './held-loop.ts';
import { troubleOf, type SelfTester, type ToldOfMarks } from './self-test.ts';
import type { Teller } from './tell.ts';

/** What is known of the feeds of one cluster. */
export interface FeedWatch {
  /** When they were looked at last, and since when without a break. */
  readonly lookedMs: number;
  readonly awakeMs: number;
  readonly feeds: Readonly<Partial<Record<Feed, KnownFeed>>>;
}

interface KnownFeed {
  /** What was told of a silence that lasts, and the event after which it began. */
  readonly silence?: { readonly lastMs: number; readonly alarms: readonly Detected[] };
  /** Losses of one day that were looked at. */
  readonly day: string;
  readonly lost: number;
  /** Since when events come without a long break. */
  readonly flowingSinceMs?: number;
  /** What was told of the bot's own requests. */
  readonly told?: ToldOfMarks;
}

export interface FeedWatchNeeds {
  readonly settings: Pick<EventSettings, 'cluster' | 'senders' | 'pulls' | 'silentMs'>;
  readonly inbox: Pick<EventInbox, 'counts' | 'hold' | 'next' | 'release'>;
  readonly watches: FeedWatches<FeedWatch>;
  readonly detector: Detector;
  readonly tell: Teller;
  /** What is known of the marks that the bot leaves in the audit log. */
  readonly selfTest: SelfTester;
  /** Whether the API server of the cluster answers. */
  readonly isUp: (signal: AbortSignal) => Promise<boolean>;
  readonly clock: Clock;
  readonly log: Log;
  readonly pauseMs?: number;
}

const PAUSE_MS = 60_000;
/** After a longer break the bot was away: nothing could come in. */
const BREAK_MS = 5 * 60_000;
/** A longer break of a feed is one. */
const FLOWING_MS = 10 * 60_000;
/** While older batches wait, nobody knows whether something has come. */
const BEHIND_MS = 60_000;

/** Looks at the feeds of a cluster from time to time, and tells of each that went silent once, of its end, and of what got lost. */
export function startFeedWatch(needs: FeedWatchNeeds): HeldLoop {
  const { settings, inbox, watches, clock, log, pauseMs = PAUSE_MS } = needs;
  const { cluster } = settings;
  return startHeldLoop({
    name: `${cluster}/watch`,
    inbox,
    pauseMs,
    async step(signal) {
      const now = clock.now().getTime();
      const known = await watches.get(cluster);
      const awakeMs = known === undefined || now - known.lookedMs > Math.max(BREAK_MS, 2 * pauseMs) ? now : known.awakeMs;
      const waiting = await inbox.next(cluster);
      const isBehind = waiting !== undefined && now - waiting.cameAtMs > BEHIND_MS;
      const feeds: Partial<Record<Feed, KnownFeed>> = {};
      const test = feedsOf(settings).includes('audit') ? await needs.selfTest(signal) : {};
      for (const feed of feedsOf(settings)) {
        const counts = await inbox.counts(cluster, feed);
        const looked = counts === undefined ? known?.feeds[feed] : await look({ feed, counts, known: known?.feeds[feed], now, awakeMs, isBehind, test: feed === 'audit' ? test : {} }, needs, signal);
        if (looked !== undefined) feeds[feed] = looked;
      }
      await watches.put(cluster, { lookedMs: now, awakeMs, feeds });
      return false;
    },
    onFault: (error) => log.warn({ cluster, error }, 'the feeds of a cluster could not be looked at; trying again'),
    onReleaseFault: (error) => log.debug({ cluster, error }, 'the watch over feeds was not handed over; its hold runs out'),
  });
}

interface Look {
  readonly feed: Feed;
  readonly counts: FeedCounts;
  readonly known: KnownFeed | undefined;
  readonly now: number;
  readonly awakeMs: number;
  readonly isBehind: boolean;
  /** Of the marks in it. */
  readonly test: SelfTest;
}

async function look(looked: Look, needs: FeedWatchNeeds, signal: AbortSignal): Promise<KnownFeed> {
  const { counts, known, now, isBehind } = looked;
  const { day, lost, lastMs } = counts;
  const flowingSinceMs = lastMs === undefined || now - lastMs > FLOWING_MS ? undefined : (known?.flowingSinceMs ?? now);
  const marks = isBehind || flowingSinceMs === undefined ? {} : troubleOf(looked.test, { now, sinceMs: Math.max(flowingSinceMs, looked.awakeMs), told: known?.told });
  const told = { ...known?.told, ...marks };
  const rest = { day, lost, ...(flowingSinceMs !== undefined && { flowingSinceMs }), ...(Object.keys(told).length > 0 && { told }) };
  const state = await stateOf({ ...looked, marks }, needs, signal);
  if (state === undefined || lastMs === undefined) return { ...rest, ...(known?.silence && { silence: known.silence }) };
  const alarms = needs.detector.judge('feed', state).filter((judgement) => 'fingerprint' in judgement);
  if (alarms.length > 0) await needs.tell(alarms);
  const isOver = known?.silence !== undefined && known.silence.lastMs !== lastMs;
  // Told again as it was, so that it is the same message.
  if (isOver) await needs.tell(known.silence.alarms.map((alarm) => ({ ...alarm, overMs: now })));
  if (known?.silence !== undefined && !isOver) return { ...rest, silence: known.silence };
  const silent = isBehind ? [] : alarms.filter(({ item }) => item === 'silent');
  return silent.length > 0 ? { ...rest, silence: { lastMs, alarms: silent } } : rest;
}

/** Undefined for a feed of which nothing has come in yet: it never was active. */
async function stateOf({ feed, counts, known, now, awakeMs, isBehind, marks }: Look & { readonly marks: ToldOfMarks }, { settings, isUp }: FeedWatchNeeds, signal: AbortSignal): Promise<FeedState | undefined> {
  const { day, lost: lostOfDay, lastMs } = counts;
  if (lastMs === undefined) return undefined;
  const lost = known?.day === day ? Math.max(0, lostOfDay - known.lost) : lostOfDay;
  const quietMs = Math.max(0, now - Math.max(lastMs, awakeMs));
  const isTold = known?.silence?.lastMs === lastMs;
  const limitMs = isTold || isBehind ? undefined : settings.silentMs[feed];
  const isSilent = limitMs !== undefined && quietMs >= limitMs;
  return { id: `${lastMs} ${day} ${lostOfDay}`, feed, timeMs: now, lastMs, quietMs, limitMs, isUp: isSilent && feed === 'audit' ? await isUp(signal) : undefined, missingSinceMs: marks.missingSinceMs, foreign: marks.foreign?.cluster, lost };
}
