import { describe, expect, test } from '@jest/globals';
import { startPulling } from '#src/app/events/pull.ts';
import type { EventPull, Pulled } from '#src/model/event-intake.ts';
import { SourceFailed } from '#src/model/people.ts';
import { createEventInbox } from '#src/store/event-inbox.ts';
import { createKeptLog } from '#test/fakes/log.ts';
import { createMovedClock } from '#test/fakes/clock.ts';
import { until } from '#test/build/queue.ts';
import { onEveryRedis } from '#test/build/redis.ts';

const PIECES = ['{"a":1}', '', undefined, '{"a":2}'] as const;

/** A log of pieces, whose cursor is the number of those that were read. Its faults come first. */
function aLog(faults = 0): EventPull & { readonly asked: () => number } {
  let [left, asked] = [faults, 0];
  return {
    asked: () => asked,
    async pull(cursor = '0') {
      asked += 1;
      if (left > 0) {
        left -= 1;
        throw new Error('away');
      }
      const at = Number(cursor);
      return at < PIECES.length ? { text: PIECES[at], cursor: String(at + 1) } : undefined;
    },
  };
}

describe('src/app/events/pull.ts', () => {
  onEveryRedis(({ redis }) => {
    const needs = () => ({ cluster: 'prod', feed: 'audit' as const, inbox: createEventInbox(redis()), clock: createMovedClock(), log: createKeptLog(), pauseMs: 1 });
    const isRead = () => until(async () => (await createEventInbox(redis()).cursor('prod', 'audit')) === String(PIECES.length));

    async function kept(): Promise<readonly (string | undefined)[]> {
      const inbox = createEventInbox(redis());
      const texts: (string | undefined)[] = [];
      for (let batch = await inbox.next('prod'); batch !== undefined; batch = await inbox.next('prod')) {
        texts.push(batch.text);
        await inbox.settle('prod', batch, { events: 1, malformed: 0, lost: 0 });
      }
      return texts;
    }

    test('what is read is kept in order, with gaps, and without pieces that say nothing', async () => {
      const pulling = startPulling({ ...needs(), source: aLog() });
      await isRead();
      await pulling.stop();

      expect(await kept()).toEqual(['{"a":1}', undefined, '{"a":2}']);
    });

    test('of what two processes read, each piece is kept once', async () => {
      const pullings = [startPulling({ ...needs(), source: aLog() }), startPulling({ ...needs(), source: aLog() })];
      await isRead();
      await Promise.all(pullings.map((pulling) => pulling.stop()));

      expect(await kept()).toHaveLength(3);
    });

    test('a log that is away is tried again, and said so', async () => {
      const given = needs();
      const source = aLog(2);
      const pulling = startPulling({ ...given, source });
      await isRead();
      await pulling.stop();

      expect(given.log.lines.filter(({ level }) => level === 'warn')).toHaveLength(2);
      expect(await kept()).toHaveLength(3);
    });

    test('a process whose place is not the latest one keeps nothing', async () => {
      const inbox = createEventInbox(redis());
      const at = { text: 'x', cameAtMs: 1 };

      expect(await inbox.keepPulled('prod', 'audit', { ...at, from: undefined, cursor: 'b' })).toBe('kept');
      expect(await inbox.keepPulled('prod', 'audit', { ...at, from: undefined, cursor: 'c' })).toBe('stale');
      expect(await inbox.keepPulled('prod', 'audit', { ...at, from: 'b', cursor: 'd' })).toBe('kept');
      expect(await kept()).toHaveLength(2);
    });

    test('status is told what is wrong with a log until it is well again', async () => {
      const inbox = createEventInbox(redis());
      const pieces: (() => Pulled)[] = [
        () => { throw new SourceFailed('forbidden', 'it may not be read'); },
        () => ({ text: '', cursor: '1', problem: 'a part is damaged' }),
        () => ({ text: 'x', cursor: '2' }),
      ];
      const problems: (string | undefined)[] = [];
      const source: EventPull = {
        async pull() {
          problems.push(await inbox.problem('prod', 'audit'));
          return pieces.shift()?.();
        },
      };
      const pulling = startPulling({ ...needs(), source });
      await until(async () => problems.length >= 4);
      await pulling.stop();

      expect(problems.slice(0, 4)).toEqual([undefined, 'it may not be read', 'a part is damaged', undefined]);
    });

    test('what there is no room for is read again, and status says so', async () => {
      const given = needs();
      const { inbox } = given;
      let [isFull, times] = [true, 0];
      const refused = () => {
        times += 1;
        return 'full' as const;
      };
      const pulling = startPulling({ ...given, source: aLog(), inbox: { ...inbox, keepPulled: (...piece) => (isFull ? Promise.resolve(refused()) : inbox.keepPulled(...piece)) } });
      await until(async () => times >= 3 && (await inbox.problem('prod', 'audit')) === 'no room for what comes');
      isFull = false;
      await isRead();
      await pulling.stop();

      expect(given.log.texts('warn')).toEqual(['there is no room for what a log says; it is read again']);
      expect(await kept()).toHaveLength(3);
      expect(await inbox.problem('prod', 'audit')).toBeUndefined();
    });
  });
});
