import { describe, expect, test } from '@jest/globals';
import { createClock } from '#src/sandbox/slack/control/clock.ts';
import { afterTest, START } from '../support/slack.ts';

function manualClock(): ReturnType<typeof createClock> {
  const clock = createClock('manual', START);
  afterTest(clock.stop);
  return clock;
}

describe('src/sandbox/slack/control/clock.ts', () => {
  test('a manual clock stands still until it is moved', async () => {
    const clock = manualClock();
    const before = clock.now();

    await clock.advance(90_000);

    expect(before).toEqual(START);
    expect(clock.nowMs()).toBe(START.getTime() + 90_000);
  });

  test('runs what falls due in its order, each at its time, and what that schedules in turn', async () => {
    const clock = manualClock();
    const ran: (readonly [string, number])[] = [];
    const note = (name: string) => ran.push([name, clock.nowMs() - START.getTime()]);
    clock.after(200, () => note('second'));
    clock.after(100, () => {
      note('first');
      clock.after(50, () => note('between'));
    });
    clock.after(1001, () => note('too late'));

    await clock.advance(1000);

    expect(ran).toEqual([['first', 100], ['between', 150], ['second', 200]]);
  });

  test('does not run what was canceled', async () => {
    const clock = manualClock();
    let ran = false;

    clock.after(10, () => void (ran = true))();
    await clock.advance(100);

    expect(ran).toBe(false);
  });

  test('a running clock can be moved as well', async () => {
    const clock = createClock('running', START);
    afterTest(clock.stop);
    let ran = false;
    clock.after(3_600_000, () => void (ran = true));

    await clock.advance(3_600_000);

    expect(ran).toBe(true);
    expect(clock.nowMs()).toBeGreaterThanOrEqual(START.getTime() + 3_600_000);
  });
});
