import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { EventInbox } from '#src/model/event-intake.ts';
import { keepHolding } from './keep-holding.ts';

export interface HeldLoopNeeds {
  /** What is held: one process at a time does it. */
  readonly name: string;
  readonly inbox: Pick<EventInbox, 'hold' | 'release'>;
  /** Whether there may be more to do at once. */
  readonly step: (signal: AbortSignal) => Promise<boolean>;
  /** Called with what a step threw, unless it was stopped. It is tried again. */
  readonly onFault: (error: unknown) => unknown;
  readonly onReleaseFault: (error: unknown) => void;
  /** How long to wait when there is nothing to do; after faults longer and longer. */
  readonly pauseMs: number;
  /** After the death of its process, another one goes on within this time. */
  readonly holdMs?: number;
}

export interface HeldLoop {
  readonly stop: () => Promise<void>;
}

const MAX_PAUSE_MS = 60_000;
/** Unless two pauses are longer. */
const HOLD_MS = 15_000;

/** Does something again and again in one of several processes, until it is stopped. */
export function startHeldLoop({ name, inbox, step, onFault, onReleaseFault, pauseMs, holdMs = Math.max(HOLD_MS, 2 * pauseMs) }: HeldLoopNeeds): HeldLoop {
  const owner = randomUUID();
  const stopping = new AbortController();
  const { signal } = stopping;
  const pause = (ms: number) => wait(ms, undefined, { signal }).catch(() => undefined);
  const hold = () => inbox.hold(name, owner, holdMs);
  const stepHeld = async (): Promise<boolean> => {
    const holding = keepHolding(hold, holdMs);
    try {
      return await step(signal);
    } finally {
      await holding.stop();
    }
  };
  const work = async (): Promise<void> => {
    let faults = 0;
    while (!signal.aborted) {
      try {
        const isMore = (await hold()) && (await stepHeld());
        faults = 0;
        if (!isMore) await pause(pauseMs);
      } catch (error) {
        if (!stopping.signal.aborted) await onFault(error);
        await pause(Math.max(pauseMs, Math.min(MAX_PAUSE_MS, pauseMs * 2 ** faults)));
        faults += 1;
      }
    }
    await inbox.release(name, owner).catch(onReleaseFault);
  };
  const ended = work();
  return {
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}
