import { describe, expect, test } from '@jest/globals';
import { startEventWork } from '#src/app/events/work.ts';
import { emptyActivity } from '#src/events/activity.ts';
import type { BatchJudge, JudgedBatch } from '#src/events/judge-batch.ts';
import type { BatchCounts, EventBatch, EventInbox } from '#src/model/event-intake.ts';
import { createMovedClock } from '#test/fakes/clock.ts';
import { createKeptLog } from '#test/fakes/log.ts';
import { until } from '#test/build/queue.ts';

const CLUSTER = 'prod-eu';

/** Holds batches in memory, and counts what was settled. */
function inboxOf(texts: readonly string[], ofLate: readonly string[]) {
  const batchesOf = (some: readonly string[]) => some.map((text, index): EventBatch => ({ id: String(index), feed: 'falco', cameAtMs: 0, text, bytes: 1 }));
  const waiting = batchesOf(texts);
  const settled: BatchCounts[] = [];
  const holds = { answers: new Array<boolean | Error>(), asked: 0 };
  const inbox: Pick<EventInbox, 'hold' | 'release' | 'next' | 'ofLate' | 'settle'> = {
    hold() {
      holds.asked += 1;
      const answer = holds.answers.shift() ?? true;
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
    release: () => Promise.resolve(),
    next: () => Promise.resolve(waiting[0]),
    async *ofLate() {
      yield* batchesOf(ofLate);
    },
    settle(_cluster, _batch, counts) {
      waiting.shift();
      settled.push(counts);
      return Promise.resolve();
    },
  };
  return { inbox: inbox as EventInbox, settled, holds };
}

/** Takes a text that it has seen for a repeat, as real ones do. */
function beginJudge(): BatchJudge {
  const seen = new Set<string>();
  return ({ text }): JudgedBatch => {
    const nothing = { events: 0, malformed: [], lost: 0, undecided: [], alarms: [], flows: [], marks: text === undefined ? [] : [text], activity: emptyActivity() };
    if (text === undefined) return { ...nothing, lost: 1 };
    if (text === 'poison') throw new RangeError('no such time');
    const isNew = !seen.has(text);
    seen.add(text);
    return { ...nothing, events: isNew ? 1 : 0 };
  };
}

async function workOn(texts: readonly string[], { ofLate = [], faults = 0, answers = [], holdMs, during = () => Promise.resolve() }: { readonly ofLate?: readonly string[]; readonly faults?: number; readonly answers?: readonly (boolean | Error)[]; readonly holdMs?: number; readonly during?: (holds: { readonly asked: number }) => Promise<void> } = {}) {
  const { inbox, settled, holds } = inboxOf(texts, ofLate);
  const told: number[] = [];
  const marks: string[] = [];
  const log = createKeptLog();
  let left = faults;
  holds.answers.push(...answers);
  const { promise: done, resolve } = Promise.withResolvers<void>();
  const work = startEventWork({
    cluster: CLUSTER,
    inbox,
    activity: { add: () => Promise.resolve(0) },
    beginJudge,
    connections: {
      async see() {
        left -= 1;
        if (left >= 0) throw new Error('away');
        await during(holds);
        return [];
      },
      rest() {
        if (settled.length === texts.length) resolve();
        return Promise.resolve();
      },
      stop: () => Promise.resolve(),
    },
    selfTests: {
      came(_cluster, came) {
        marks.push(...came);
        return Promise.resolve();
      },
    },
    tell(alarms) {
      told.push(alarms.length);
      return Promise.resolve();
    },
    clock: createMovedClock(),
    log,
    pauseMs: 1,
    ...(holdMs !== undefined && { holdMs }),
  });
  await done;
  await work.stop();
  return { settled, told, marks, log };
}

describe('src/app/events/work.ts', () => {
  test('batches are settled one after the other', async () => {
    const { settled } = await workOn(['a', 'b']);

    expect(settled).toEqual([{ events: 1, malformed: 0, lost: 0 }, { events: 1, malformed: 0, lost: 0 }]);
  });

  test('what was settled of late is known to a process that begins, and is neither told nor counted again', async () => {
    const { settled, marks, log } = await workOn(['a', 'b'], { ofLate: ['a', 'poison'] });

    expect(settled).toEqual([{ events: 0, malformed: 0, lost: 0 }, { events: 1, malformed: 0, lost: 0 }]);
    expect(marks).toEqual(['a', 'b']);
    expect(log.texts('error')).toEqual([]);
  });

  test('marks of the bot in a batch are told with it', async () => {
    expect((await workOn(['a', 'b'])).marks).toEqual(['a', 'b']);
  });

  test('what could not be recorded is judged once and recorded again', async () => {
    const { settled } = await workOn(['a'], { faults: 2 });

    expect(settled).toEqual([{ events: 1, malformed: 0, lost: 0 }]);
  });

  test.each<[what: string, answer: boolean | Error]>([
    ['while its store is away as well', new Error('away')],
    ['and another process has it for a moment', false],
  ])('a batch that cannot be recorded %s is judged as if it had never been seen', async (_, answer) => {
    const { settled } = await workOn(['a'], { faults: 1, answers: [true, answer] });

    expect(settled).toEqual([{ events: 1, malformed: 0, lost: 0 }]);
  });

  test('a batch that takes longer than the hold lasts stays with the process that has it', async () => {
    const { settled } = await workOn(['a'], { holdMs: 3, during: (holds) => until(() => holds.asked > 4) });

    expect(settled).toEqual([{ events: 1, malformed: 0, lost: 0 }]);
  });

  test('a batch that another process has taken over meanwhile is not settled by this one', async () => {
    let isFirst = true;
    const { settled, told } = await workOn(['a'], {
      holdMs: 3,
      answers: [true, false],
      async during(holds) {
        if (!isFirst) return;
        isFirst = false;
        await until(() => holds.asked > 2);
      },
    });

    expect(told).toHaveLength(2);
    expect(settled).toEqual([{ events: 1, malformed: 0, lost: 0 }]);
  });

  test('a batch that cannot be judged counts as lost, and those after it are seen', async () => {
    const { settled, log } = await workOn(['poison', 'b']);

    expect(settled).toEqual([{ events: 0, malformed: 0, lost: 1 }, { events: 1, malformed: 0, lost: 0 }]);
    expect(log.texts('error')).toEqual(['a batch of events could not be judged and counts as lost']);
  });

  test('a batch that can never be recorded is given up, so that others are seen', async () => {
    const { settled } = await workOn(['a', 'b'], { faults: 5 });

    expect(settled).toEqual([{ events: 1, malformed: 0, lost: 1 }, { events: 1, malformed: 0, lost: 0 }]);
  });
});
