import type { Clock } from '#src/model/clock.ts';
import type { EventInbox, EventPull, Feed } from '#src/model/event-intake.ts';
import type { Log } from '#src/model/log.ts';
import { SourceFailed } from '#src/model/people.ts';
import { startHeldLoop, type HeldLoop } from './held-loop.ts';

export interface PullNeeds {
  readonly cluster: string;
  readonly feed: Feed;
  readonly source: EventPull;
  readonly inbox: Pick<EventInbox, 'cursor' | 'hold' | 'keepPulled' | 'problem' | 'release' | 'tellProblem'>;
  readonly clock: Clock;
  readonly log: Log;
  /** How long to wait when there is nothing new; after faults longer and longer. */
  readonly pauseMs?: number;
}

const PAUSE_MS = 1000;

/** Reads one log into the inbox, piece by piece. Of several processes one reads it at a time, and of a piece that two have read one is kept. */
export function startPulling({ cluster, feed, source, inbox, clock, log, pauseMs = PAUSE_MS }: PullNeeds): HeldLoop {
  /** Whether what the status shows may be old. */
  let isUnsure = true;
  let wasFull = false;
  /** Status shows what is wrong until it is well again. */
  const tell = async (problem: string): Promise<void> => {
    if (problem !== ((await inbox.problem(cluster, feed)) ?? '')) await inbox.tellProblem(cluster, feed, problem);
  };
  const step = async (signal: AbortSignal): Promise<boolean> => {
    const from = await inbox.cursor(cluster, feed);
    const pulled = await source.pull(from, signal);
    const outcome = pulled === undefined ? 'nothing' : await inbox.keepPulled(cluster, feed, { ...pulled, from, cameAtMs: clock.now().getTime() });
    // Said once: it is tried each second, and may last for hours.
    if (outcome === 'full' && !wasFull) log.warn({ cluster, feed }, 'there is no room for what a log says; it is read again');
    // Where another process has moved on, this one reads on from there at once.
    if (pulled !== undefined || isUnsure) await tell(outcome === 'full' ? 'no room for what comes' : (pulled?.problem ?? ''));
    wasFull = outcome === 'full';
    isUnsure = wasFull;
    return outcome === 'kept' || outcome === 'stale';
  };
  return startHeldLoop({
    name: `${cluster}/pull/${feed}`,
    inbox,
    step,
    pauseMs,
    async onFault(error) {
      isUnsure = true;
      log.warn({ cluster, feed, error }, 'a log could not be read; trying again');
      await tell(error instanceof SourceFailed ? error.message : 'it cannot be read; the log of the bot says why').catch((failed: unknown) => log.warn({ cluster, feed, error: failed }, 'a problem with a log could not be kept'));
    },
    onReleaseFault: (error) => log.debug({ cluster, feed, error }, 'a log was not handed over; its hold runs out'),
  });
}
