import type { Clock } from '#src/model/clock.ts';

/** Everything time-based in the stand-in asks this clock, so that a test can let hours pass at once. */
export interface SandboxClock extends Clock {
  readonly nowMs: () => number;
  /** Runs once, after so long on this clock; the result cancels it. */
  readonly after: (ms: number, run: () => void) => () => void;
  /** Moves the clock on and runs what falls due, in order, with the rest of the process given a turn before and after each. */
  readonly advance: (ms: number) => Promise<void>;
  /** Forgets everything scheduled. */
  readonly stop: () => void;
}

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

/** `running` goes with the machine's clock and can also be moved; `manual` stands still until it is moved. */
export function createClock(mode: 'running' | 'manual', start: Date = new Date()): SandboxClock {
  const timers = new Set<Timer>();
  const startedAt = performance.now();
  let skipped = 0;
  let wake: NodeJS.Timeout | undefined;
  const nowMs = () => start.getTime() + skipped + (mode === 'running' ? Math.floor(performance.now() - startedAt) : 0);

  function nextDue(until: number): Timer | undefined {
    const due = [...timers].filter(({ at }) => at <= until);
    return due.reduce<Timer | undefined>((first, timer) => (first === undefined || timer.at < first.at ? timer : first), undefined);
  }

  function runDue(): void {
    for (let timer = nextDue(nowMs()); timer !== undefined; timer = nextDue(nowMs())) {
      timers.delete(timer);
      timer.run();
    }
    arm();
  }

  function arm(): void {
    clearTimeout(wake);
    const next = nextDue(Infinity);
    if (mode === 'manual' || next === undefined) return;
    wake = setTimeout(runDue, Math.max(1, next.at - nowMs()));
    wake.unref();
  }

  return {
    now: () => new Date(nowMs()),
    nowMs,
    after(ms, run) {
      const timer = { at: nowMs() + ms, run };
      timers.add(timer);
      arm();
      return () => {
        timers.delete(timer);
        arm();
      };
    },
    async advance(ms) {
      await turn();
      const target = nowMs() + ms;
      for (let timer = nextDue(target); timer !== undefined; timer = nextDue(target)) {
        timers.delete(timer);
        skipped += Math.max(0, timer.at - nowMs());
        timer.run();
        await turn();
      }
      skipped += Math.max(0, target - nowMs());
      await turn();
      arm();
    },
    stop() {
      timers.clear();
      clearTimeout(wake);
    },
  };
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
