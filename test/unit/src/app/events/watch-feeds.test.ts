import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { HeldLoop } from '#src/app/events/held-loop.ts';
import { startFeedWatch, type FeedWatch } from '#src/app/events/watch-feeds.ts';
import { createDetector, type Detected } from '#src/events/detect.ts';
import { detections } from '#src/events/detections/index.gen.ts';
import { NO_DETECTION_SETTINGS } from '#src/model/detection.ts';
import type { Feed } from '#src/model/event-intake.ts';
import { createEventInbox } from '#src/store/event-inbox.ts';
import { createFeedWatches } from '#src/store/feed-watches.ts';
import { createMovedClock, type MovedClock } from '#test/fakes/clock.ts';
import { createKeptLog } from '#test/fakes/log.ts';
import { until } from '#test/build/queue.ts';
import { onEveryRedis } from '#test/build/redis.ts';

const MINUTE_MS = 60_000;
/** Shorter than what counts as a break. */
const STEP_MINUTES = 4;
const TOKEN = { token: { env: 'X' } }.token;
const SETTINGS = { cluster: 'prod', senders: { audit: { token: TOKEN }, falco: { token: TOKEN } }, pulls: {}, silentMs: { audit: 30 * MINUTE_MS } };

describe('src/app/events/watch-feeds.ts', () => {
  onEveryRedis(({ redis }) => {
    let clock: MovedClock;
    let isUp: boolean;
    let told: Detected[];
    let loops: HeldLoop[];

    beforeEach(() => {
      clock = createMovedClock();
      [isUp, told, loops] = [true, [], []];
    });
    afterEach(() => Promise.all(loops.map((loop) => loop.stop())));

    function start(): HeldLoop {
      const loop = startFeedWatch({
        settings: SETTINGS,
        inbox: createEventInbox(redis()),
        watches: createFeedWatches<FeedWatch>(redis()),
        detector: createDetector({ detections, context: { settings: NO_DETECTION_SETTINGS }, cluster: 'prod', onFault: (_, error) => { throw error; } }),
        tell: async (alarms) => void told.push(...alarms),
        isUp: async () => isUp,
        clock,
        log: createKeptLog(),
        pauseMs: 1,
      });
      loops.push(loop);
      return loop;
    }

    async function comes(feed: Feed, counts: { readonly events?: number; readonly lost?: number } = {}): Promise<void> {
      const inbox = createEventInbox(redis());
      await inbox.keep('prod', { feed, text: '{}', cameAtMs: clock.now().getTime() });
      const batch = await inbox.next('prod');
      if (batch !== undefined) await inbox.settle('prod', batch, { events: 1, malformed: 0, lost: 0, ...counts });
    }

    /** Until the feeds were looked at as they are now. */
    const looked = () => until(async () => (await createFeedWatches<FeedWatch>(redis()).get('prod'))?.lookedMs === clock.now().getTime());

    async function pass(minutes: number): Promise<void> {
      for (let left = minutes; left > 0; left -= STEP_MINUTES) {
        clock.advance(Math.min(left, STEP_MINUTES) * MINUTE_MS);
        await looked();
      }
    }

    const messages = () => told.map(({ detection, item, message, overMs }) => ({ detection, item, message, isOver: overMs !== undefined }));
    const SILENT = { detection: 'audit/log-silent', item: 'silent', message: 'Nothing has come from the audit log since 2026-11-23 08:00 UTC', isOver: false };

    test('a silence is told once, whoever looks, and its end is told as the same alarm', async () => {
      start();
      await comes('audit');
      await pass(31);
      expect(messages()).toEqual([SILENT]);

      await loops[0]?.stop();
      start();
      await pass(3);
      expect(messages()).toEqual([SILENT]);

      await comes('audit');
      clock.advance(MINUTE_MS);
      await looked();
      expect(messages()).toEqual([SILENT, { ...SILENT, isOver: true }]);
      expect(told[1]).toMatchObject({ fingerprint: told[0]?.fingerprint, timeMs: told[0]?.timeMs });

      await pass(31);
      expect(messages().slice(2)).toEqual([{ ...SILENT, message: 'Nothing has come from the audit log since 2026-11-23 08:34 UTC' }]);
    });

    test('a feed of which nothing ever came, and one that may be quiet, are no silence', async () => {
      await comes('falco');
      start();
      await pass(40);

      expect(told).toEqual([]);
    });

    test('an API server that is away has nothing to tell', async () => {
      isUp = false;
      await comes('audit');
      start();
      await pass(35);
      expect(told).toEqual([]);

      isUp = true;
      await pass(1);
      expect(messages()).toEqual([SILENT]);
    });

    test('the time in which the bot was away is no silence', async () => {
      await comes('audit');
      const before = start();
      await looked();
      await before.stop();
      clock.advance(120 * MINUTE_MS);
      start();
      await looked();
      await pass(29);
      expect(told).toEqual([]);

      await pass(2);
      expect(messages()).toEqual([SILENT]);
    });

    test('while older batches wait nobody knows whether something came', async () => {
      await comes('audit');
      await createEventInbox(redis()).keep('prod', { feed: 'audit', text: '{}', cameAtMs: clock.now().getTime() });
      start();
      await pass(40);

      expect(told).toEqual([]);
    });

    test('losses are told as they grow, each once', async () => {
      await comes('falco', { lost: 12 });
      start();
      await looked();
      await pass(1);
      await comes('falco', { lost: 1 });
      await pass(2);

      expect(messages().map(({ detection, item, message }) => [detection, item, message])).toEqual([
        ['connections/source-silent', 'lost', '12 events of the feed falco got lost'],
        ['connections/source-silent', 'lost', '1 event of the feed falco got lost'],
      ]);
    });
  });
});
