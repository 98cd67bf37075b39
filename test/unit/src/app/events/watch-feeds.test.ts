import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { HeldLoop } from '#src/app/events/held-loop.ts';
import { startFeedWatch, type FeedWatch } from '#src/app/events/watch-feeds.ts';
import { createDetector, type Detected } from '#src/events/detect.ts';
import { detections } from '#src/events/detections/index.gen.ts';
import { NO_DETECTION_SETTINGS } from '#src/model/detection.ts';
import type { Feed } from '#src/model/event-intake.ts';
import type { SelfTest } from '#src/model/self-test.ts';
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
    let marks: SelfTest;
    let loops: HeldLoop[];

    beforeEach(() => {
      clock = createMovedClock();
      [isUp, told, marks, loops] = [true, [], {}, []];
    });
    afterEach(() => Promise.all(loops.map((loop) => loop.stop())));

    function start(): HeldLoop {
      const loop = startFeedWatch({
        settings: SETTINGS,
        inbox: createEventInbox(redis()),
        watches: createFeedWatches<FeedWatch>(redis()),
        detector: createDetector({ detections, context: { settings: NO_DETECTION_SETTINGS }, cluster: 'prod', onFault: (_, error) => { throw error; } }),
        tell: async (alarms) => void told.push(...alarms),
        selfTest: async () => marks,
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

    describe('the bot’s own requests', () => {
      const now = () => clock.now().getTime();
      /** Events come, with a look at each. */
      async function flowFor(minutes: number): Promise<void> {
        for (let left = minutes; left > 0; left -= STEP_MINUTES) {
          await comes('audit');
          await pass(STEP_MINUTES);
        }
      }
      const items = () => told.map(({ item, message }) => [item, message]);

      test('that do not come back any more are told once, when events have come for an hour without them', async () => {
        start();
        await flowFor(8);
        marks = { backMs: now(), missingSinceMs: now() };
        await flowFor(56);
        expect(told).toEqual([]);

        await flowFor(8);
        expect(items()).toEqual([['incomplete', expect.stringContaining('has not come back by the audit log since 2026-11-23 08:08 UTC')]]);
        await loops[0]?.stop();
        start();
        await flowFor(8);
        expect(told).toHaveLength(1);

        marks = { backMs: now(), missingSinceMs: now() };
        await flowFor(72);
        expect(told).toHaveLength(2);
      });

      test('that never came back are no alarm: the audit policy may leave them out', async () => {
        marks = { leftMs: now(), missingSinceMs: now() };
        start();
        await flowFor(120);

        expect(told).toEqual([]);
      });

      test('are not missed while nothing else comes, or for the time of a break', async () => {
        start();
        await flowFor(8);
        marks = { backMs: now(), missingSinceMs: now() };
        await flowFor(40);
        await pass(20);
        await flowFor(40);

        expect(told).toEqual([]);
      });

      test('to another cluster are told once a day, and by the feed of the audit log alone', async () => {
        start();
        await comes('falco');
        for (const afterMinutes of [0, 0, 24 * 60, 0]) {
          clock.advance(afterMinutes * MINUTE_MS);
          marks = { foreign: { cluster: 'staging', atMs: now() } };
          await flowFor(2 * STEP_MINUTES);
        }

        expect(items()).toEqual([1, 2].map(() => ['foreign', 'The audit log has requests that the bot made in the cluster staging']));
      });
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
