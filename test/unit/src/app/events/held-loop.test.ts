import { describe, expect, test } from '@jest/globals';
import { startHeldLoop } from '#src/app/events/held-loop.ts';
import { until } from '#test/build/queue.ts';

const NAME = 'prod/pull/audit';

/** Holds that do not end by themselves; what was asked for them, in order. */
function holdsOf(isFree: () => boolean = () => true) {
  const asked: string[] = [];
  return {
    asked,
    inbox: {
      hold: (name: string, _owner: string, ms: number) => {
        asked.push(`hold ${name} ${ms}`);
        return Promise.resolve(isFree());
      },
      release: (name: string) => {
        asked.push(`release ${name}`);
        return Promise.resolve();
      },
    },
  };
}

function looping(inbox: ReturnType<typeof holdsOf>['inbox'], step: () => Promise<boolean>) {
  const faults: unknown[] = [];
  const keep = (error: unknown): void => void faults.push(error);
  return { faults, loop: startHeldLoop({ name: NAME, inbox, step, onFault: keep, onReleaseFault: keep, pauseMs: 1, holdMs: 3 }) };
}

describe('src/app/events/held-loop.ts', () => {
  test('the hold is renewed during a step that takes longer than it lasts, and given back after it', async () => {
    const { asked, inbox } = holdsOf();
    let [begun, isOver] = [0, false];
    const { faults, loop } = looping(inbox, async () => {
      begun += 1;
      await until(() => asked.length > 4);
      isOver = true;
      return false;
    });
    await until(() => begun > 0);
    await loop.stop();

    expect([begun, isOver, faults]).toEqual([1, true, []]);
    expect(new Set(asked.slice(0, -1))).toEqual(new Set([`hold ${NAME} 3`]));
    expect(asked.at(-1)).toBe(`release ${NAME}`);
  });

  test('nothing is done as long as another process has it', async () => {
    let isFree = false;
    const { asked, inbox } = holdsOf(() => isFree);
    let steps = 0;
    const { loop } = looping(inbox, async () => {
      steps += 1;
      return false;
    });
    await until(() => asked.length > 3);
    expect(steps).toBe(0);
    isFree = true;
    await until(() => steps > 0);
    await loop.stop();
  });

  test('a step that failed is told of and tried again', async () => {
    const { asked, inbox } = holdsOf();
    let steps = 0;
    const { faults, loop } = looping(inbox, async () => {
      steps += 1;
      if (steps === 1) throw new Error('away');
      return false;
    });
    await until(() => steps > 1);
    await loop.stop();

    expect(faults).toEqual([new Error('away')]);
    expect(asked.at(-1)).toBe(`release ${NAME}`);
  });
});
