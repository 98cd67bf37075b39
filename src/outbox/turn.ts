import type { Clock } from '#src/model/clock.ts';
import type { Place } from '#src/model/courier.ts';
import type { Log } from '#src/model/log.ts';
import type { MessageRow, MessageRows, Pace } from '#src/model/message-row.ts';

export interface TurnDeps {
  readonly rows: MessageRows;
  readonly pace: Pace;
  readonly clock: Clock;
  readonly log: Log;
  /** Wakes the delivery to another channel. */
  readonly wake: (channel: string) => Promise<void>;
}

interface Ready {
  readonly row: MessageRow;
  /** Where the message above it stands. */
  readonly thread?: Place;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** What to send next, or in how many milliseconds to look again; undefined when there is nothing left. */
export type Turn = Pick<Ready, 'row' | 'thread'> | { readonly waitMs: number } | undefined;

/** One message is changed at most this often, less often when many show progress at once. */
const CHANGE_EVERY_MS = 3000;
const CHANGE_SHARE_MS = 2000;
/** Within a second of a decision its buttons are gone. */
const DECISION_EVERY_MS = 400;

/**
 * Posts go out in the order in which they were asked for. Changes of messages that stand already do not wait for posts, nor posts
 * for them, except that a thread waits until the message above it shows its result.
 */
export async function nextTurn(channel: string, deps: TurnDeps): Promise<Turn> {
  for (;;) {
    const now = deps.clock.now().getTime();
    const readiness: (Ready | undefined)[] = [];
    for (const row of await deps.rows.work(channel)) {
      const ready = await readinessOf(row, now, deps);
      if (ready !== undefined && ready.at <= now) return ready;
      readiness.push(ready);
    }
    // What has just left the channel made room for the next post, which has not been looked at.
    if (readiness.includes(undefined)) continue;
    const soonest = Math.min(...readiness.map((ready) => ready?.at ?? Infinity));
    return soonest === Infinity ? undefined : { waitMs: soonest - now };
  }
}

function readinessOf(row: MessageRow, now: number, deps: TurnDeps): Promise<Ready | undefined> {
  return row.place === undefined ? whenToPost(row, now, deps) : whenToChange(row, now, deps);
}

/** Undefined when it is not this channel's to post any more. */
async function whenToPost(row: MessageRow, now: number, deps: TurnDeps): Promise<Ready | undefined> {
  const { rows, pace, log, wake } = deps;
  const at = Math.max(row.notBefore, await pace.postAt(row.channel), await pace.pausedUntil(row.channel));
  if (row.thread === undefined) return { row, at };
  const above = await rows.get(row.thread);
  if (above === undefined || (above.state === 'failed' && above.place === undefined)) {
    log.warn({ message: row.id, thread: row.thread }, 'a message is not sent, because the one above it was not');
    await rows.settle(row, { state: 'failed' });
    return undefined;
  }
  if (above.channel !== row.channel) {
    await rows.retarget(row, above.channel);
    await wake(above.channel);
    return undefined;
  }
  if (above.place === undefined || isBehind(above)) return readinessOf(above, now, deps);
  return { row, thread: above.place, at };
}

/** It does not show its result yet. */
function isBehind({ urgency, state, sentVersion, version }: MessageRow): boolean {
  return urgency !== 'progress' && state !== 'failed' && sentVersion < version;
}

async function whenToChange(row: MessageRow, now: number, { pace }: TurnDeps): Promise<Ready> {
  const at = Math.max(row.notBefore, row.sentAt + (await intervalMs(row, now, pace)), await pace.pausedUntil('chat.update'));
  return { row, at: at > now ? at : now + (await pace.takeUpdates(1 + row.copies.length, row.urgency, now)) };
}

async function intervalMs({ id, urgency }: MessageRow, now: number, pace: Pace): Promise<number> {
  if (urgency === 'decision') return DECISION_EVERY_MS;
  return urgency === 'result' ? CHANGE_EVERY_MS : Math.max(CHANGE_EVERY_MS, CHANGE_SHARE_MS * (await pace.live(id, now)));
}
