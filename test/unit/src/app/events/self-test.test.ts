import { describe, expect, test } from '@jest/globals';
import { createSelfTester, marksHealth, startMarking, troubleOf } from '#src/app/events/self-test.ts';
import { ClusterUnreachable, readOnlyCluster } from '#src/model/clusters.ts';
import type { SelfTest } from '#src/model/self-test.ts';
import { createMovedClock } from '#test/fakes/clock.ts';
import { createKeptLog } from '#test/fakes/log.ts';
import { until } from '#test/build/queue.ts';
import { sourceOf } from '#test/fakes/source.ts';

const NEVER = new AbortController().signal;
const MINUTE_MS = 60_000;
const NOW = new Date('2026-11-23T12:00:00Z');
const ago = (minutes: number) => NOW.getTime() - minutes * MINUTE_MS;

function world() {
  const clock = createMovedClock();
  const log = createKeptLog();
  const done: string[] = [];
  const state = { isAway: false, leftMs: undefined as number | undefined };
  const tests = {
    of: (): Promise<SelfTest> => Promise.resolve(state.leftMs === undefined ? {} : { leftMs: state.leftMs }),
    announce: async (cluster: string, mark: string) => void done.push(`announce ${cluster} ${mark}`),
    left: async (_cluster: string, atMs: number) => {
      state.leftMs = atMs;
      done.push('left');
    },
  };
  const leaveMark = async (mark: string) => void done.push(`leave ${mark}`);
  const open = () => (state.isAway ? Promise.reject(new ClusterUnreachable('away')) : Promise.resolve({ ...readOnlyCluster(sourceOf([])), leaveMark, close: () => done.push('close') }));
  const needs = { cluster: 'prod', clusters: { open }, tests, clock, log };
  return { clock, log, state, done, needs, selfTest: createSelfTester(needs) };
}

describe('src/app/events/self-test.ts', () => {
  test('a mark is announced before it is left, another one each time, and every fifteen minutes', async () => {
    const { clock, done, selfTest } = world();
    for (let minute = 0; minute < 30; minute += 1) {
      expect(await selfTest(NEVER)).toMatchObject({ leftMs: expect.any(Number) });
      clock.advance(MINUTE_MS);
    }

    const marks = [...new Set(done.flatMap((what) => /[\da-f]{32}/.exec(what)?.[0] ?? []))];
    expect(marks).toHaveLength(2);
    expect(done).toEqual(marks.flatMap((mark) => [`announce prod ${mark}`, `leave ${mark}`, 'close', 'left']));
  });

  test('what could not be left is not missed, is no warning, and is tried again', async () => {
    const { log, state, done, selfTest } = world();
    state.isAway = true;
    expect(await selfTest(NEVER)).toEqual({});
    expect(log.texts('warn')).toEqual([]);

    state.isAway = false;
    await selfTest(NEVER);

    expect(done.at(-1)).toBe('left');
  });

  test('a cluster without a feed of its own is marked by one process at a time', async () => {
    const { done, needs } = world();
    let holder: string | undefined;
    const inbox = {
      hold: (name: string, owner: string) => Promise.resolve(name === 'prod/marks' && (holder ??= owner) === owner),
      release: async () => void (holder = undefined),
    };
    const loops = [startMarking({ ...needs, inbox }), startMarking({ ...needs, inbox })];
    await until(() => done.includes('left'));
    await Promise.all(loops.map((loop) => loop.stop()));

    expect(done.filter((what) => what === 'left')).toHaveLength(1);
  });

  test.each<[what: string, test: SelfTest, expected: object]>([
    ['nothing was left yet', {}, {}],
    ['a mark is under way', { leftMs: ago(5), missingSinceMs: ago(5) }, {}],
    ['no mark ever came back', { leftMs: ago(5), missingSinceMs: ago(65) }, { text: expect.stringContaining('nobody knows') }],
    ['the last one came back', { leftMs: ago(5), backMs: ago(4) }, { text: 'the bot’s own requests come back' }],
    ['the last one is under way', { leftMs: ago(5), missingSinceMs: ago(5), backMs: ago(19) }, { text: 'the bot’s own requests come back' }],
    ['several are missing', { leftMs: ago(5), missingSinceMs: ago(80), backMs: ago(94) }, { fault: 'the bot’s own requests have not come back for 80 min' }],
    ['one of another cluster came', { leftMs: ago(5), backMs: ago(4), foreign: { cluster: 'staging', atMs: ago(3) } }, { fault: 'has requests that the bot made in staging' }],
    ['one of another cluster came yesterday', { leftMs: ago(5), backMs: ago(4), foreign: { cluster: 'staging', atMs: ago(1500) } }, { text: 'the bot’s own requests come back' }],
  ])('the status when %s', (_, known, expected) => {
    expect(marksHealth(known, NOW)).toEqual(expected);
  });

  test.each<[what: string, test: SelfTest, over: Partial<Parameters<typeof troubleOf>[1]>, expected: object]>([
    ['marks are missing for an hour', { backMs: 1, missingSinceMs: ago(60) }, {}, { missingSinceMs: ago(60) }],
    ['marks are missing for less', { backMs: 1, missingSinceMs: ago(59) }, {}, {}],
    ['events have come for less', { backMs: 1, missingSinceMs: ago(90) }, { sinceMs: ago(59) }, {}],
    ['it is told', { backMs: 1, missingSinceMs: ago(60) }, { told: { missingSinceMs: ago(60) } }, {}],
    ['an earlier time was told', { backMs: 1, missingSinceMs: ago(60) }, { told: { missingSinceMs: ago(600) } }, { missingSinceMs: ago(60) }],
    ['another cluster comes', { foreign: { cluster: 'staging', atMs: ago(1) } }, {}, { foreign: { cluster: 'staging', day: '2026-11-23' } }],
    ['another cluster comes, as is told', { foreign: { cluster: 'staging', atMs: ago(1) } }, { told: { foreign: { cluster: 'staging', day: '2026-11-23' } } }, {}],
    ['another cluster comes that is not told', { foreign: { cluster: 'dev', atMs: ago(1) } }, { told: { foreign: { cluster: 'staging', day: '2026-11-23' } } }, { foreign: { cluster: 'dev', day: '2026-11-23' } }],
    ['another cluster does not come any more', { foreign: { cluster: 'staging', atMs: ago(61) } }, {}, {}],
  ])('what is to be told when %s', (_, known, over, expected) => {
    expect(troubleOf(known, { now: NOW.getTime(), sinceMs: ago(6000), told: undefined, ...over })).toEqual(expected);
  });
});
