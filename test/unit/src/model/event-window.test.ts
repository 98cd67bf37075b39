import { describe, expect, test } from '@jest/globals';
import { createEventWindow } from '#src/model/event-window.ts';

const WINDOW_MS = 60_000;

describe('src/model/event-window.ts', () => {
  test('tells once that there are more than the limit', () => {
    const window = createEventWindow({ windowMs: WINDOW_MS });

    expect([0, 1, 2, 3, 4].map((second) => window.add('jo', second * 1000, 2))).toEqual([undefined, undefined, 3, undefined, undefined]);
  });

  test('tells again when the window has passed', () => {
    const window = createEventWindow({ windowMs: WINDOW_MS });

    expect([0, 1, 2, 70, 71, 72].map((second) => window.add('jo', second * 1000, 2))).toEqual([undefined, undefined, 3, undefined, undefined, 3]);
  });

  test('forgets what is older than the window, to the millisecond', () => {
    const window = createEventWindow({ windowMs: WINDOW_MS });

    expect([0, 30_000, 60_000].map((ms) => window.add('within', ms, 2))).toEqual([undefined, undefined, 3]);
    expect([0, 30_000, 60_001].map((ms) => window.add('without', ms, 2))).toEqual([undefined, undefined, undefined]);
  });

  test('takes events in any order within the window', () => {
    const window = createEventWindow({ windowMs: WINDOW_MS });

    expect([50_000, 10_000, 30_000].map((ms) => window.add('jo', ms, 2))).toEqual([undefined, undefined, 3]);
  });

  test('counts the same once where only different ones matter', () => {
    const window = createEventWindow({ windowMs: WINDOW_MS, distinct: true });

    expect(['a', 'a', 'b', 'a', 'c'].map((what, second) => window.add('jo', second * 1000, 2, what))).toEqual([undefined, undefined, undefined, undefined, 3]);
  });

  test('counts each key for itself', () => {
    const window = createEventWindow({ windowMs: WINDOW_MS });

    expect(['jo', 'kim', 'jo', 'kim'].map((user) => window.add(user, 0, 2))).toEqual([undefined, undefined, undefined, undefined]);
  });

  test('an event without a time counts as of the latest', () => {
    const window = createEventWindow({ windowMs: WINDOW_MS });
    window.add('somebody', 500_000, 2);

    expect([500_000, undefined, 520_000].map((ms) => window.add('jo', ms, 2))).toEqual([undefined, undefined, 3]);
  });

  test('whoever was quiet longest is forgotten when there are too many', () => {
    const window = createEventWindow({ windowMs: WINDOW_MS });
    window.add('quiet', 0, 1);
    window.add('loud', 0, 2);
    for (let index = 0; index < 9_998; index += 1) window.add(`user-${index}`, 0, 1);
    window.add('loud', 0, 2);
    window.add('one more', 0, 1);

    expect(window.add('quiet', 0, 1)).toBeUndefined();
    expect(window.add('loud', 0, 2)).toBe(3);
  });
});
