import type { Clock } from '#src/model/clock.ts';
import type { Place } from '#src/model/courier.ts';
import type { MessageRow, MessageRows, Pace } from '#src/model/message-row.ts';

interface TurnDeps {
  readonly rows: MessageRows;
  readonly pace: Pace;
  readonly clock: Clock;
  readonly wake: (channel: string) => Promise<void>;
}

/** What to send next, or when to look again; undefined when there is nothing left. */
export type Turn = { readonly row: MessageRow; readonly thread?: Place } | { readonly at: number } | undefined;

interface Ready {
  readonly at: number;
  readonly thread?: Place;
}

/** One message is changed at most this often, less often when many show progress at once. */
const UPDATE_EVERY_MS = 3000;
const UPDATE_SHARE_MS = 2000;
const PARENT_WAIT_MS = 500;

/**
 * Posts go out in the order in which they were asked for. Changes of messages that stand already do not wait for posts, nor posts
 * for them, except that a thread waits until the message above it shows its result.
 */
export async function nextTurn(channel: string, deps: TurnDeps): Promise<Turn> {
  const now = deps.clock.now().getTime();
  let postsWait = false;
  let soonest: number | undefined;
  for (const row of await deps.rows.work(channel)) {
    const isPost = row.place === undefined;
    if (isPost && postsWait) continue;
    const ready = isPost ? await whenToPost(row, now, deps) : await whenToUpdate(row, now, deps);
    if (ready === undefined) continue;
    if (ready.at <= now) return { row, ...(ready.thread && { thread: ready.thread }) };
    soonest = Math.min(soonest ?? Infinity, ready.at);
    if (isPost) postsWait = true;
  }
  return soonest === undefined ? undefined : { at: soonest };
}

/** Undefined when it is not this channel's to post any more. */
async function whenToPost(row: MessageRow, now: number, { rows, pace, wake }: TurnDeps): Promise<Ready | undefined> {
  const paced = Math.max(row.notBefore, await pace.postAt(row.channel), await pace.pausedUntil(row.channel));
  if (row.thread === undefined) return { at: paced };
  const parent = await rows.get(row.thread);
  if (parent === undefined || (parent.state === 'failed' && parent.place === undefined)) {
    await rows.settle(row.id, { state: 'failed' });
    return undefined;
  }
  if (parent.channel !== row.channel) {
    await rows.retarget(row.id, parent.channel);
    await wake(parent.channel);
    return undefined;
  }
  if (parent.place === undefined || isBehind(parent)) return { at: Math.max(paced, now + PARENT_WAIT_MS) };
  return { at: paced, thread: parent.place };
}

/** It does not show its result yet. */
function isBehind({ urgency, state, sentVersion, version }: MessageRow): boolean {
  return urgency === 'result' && state !== 'failed' && sentVersion < version;
}

async function whenToUpdate(row: MessageRow, now: number, { pace }: TurnDeps): Promise<Ready> {
  const live = row.urgency === 'progress' ? await pace.live(row.id, now) : 1;
  const interval = Math.max(UPDATE_EVERY_MS, UPDATE_SHARE_MS * live);
  const at = Math.max(row.notBefore, row.sentAt + interval, await pace.pausedUntil('chat.update'));
  if (at > now) return { at };
  return { at: now + (await pace.takeUpdate(row.urgency, now)) };
}
